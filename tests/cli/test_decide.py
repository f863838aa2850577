"""A decision from the command line: its JSON, its exit code, its bytes."""

import json
import shutil

import pytest

from advisor.case.case_file import SAMPLES
from tests.case_files import SHORT, WHOLE
from tests.cli.command import EXPECTED, TODAY, sample_case, verdict


def test_a_decision_has_every_key(run, recorded):
    case = sample_case("clinic_notes")
    value = run.json("decide", case, "--db", recorded[0], "--today", TODAY)
    wanted = {
        "recommendation",
        "firmness",
        "score",
        "likelihood",
        "by",
        "try_first",
        "gates",
        "evidence",
        "reasons",
    }
    assert wanted | {"flips", "next_step", "cost"} <= value.keys()
    assert {"word", "preferences", "e_value", "p", "interval", "n_more"} <= value["evidence"].keys()
    assert set(value["cost"]) == {
        "arms", "people_included", "months_of_use", "break_even", "missing",
    }  # fmt: skip
    # Of 39 clear choices 22 went to tuned: twice the chance of 22 or more heads of 39 = 0.522.
    assert value["evidence"]["p"] == pytest.approx(0.522, abs=0.001)
    # Wilson: centre (22 + 1.92) / (39 + 3.84) = 0.558,
    # half width 1.96 / 42.84 x sqrt(22 x 17 / 39 + 0.96) = 0.149.
    assert value["evidence"]["interval"] == pytest.approx([0.409, 0.707], abs=0.001)
    assert value["evidence"]["e_needed"] == 100  # a wrong note is costly
    # The use case 25; 67 pairs 20 x (ln(67 / 50) / ln 4 - 1) = -15.8; facts in the text
    # 0.3 x 15 = 4.5; hundreds of times dearer -10.
    assert value["score"] == pytest.approx(25 - 15.8 + 4.5 - 28.5, abs=0.1)


def test_without_a_run_the_answers_alone_speak(run):
    value = run.json("decide", run.write(SHORT), "--today", TODAY)
    assert (value["recommendation"], value["firmness"]) == ("base", "rule_of_thumb")
    assert (value["score"], value["evidence"]["word"]) == (-25, "none")
    assert value["evidence"]["interval"] is None


@pytest.mark.parametrize(
    ("brief", "code"),
    [
        pytest.param("", 1, id="rule of thumb"),
        pytest.param('training_permission = "no"\n', 0, id="blocked"),
    ],
)
def test_require_decided(run, brief, code):
    arguments = ("decide", run.write(SHORT + brief), "--today", TODAY)
    run(*arguments)
    value = run.json(*arguments, "--require-decided", expect=code)
    assert value["firmness"] == ("blocked" if brief else "rule_of_thumb")


def test_require_decided_accepts_a_test_that_decides(run, recorded):
    options = ("--db", recorded[0], "--require-decided", "--today", TODAY)
    run("decide", sample_case("chatbot"), *options)
    run("decide", sample_case("clinic_notes"), *options, expect=1)


def test_the_same_day_gives_the_same_bytes(run, recorded):
    written = []
    for day in (TODAY, TODAY, "2026-11-23"):
        files = [run.folder / f"out.{kind}" for kind in ("json", "pdf")]
        outputs = ("--json", files[0], "--pdf", files[1])
        run("decide", sample_case("chatbot"), "--db", recorded[0], *outputs, "--today", day)
        written.append([file.read_bytes() for file in files])
    assert written[0] == written[1]
    assert written[0][0] != written[2][0]
    assert written[0][1] != written[2][1]
    assert written[0][1].startswith(b"%PDF-")


def test_json_on_standard_output_is_nothing_but_json(run):
    for command in ("decide", "cost"):
        found = run(command, run.write(WHOLE), "--json", "-", "--today", TODAY)
        assert isinstance(json.loads(found.stdout), dict)
        assert found.stderr


def test_a_case_is_decided_by_its_own_run_or_by_the_one_named(run, recorded):
    db, written = recorded
    toml = sample_case("chatbot").read_text("utf-8")
    shutil.copytree(SAMPLES / "chatbot", run.folder / "other")
    case = run.folder / "other" / "CASE.toml"
    case.write_text(toml.replace("[run]\n", "[run]\ntemperature = 1\n"))
    arguments = ("decide", case, "--db", db, "--today", TODAY)
    assert run.json(*arguments)["evidence"]["word"] == "none"
    named = run.json(*arguments, "--run", written["chatbot"]["run_id"])
    assert verdict(named) == EXPECTED["chatbot"]
