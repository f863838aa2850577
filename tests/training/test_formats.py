"""Training files of every vendor: read, told apart by name, checked and priced."""

import json
from datetime import date

import pytest
from click.testing import CliRunner

from advisor.cli import main
from advisor.errors import BadTrainingFile
from advisor.report.training_file import findings, headline
from advisor.report.training_json import check_json
from advisor.training.check import check_training_file
from advisor.training.jobs import price_jobs, takes
from pricing.offers import offers
from tests.training.files import chat, jsonl

TODAY = date(2026, 11, 30)
THINGS = ("late parcel", "broken lamp", "wrong invoice", "lost key", "double charge", "torn jacket")
THINGS += (
    "cold soup",
    "missing screw",
    "loud neighbour",
    "flat tyre",
    "spilled paint",
    "old ticket",
)
SYSTEM = "You are the desk of a repair shop. Be brief and never promise a date."


def asked(thing):
    return f"A client reports a {thing}"


def answer(thing):
    return f"Sorry about the {thing}; please send us a photo of it and your number."


def user(content):
    return {"role": "user", "content": content}


def assistant(content):
    return {"role": "assistant", "content": content}


def nova(thing):
    return {
        "schemaVersion": "bedrock-conversation-2024",
        "system": [{"text": SYSTEM}],
        "messages": [user([{"text": asked(thing)}]), assistant([{"text": answer(thing)}])],
    }


def claude(thing):
    return {"system": SYSTEM, "messages": [user(asked(thing)), assistant(answer(thing))]}


def gemini(thing):
    return {
        "systemInstruction": {"role": "system", "parts": [{"text": SYSTEM}]},
        "contents": [
            {"role": "user", "parts": [{"text": asked(thing)}]},
            {"role": "model", "parts": [{"text": answer(thing)}]},
        ],
    }


def sharegpt(thing):
    return {
        "conversations": [
            {"from": "system", "value": SYSTEM},
            {"from": "human", "value": asked(thing)},
            {"from": "gpt", "value": answer(thing)},
        ]
    }


def alpaca(thing):
    return {"instruction": asked(thing), "input": "", "output": answer(thing), "system": SYSTEM}


def cohere(thing):
    return {
        "messages": [
            {"role": "System", "content": SYSTEM},
            {"role": "User", "content": asked(thing)},
            {"role": "Chatbot", "content": answer(thing)},
        ]
    }


def openai(thing):
    return chat(asked(thing), answer(thing), SYSTEM)


def checked(*rows):
    return check_training_file(jsonl(*rows), "train.jsonl")


@pytest.mark.parametrize(
    ("write", "form"),
    [
        (openai, "chat"),
        (nova, "Bedrock conversation"),
        (claude, "system beside messages"),
        (gemini, "Gemini"),
        (sharegpt, "ShareGPT"),
        (alpaca, "Alpaca"),
        (cohere, "Cohere chat"),
    ],
)
def test_a_format_is_told_by_name_and_comes_to_the_same_as_openais(write, form):
    same, found = (checked(*map(one, THINGS)) for one in (openai, write))
    assert found.forms == ((form, 12),)
    assert (found.examples, found.usable, found.grade) == (12, 12, "not enough")
    assert (found.tokens, found.longest) == (same.tokens, same.longest)
    assert (found.duplicates, found.contradictions, found.errors) == ((), (), ())


@pytest.mark.parametrize(
    "write",
    [
        lambda system, said: {
            "system": system,
            "messages": [user("Where is it?"), assistant(said)],
        },
        lambda system, said: {
            "system": [{"text": system}],
            "messages": [user([{"text": "Where is it?"}]), assistant([{"text": said}])],
        },
        lambda system, said: {
            "systemInstruction": {"parts": [{"text": system}]},
            "contents": [
                {"role": "user", "parts": [{"text": "Where is it?"}]},
                {"role": "model", "parts": [{"text": said}]},
            ],
        },
        lambda system, said: {
            "instruction": "Where is it?",
            "input": "",
            "output": said,
            "system": system,
        },
        lambda system, said: {
            "system": system,
            "conversations": [
                {"from": "human", "value": "Where is it?"},
                {"from": "gpt", "value": said},
            ],
        },
    ],
)
def test_an_instruction_beside_the_messages_is_part_of_the_example(write):
    tongues = ("German", "French", "Dutch", "Polish", "Czech", "Danish", "Greek", "Irish")
    tongues += ("Welsh", "Basque", "Latin", "Norse")
    rows = [
        write(f"Answer in {t}.", f"[{t}] It is straight on, number {i}.")
        for i, t in enumerate(tongues)
    ]
    assert checked(*rows).usable == 12
    private = checked(write("You answer for ann.example@clinic.org.", "See shelf 4.")).private
    assert [(found.kind, found.where) for found in private] == [("e-mail address", ("1",))]


def vendors(jobs):
    return {job.ref.partition(":")[0] for job in jobs}


def image(url):
    return {"type": "image_url", "image_url": {"url": url}}


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param(
            lambda i: [
                {"type": "text", "text": "Which part?"},
                image(f"https://x.example/{i}.jpg"),
            ],
            id="the same question, another image",
        ),
        pytest.param(lambda i: [image(f"https://x.example/{i}.jpg")], id="images only"),
    ],
)
def test_an_image_is_part_of_the_input_and_is_not_counted_in_silence(parts):
    rows = [
        {"messages": [user(parts(i)), assistant(f"The hinge is broken; order number {i}4{i}.")]}
        for i in range(12)
    ]
    found = checked(*rows)
    assert (found.usable, found.contradictions, found.media) == (12, (), (("image", 12),))
    (said,) = (line for line in findings(found) if "images" in line)
    assert said.startswith("12 examples with images: vendors bill them too, and the units here are")
    jobs = price_jobs(found.tokens, 3, TODAY, media=["image"])
    assert vendors(jobs) == {"openai", "azure_foundry", "google_vertex", "aws_bedrock"}
    assert not [job for job in jobs if "4.1-mini" in job.model]


def test_the_same_image_and_question_with_two_answers_contradicts_itself():
    shown = [image("https://x.example/1.jpg")]
    found = checked(
        {"messages": [user(shown), assistant("The hinge.")]},
        {"messages": [user(shown), assistant("The lid of the box.")]},
    )
    assert found.contradictions == ((1, 2),)


def test_sound_is_priced_where_it_is_taken():
    sound = {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}}
    rows = [
        {"messages": [user([{"type": "text", "text": asked(t)}, sound]), assistant(answer(t))]}
        for t in THINGS
    ]
    found = checked(*rows)
    assert found.media == (("audio", 12),)
    jobs = price_jobs(found.tokens, 3, TODAY, media=["audio"])
    assert vendors(jobs) == {"google_vertex"}


def preference(thing):
    return {
        "input": {"messages": [{"role": "system", "content": SYSTEM}, user(asked(thing))]},
        "preferred_output": [assistant(answer(thing))],
        "non_preferred_output": [assistant("Not our fault.")],
    }


def trl(thing):
    return {"prompt": asked(thing), "chosen": answer(thing), "rejected": "Not our fault."}


def trl_chats(thing):
    return {
        "chosen": [user(asked(thing)), assistant(answer(thing))],
        "rejected": [user(asked(thing)), assistant("Not our fault.")],
    }


def scored(thing):
    return {
        "contents": [{"role": "user", "parts": [{"text": asked(thing)}]}],
        "completions": [
            {"score": 0, "completion": {"role": "model", "parts": [{"text": "Not our fault."}]}},
            {"score": 1, "completion": {"role": "model", "parts": [{"text": answer(thing)}]}},
        ],
    }


def beside(thing):
    return {
        "messages": [user(asked(thing)), assistant(answer(thing))],
        "rejected_response": "Not our fault.",
    }


@pytest.mark.parametrize("write", [preference, trl, trl_chats, scored, beside])
def test_a_preference_file_is_told_and_priced_at_dpo_offers_only(write):
    found = checked(*map(write, THINGS))
    assert (found.kind, found.usable, found.grade) == ("preferences", 12, None)
    assert found.forms == (("preference pair", 12),)
    assert headline(found) == (
        "A preference file: 12 usable, distinct pairs. Only offers of preference training (DPO) take "
        "it."
    )
    jobs = price_jobs(found.tokens, found.epochs, TODAY, kind=found.kind)
    assert jobs
    assert all("DPO" in job.method for job in jobs)


def test_both_answers_of_a_preference_are_counted_and_searched():
    one = checked(trl("lamp"))
    longer = checked({**trl("lamp"), "rejected": "Not our fault. " * 50})
    assert longer.tokens > one.tokens + 100
    private = checked({**trl("lamp"), "rejected": "Write to ann.example@clinic.org"}).private
    assert [found.kind for found in private] == ["e-mail address"]


def test_a_pair_the_other_way_round_contradicts_the_first():
    turned = {"prompt": asked("lamp"), "chosen": "Not our fault.", "rejected": answer("lamp")}
    assert checked(trl("lamp"), turned).contradictions == ((1, 2),)


@pytest.mark.parametrize(
    "write",
    [
        lambda t: {"messages": [user(f"Which part for {t}?")], "reference_answer": "hinge"},
        lambda t: {"messages": [user(f"Which part for {t}?")], "answer": {"part": "hinge"}},
        lambda t: {
            "data_source": "shop",
            "prompt": [user(f"Which part for {t}?")],
            "reward_model": {"ground_truth": "hinge"},
        },
    ],
)
def test_graded_prompts_are_told_and_priced_at_reinforcement_offers_only(write):
    found = checked(*map(write, THINGS))
    assert (found.kind, found.usable, found.grade, found.labels) == ("graded", 12, None, ())
    assert headline(found).startswith("Prompts for a grader: 12 usable, distinct prompts. Only")
    jobs = price_jobs(found.tokens, found.epochs, TODAY, kind=found.kind)
    assert jobs
    assert not [job for job in jobs if "DPO" in job.method and "RLVR" not in job.method]


def test_plain_text_is_no_pair_of_question_and_answer():
    found = checked(*[{"text": f"{answer(t)} Our shop is open on weekdays."} for t in THINGS])
    assert (found.kind, found.usable, found.grade) == ("texts", 12, None)
    assert headline(found).startswith("Plain text: 12 usable, distinct texts, with nothing asked")


@pytest.mark.parametrize("kind", ["examples", "preferences", "graded", "texts"])
def test_every_kind_is_taken_somewhere(kind):
    assert [offer for offer in offers() if takes(offer, kind)]


def test_two_kinds_in_one_file_are_parted():
    found = checked(*map(openai, THINGS), trl("lamp"))
    (fault,) = found.errors
    assert (found.kind, found.examples, fault.line, fault.kind) == (
        "examples",
        12,
        13,
        "another kind",
    )
    assert "is a preference between two answers, unlike most others" in fault.words


@pytest.mark.parametrize(
    ("row", "named"),
    [
        pytest.param(
            {"custom_id": "1", "method": "POST", "body": {}}, "a request of a batch", id="batch"
        ),
        pytest.param({"input": [user("a")], "ideal": "b"}, "a test of an evaluation", id="eval"),
        pytest.param({"prompt": "a", "completion": "b", "label": False}, "good or bad", id="KTO"),
        pytest.param({"text": "a", "label": "b"}, "a text with a label", id="labels"),
        pytest.param({"input_ids": [1, 2]}, "text cut into tokens", id="tokens"),
        pytest.param({"anchor": "a", "positive": "b"}, "embedding", id="embeddings"),
        pytest.param({"question": "a", "answer": "b"}, "(found: question, answer)", id="unknown"),
    ],
)
def test_a_format_that_is_not_read_is_named_and_never_graded(row, named):
    with pytest.raises(BadTrainingFile) as raised:
        checked(row, row)
    assert "No line of train.jsonl is a training example we can read. Line 1" in str(raised.value)
    assert named in str(raised.value)


def weather(**messages):
    made = {"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}
    tools = [{"type": "function", "function": {"name": "weather", "parameters": {}}}]
    return {
        "tools": tools,
        "messages": [user("Is it wet?"), {"role": "assistant", "tool_calls": [made]}],
    }


def test_a_call_without_its_result_is_a_remark_on_its_line():
    ends, goes_on, answered = weather(), weather(), weather()
    goes_on["messages"] += [assistant("It rains.")]
    answered["messages"] += [
        {"role": "tool", "tool_call_id": "c1", "content": "rain"},
        assistant("It does rain."),
    ]
    found = checked(ends, goes_on, answered)
    assert [(fault.line, fault.kind) for fault in found.remarks] == [(2, "no result")]
    assert found.remarks[0].words == (
        "Line 2, message 2 calls weather, and no result of it follows, which vendors refuse; add it."
    )


def test_of_parallel_calls_the_one_without_a_result_is_named():
    row = weather()
    second = {"id": "c2", "type": "function", "function": {"name": "tide", "arguments": "{}"}}
    row["messages"][1]["tool_calls"].append(second)
    row["tools"].append({"type": "function", "function": {"name": "tide"}})
    row["messages"] += [
        {"role": "tool", "tool_call_id": "c1", "content": "rain"},
        assistant("Yes."),
    ]
    assert "calls tide, and no result" in checked(row).remarks[0].words


@pytest.mark.parametrize("write", [nova, gemini])
def test_a_call_of_another_format_is_held_to_the_same(write):
    row = write("lamp")
    if write is nova:
        row["messages"][1:1] = [
            assistant([{"toolUse": {"toolUseId": "t1", "name": "part", "input": {"of": "lamp"}}}])
        ]
        row["messages"][2:2] = [user([{"text": "And?"}])]
    else:
        row["contents"][1:1] = [
            {
                "role": "model",
                "parts": [{"functionCall": {"name": "part", "args": {"of": "lamp"}}}],
            },
            {"role": "user", "parts": [{"text": "And?"}]},
        ]
    kinds = [fault.kind for fault in checked(row).remarks]
    assert kinds == ["unknown tool", "no result"]


def test_the_command_says_what_the_file_is(tmp_path):
    path = tmp_path / "train.jsonl"
    path.write_bytes(jsonl(*map(preference, THINGS)))
    run = CliRunner().invoke(main, ["check", str(path), "--today", "2026-11-30", "--json", "-"])
    value = json.loads(run.stdout)
    assert (value["kind"], value["grade"], value["usable"]) == ("preferences", None, 12)
    assert all("DPO" in job["method"] for job in value["training_jobs"])
    assert check_json(checked(preference("lamp")), ())
