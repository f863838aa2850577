"""What a check says of a whole file, worked out by hand."""

import json
from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest
from click.testing import CliRunner

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.texts import Prompt
from advisor.case.training_summary import TrainingSummary
from advisor.case.variants import with_examples, without_examples
from advisor.cli.command import main
from advisor.report.training_file import against_the_brief, findings, headline, texts_changed
from advisor.training.check import check_training_file, usual_epochs
from advisor.training.jobs import price_jobs
from advisor.training.leakage import without_leaked
from advisor.training.rules import load_training_rules
from advisor.training.summary import summary_of
from advisor.verdict.rules import load_rules
from pricing.offers import find_offer
from tests.training.files import DRONE, TOY, chat, different, jsonl, pair

RULES = load_training_rules()
TODAY = date(2026, 11, 22)


def check(*rows, prompts=()):
    given = [Prompt(id=f"p{i}", text=text) for i, text in enumerate(prompts, start=1)]
    return check_training_file(jsonl(*rows), "f.jsonl", given)


def said(report) -> str:
    return "\n".join((headline(report), *findings(report)))


def test_the_toy_file_s_known_defects_are_all_found():
    report = check_training_file(TOY.read_bytes(), "toy.jsonl")
    assert report.grade == "not possible"
    assert headline(report).startswith("Not possible yet: 3 usable, distinct examples.")
    assert (report.lines, report.examples, report.usable) == (5, 5, 3)
    assert [(fault.line, fault.kind, fault.fatal) for fault in report.faults] == [
        (3, "no instruction", False),
        (4, "no input", True),
        (5, "repeats itself", True),
    ]
    assert "26,000 characters" in report.faults[2].words
    assert dict(report.roles) == {"system": 4, "user": 7, "assistant": 8}


def test_a_file_without_defects_has_no_finding():
    report = check_training_file(DRONE.read_bytes(), "drone.jsonl")
    assert (report.examples, report.usable, report.grade) == (103, 103, "pilot")
    assert report.faults == report.duplicates == report.contradictions == report.labels == ()
    assert report.private == ()
    assert report.languages[0][0] == "English"


@pytest.mark.parametrize(
    ("usable", "grade"),
    [
        (9, "not possible"),
        (10, "not enough"),
        (49, "not enough"),
        (50, "pilot"),
        (199, "pilot"),
        (200, "enough"),
    ],
)
def test_the_grade_is_that_of_usable_distinct_examples(usable, grade):
    rows = different(usable)
    report = check(*rows, rows[0], pair("", "x"), pair("y", " "), "broken")
    assert (report.usable, report.grade) == (usable, grade)


def test_the_steps_are_those_of_the_verdict():
    rules = load_rules()
    assert RULES.grade.possible == rules.gates.pairs
    steps = [pairs for pairs, _ in rules.signals.training_pairs]
    assert [RULES.grade.pilot, RULES.grade.enough] == steps[:2]


def test_the_same_example_twice_counts_once_and_another_answer_is_a_contradiction():
    report = check(
        pair("What is the fee?", "Ten."),
        pair("what is  the fee?", "ten."),
        pair("What is the fee?", "Twelve."),
        pair("Where are you based now?", "Here."),
    )
    assert report.duplicates == ((1, 2),)
    assert report.contradictions == ((1, 2, 3),)
    assert report.usable == 2
    assert "1 input with different answers (lines 1+2+3)" in said(report)


def test_the_same_question_under_another_instruction_is_no_contradiction():
    report = check(chat("Hello", "Hi", "Be brief."), chat("Hello", "Good day to you", "Be formal."))
    assert (report.contradictions, report.usable) == ((), 2)


def test_punctuation_that_makes_another_input_is_no_contradiction():
    assert check(pair("a+b", "sum"), pair("a-b", "difference")).contradictions == ()


def test_near_duplicates_count_once():
    text = " ".join(f"word{i}" for i in range(40))
    report = check(pair(text, "the answer"), pair(f"{text} please", "the answer"), *different(10))
    assert report.near_duplicates == ((1, 2),)
    assert report.usable == 11


def test_an_example_longer_than_a_vendor_trains_on_is_cut_and_so_no_use():
    rules = RULES.model_copy(
        update={"limits": RULES.limits.model_copy(update={"example_tokens": 12})}
    )
    content = jsonl(pair("one two three", "four"), pair("word " * 20, "cut off"))
    report = check_training_file(content, "f", rules=rules)
    assert [(fault.line, fault.kind) for fault in report.errors] == [(2, "too long")]
    assert report.usable == 1


def test_labels_are_told_with_their_balance():
    rows = [pair(row["prompt"], "spam" if i < 90 else "ham") for i, row in enumerate(different(93))]
    report = check(*rows)
    assert report.labels == (("spam", 90), ("ham", 3))
    assert "The answers look like 2 labels: spam 90, ham 3." in said(report)
    assert '"spam" is 97 % of the answers' in said(report)
    assert "Fewer than 5 examples each: ham." in said(report)


def test_one_answer_to_everything_is_nothing_to_learn():
    assert "Every answer is the same" in said(check(*different(12, "ok")))


def test_free_answers_are_no_labels():
    assert check(*different(60)).labels == ()


def test_personal_data_is_told_for_the_file_and_for_the_prompts_and_names_are_not_claimed():
    report = check(
        pair("Mail a@example.org", "Done"), pair("x", "y"), prompts=["Call +44 20 7946 0958"]
    )
    assert [(found.kind, found.where) for found in report.private] == [("e-mail address", ("1",))]
    assert [found.where for found in report.private_in_prompts] == [("p1",)]
    assert "Names, addresses and dates of birth can't be found by a pattern" in said(report)


def test_an_instruction_s_personal_data_is_told_once():
    rows = [chat(f"Question {i}", "Answer", "Mail a@example.org") for i in range(5)]
    assert [found.where for found in check(*rows).private] == [("1",)]


def test_languages_are_told():
    rows = [
        pair(
            f"Können Sie mir bitte sagen, wann die Lieferung {i} endlich ankommt?",
            "Sie kommt am Montag.",
        )
        for i in range(12)
    ]
    assert check(*rows).languages == (("German", 12),)


def test_nothing_valid_is_a_report_with_every_fault_and_not_a_traceback():
    report = check({"prompt": "a"}, {"prompt": "b"})
    assert (report.examples, report.usable, report.grade, report.tokens) == (
        0,
        0,
        "not possible",
        0,
    )
    assert len(report.errors) == 2
    assert "2 lines can't be used: no completion (line 1, 2)." in said(report)


@pytest.mark.parametrize(
    ("examples", "epochs"),
    [(0, 3), (1, 25), (10, 10), (33, 3), (34, 3), (8_333, 3), (10_000, 2), (50_000, 1)],
)
def test_epochs_are_those_of_the_cookbook(examples, epochs):
    assert usual_epochs(examples, RULES.epochs) == epochs


def test_a_job_costs_tokens_times_epochs_at_the_rate():
    offer = find_offer("openai:gpt-4.1-mini-2025-04-14:SFT")
    (job,) = price_jobs(2_000_000, 3, TODAY, among=[offer])
    assert job.usd == Decimal(30)  # 2M x 3 x $5 per 1M
    assert job.can_train is None
    newcomer = Brief(use_case="domain_summarization", customer_of={"openai": "new"})
    assert price_jobs(2_000_000, 3, TODAY, newcomer, [offer])[0].can_train is False


def test_offers_that_train_on_preferences_or_rewards_only_are_left_out():
    methods = [job.method for job in price_jobs(1_000, 3, TODAY)]
    assert any("SFT" in method for method in methods)
    assert not any("RFT" in method or method == "LoRA DPO" for method in methods)


def test_where_one_may_train_comes_first_and_the_cheapest_of_these():
    jobs = price_jobs(1_000_000, 3, TODAY)
    rank = [(True, None, False).index(job.can_train) for job in jobs]
    assert rank == sorted(rank)
    open_prices = [job.usd for job in jobs if job.can_train and job.usd is not None]
    assert open_prices == sorted(open_prices)


# What a case keeps


def summary(**other) -> TrainingSummary:
    base = {"file": "f", "sha256": "0", "examples": 60, "usable": 60, "grade": "pilot"}
    return TrainingSummary(**base | {"tokens": 100, "epochs": 3} | other)


@pytest.mark.parametrize(
    ("pairs", "usable", "contradicts"),
    [
        (None, 60, False),
        (60, 60, False),
        (50, 120, False),
        (0, 5_000, True),
        (1_000, 60, True),
        (200, 999, False),
        (49, 50, True),
    ],
)
def test_the_brief_and_the_file_may_contradict_each_other(pairs, usable, contradicts):
    brief = Brief(use_case="domain_summarization", training_pairs=pairs)
    words = against_the_brief(brief, summary(usable=usable))
    assert (words is not None) is contradicts
    if words:
        assert f"{usable:,} usable examples" in words


def test_the_summary_holds_no_text_of_the_file():
    report = check(pair("A secret question of ours", "A secret answer"), prompts=["Other text"])
    kept = summary_of(report, [Prompt(id="p1", text="Other text")])
    assert "secret" not in kept.model_dump_json()
    assert {field.name for field in fields(report)} > {"sha256", "usable", "tokens"}


def test_leaked_prompts_are_dropped_with_their_judgments_only():
    from tests.make import case_of

    case = case_of(3)
    prompts = case.prompts
    report = check_training_file(jsonl(pair(prompts[1].text, "x")), "f", prompts)
    case = case.model_copy(update={"training": summary_of(report, prompts)})
    left = without_leaked(case)
    assert case.leaked >= {prompts[1].id}
    assert prompts[1].id not in {prompt.id for prompt in left.prompts}
    assert left.leaked == frozenset()
    assert left.training.not_held_against(left.prompts) == 0


def test_what_counts_is_whether_a_text_was_held_against_the_file():
    prompts = tuple(Prompt(id=f"p{n}", text=f"Text {n}", reference="yes") for n in range(12))
    found = summary_of(check_training_file(jsonl(pair("x", "y")), "f", prompts), prompts)
    case = Case(title="t", brief=Brief(use_case="classification"), prompts=prompts, training=found)
    tried = with_examples(case)
    assert len(tried.prompts) == 7
    assert texts_changed(found, tried.prompts) == ""  # five were moved aside, none is new
    assert texts_changed(found, without_examples(tried).prompts) == ""  # the five come last now
    one = (*prompts[1:], Prompt(id="p0", text="Another"))
    assert texts_changed(found, one) == (
        "1 text was not here yet when the training file was checked. Upload it again to see whether "
        "it stands in it."
    )
    old = found.model_copy(update={"held_against": ()})
    assert texts_changed(old, prompts) == ""
    assert texts_changed(old, one).startswith("The training file may not have been checked against")


def test_a_leaked_text_that_is_an_example_for_now_is_not_forgotten():
    prompts = tuple(Prompt(id=f"p{n}", text=f"Text {n}", reference="yes") for n in range(12))
    file = jsonl(*(pair(prompt.text, "x") for prompt in prompts))
    found = summary_of(check_training_file(file, "f", prompts), prompts)
    case = Case(title="t", brief=Brief(use_case="classification"), prompts=prompts, training=found)
    left = without_leaked(with_examples(case))
    assert left.prompts == ()
    assert len(without_examples(left).leaked) == 5


# The command


def run(*args: str):
    return CliRunner().invoke(main, ["check", *args, "--today", "2026-11-22"])


def test_the_command_says_and_writes_what_it_found(tmp_path):
    prompts, out = tmp_path / "p.jsonl", tmp_path / "out.json"
    prompts.write_text(
        '{"prompt": "I lost my book today.", "id": "book"}\n{"prompt": "Quite else"}\n'
    )
    done = run(str(TOY), "--prompts", str(prompts), "--json", str(out))
    assert done.exit_code == 0
    assert "Not possible yet: 3 usable" in done.output
    assert "Line 4 has no message of a user" in done.output
    value = json.loads(out.read_text("utf-8"))
    assert value["leaked"] == ["book"]
    assert value["leaks"] == [{"prompt_id": "book", "line": 3, "exact": True}]
    assert value["grade"] == "not possible"
    assert [fault["line"] for fault in value["faults"]] == [3, 4, 5]
    job = next(j for j in value["training_jobs"] if j["ref"].startswith("openai:gpt-4.1-mini"))
    assert job["usd"] == pytest.approx(8233 * 20 * 5 / 1e6)  # counted by hand in test_read


def test_json_goes_to_standard_output():
    done = CliRunner().invoke(main, ["check", str(TOY), "--json", "-"])
    assert json.loads(done.stdout)["usable"] == 3
    assert "Not possible yet" in done.stderr


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "t.jsonl is empty"),
        (b"prompt,completion\na,b", "t.jsonl looks like a CSV table"),
        (b'[{"prompt": "a", "completion": "b"}]', "t.jsonl is one JSON list"),
    ],
)
def test_wrong_input_is_one_sentence_and_code_2(tmp_path, content, says):
    path, out = tmp_path / "t.jsonl", tmp_path / "out.json"
    path.write_bytes(content)
    done = run(str(path), "--json", str(out))
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(says)
    assert done.stderr.count("\n") == 1
    assert not out.exists()


def test_a_file_that_is_not_there_is_one_sentence_and_code_2(tmp_path):
    done = run(str(tmp_path / "none.jsonl"))
    assert done.exit_code == 2
    assert "can't be read" in done.stderr
    assert run(str(tmp_path)).exit_code == 2
