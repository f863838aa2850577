"""Many options from the command line: any ids, each asked as it says, and what is wrong with some."""

import json
from typing import Any

import pytest

from tests.chat_server import ChatHandler, ChatServer

SCHEMA = '{type = "object", properties = {desk = {type = "string"}}, required = ["desk"]}'


class Desk(ChatHandler):
    """Says where a letter goes; as JSON where it is asked to, and knows no top_p."""

    def respond(self, asked: dict[str, Any], model: str, text: str) -> None:
        if "top_p" in asked:
            self.fail(400, "Unsupported parameter: 'top_p' is not supported with this model.")
            return
        said = f"{model} on {text[-8:]}"
        self.answer(model, json.dumps({"desk": said}) if "response_format" in asked else said)


@pytest.fixture
def server():
    with ChatServer(Desk).running() as running:
        yield running


def case_file(run: Any, url: str, options: str) -> Any:
    folder = run.db.parent
    texts = [
        json.dumps({"id": f"t{n}", "prompt": f"Letter {n}", "passages": "p"}) for n in range(3)
    ]
    (folder / "texts.jsonl").write_text("\n".join(texts))
    shown = json.dumps({"id": "x", "prompt": "Letter 91", "reference": "Desk 91"})
    (folder / "examples.jsonl").write_text(shown)
    path = folder / "CASE.toml"
    path.write_text(
        'title = "Letters"\n[brief]\nuse_case = "classification"\n'
        '[prompts]\nfile = "texts.jsonl"\nexamples = "examples.jsonl"\n'
        + options.replace("URL", url)
    )
    return path


FIVE = f"""
[arms.mini]
kind = "base"
label = "Mini"
endpoint = "URL"
model = "mini"
[arms.mini_shown]
kind = "base"
variant = "examples"
endpoint = "URL"
model = "mini"
[arms.mini_json]
kind = "base"
endpoint = "URL"
model = "mini"
[arms.mini_json.parameters]
top_p = 0.5
max_output_tokens = 99
response_format = {SCHEMA}
[arms.maxi]
kind = "base"
variant = "passages"
endpoint = "URL"
model = "maxi"
[arms.ours]
kind = "tuned"
endpoint = "URL"
model = "ft:ours"
"""


def test_five_options_of_any_ids_are_compared_each_as_it_says(run, server):
    case = case_file(run, server.url, FIVE)
    found = run.json("compare", case, "--db", run.db)
    assert (found["planned"], found["done"], found["failed"]) == (15, 15, 0)
    with_schema = [a for a in server.asked if "response_format" in a and "top_p" not in a]
    assert [a["max_tokens"] for a in with_schema] == [99, 99, 99]
    assert all(a["response_format"]["json_schema"]["strict"] is False for a in with_schema)
    shown = [a for a in server.asked if len(a["messages"]) == 3]
    assert [a["messages"][1]["content"] for a in shown] == ["Desk 91"] * 3
    looked_up = [a for a in server.asked if a["model"] == "maxi"]
    assert len(looked_up) == 3
    assert all(len(a["messages"][-1]["content"]) > len("Letter 1") for a in looked_up)
    before = len(server.asked)
    assert run.json("compare", case, "--db", run.db) == found  # nothing is bought twice
    assert len(server.asked) == before


def test_one_more_option_buys_only_its_own_answers(run, server):
    case = case_file(run, server.url, FIVE)
    run.json("compare", case, "--db", run.db)
    server.asked.clear()
    more = FIVE + '[arms.harder]\nkind = "base"\nendpoint = "URL"\nmodel = "mini"\n'
    more += '[arms.harder.parameters]\nreasoning_effort = "high"\n'
    case_file(run, server.url, more)
    found = run.json("compare", case, "--db", run.db)
    assert (found["planned"], found["done"]) == (18, 18)
    assert [asked["reasoning_effort"] for asked in server.asked] == ["high"] * 3


ONE = '[arms.a]\nkind = "base"\nendpoint = "URL"\nmodel = "m"\n'
TWO = '[arms.b]\nkind = "base"\nendpoint = "URL/"\nmodel = " m"\n'


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        pytest.param(
            ONE + TWO, "a and b are the same option twice: change one or remove one.", id="twice"
        ),
        pytest.param(
            ONE + TWO.replace('kind = "base"', 'kind = "tuned"'),
            "a and b are the same option twice",
            id="twice, of two kinds",
        ),
        pytest.param(
            ONE.replace("arms.a", 'arms."My option"'),
            "CASE.toml: arms.My option is no id of an option; use up to 40 small letters, digits, - "
            "and _, a letter first, and put its name in label.",
            id="a name for an id",
        ),
        pytest.param(
            ONE.replace("arms.a", "arms.gpt-4.1"),
            "CASE.toml: arms.gpt-4.1 is no id of an option; use up to 40 small letters",
            id="a dot, which TOML takes for a table in a table",
        ),
        pytest.param(
            ONE.replace("arms.a", "arms.tie"),
            "arms.tie does not fit (“tie” stands for something else; choose another id)",
            id="a word that stands for no option",
        ),
        pytest.param(
            ONE.replace('kind = "base"\n', ""),
            "CASE.toml: arms.a.kind is missing; say “base” or “tuned”.",
            id="no kind",
        ),
        pytest.param(
            ONE + 'follows = "b"\n' + TWO + 'follows = "a"\n',
            "CASE.toml: arms.a.follows leads round in a circle; let one of them have a model of its",
            id="in a circle",
        ),
        pytest.param(ONE + ONE, "CASE.toml has two options of the id “a”; give one", id="one id"),
        pytest.param(
            "".join(f'[arms.o{n}]\nkind = "base"\n' for n in range(9)),
            "CASE.toml: 9 options are more than can be compared; keep 8 or fewer.",
            id="nine",
        ),
        pytest.param(
            ONE + '[arms.a.parameters.response_format]\ntype = "text"\n',
            "arms.a.parameters.response_format does not fit (it is no JSON Schema: 'text' is not",
            id="no schema",
        ),
        pytest.param(ONE + 'variant = "shown"\n', "arms.a.variant does not fit", id="no variant"),
        pytest.param(
            ONE + 'follows = "b"\n', "arms.a.follows names no other option; correct it.", id="alone"
        ),
    ],
)
def test_options_that_can_t_be_compared_are_one_sentence_and_cost_nothing(
    run, server, options, sentence
):
    case = case_file(run, server.url, options)
    found = run("compare", case, "--db", run.db, expect=2)
    assert sentence in found.output
    assert "Traceback" not in found.output
    assert len([line for line in found.output.splitlines() if line]) == 1
    assert server.asked == []


def test_options_that_differ_in_one_thing_are_two(run, server):
    other = TWO + "[arms.b.parameters]\ntemperature = 0.5\n"
    case = case_file(run, server.url, ONE + other)
    assert run.json("compare", case, "--db", run.db)["done"] == 6


def test_judgments_of_a_file_may_name_their_options_in_any_order(run, server):
    case = case_file(run, server.url, FIVE)
    with_judged = case.read_text().replace("[prompts]\n", '[prompts]\njudgments = "j.jsonl"\n')
    judged = {
        "prompt_id": "t0", "pair": ["ours", "mini"], "preference": "ours", "judge": "j",
        "order": "base_first", "base_sha256": "of ours", "tuned_sha256": "of mini",
    }  # fmt: skip
    (case.parent / "j.jsonl").write_text(json.dumps(judged))
    case.write_text(with_judged)
    from advisor.case.case_file import read_case

    (found,) = read_case(case).judgments
    assert (found.pair, found.preference, found.side) == (("mini", "ours"), "ours", "tuned")
    assert (found.order, found.base_sha256) == ("tuned_first", "of mini")
    (case.parent / "j.jsonl").write_text(json.dumps(judged | {"pair": ["ours", "maxo"]}))
    found = run("decide", case, expect=2)
    assert "the judgments name the option “maxo”, which is none of the case" in found.output


def test_five_options_are_decided_on_and_priced_each_under_its_own_id(run, server):
    priced = FIVE.replace('model = "mini"\n', 'model = "mini"\noffer = "openai:gpt-6-luna"\n')
    priced += "\n[volume]\nrequests_per_month = 20000\n"
    case = case_file(run, server.url, priced)
    run.json("compare", case, "--db", run.db)
    pdf = run.db.parent / "out.pdf"
    found = run("decide", case, "--db", run.db, "--today", "2026-11-30", "--pdf", pdf)
    assert "Traceback" not in found.output
    assert pdf.read_bytes().startswith(b"%PDF-")
    decided = run.json("decide", case, "--db", run.db, "--today", "2026-11-30")
    ids = {"mini", "mini_shown", "mini_json", "maxi", "ours"}
    assert set(decided["left"]) == ids
    assert decided["evidence"]["tuned_arm"] == "ours"
    cost = run.json("cost", case, "--db", run.db, "--today", "2026-11-30")
    assert set(cost["arms"]) == ids
    unknown = [i for i, option in cost["arms"].items() if option["usd_per_request"] is None]
    assert unknown == ["maxi", "ours"]  # nobody gave them a price
    shown, plain = (cost["arms"][i]["usd_per_request"] for i in ("mini_shown", "mini"))
    assert shown > plain  # its example is sent with each text
