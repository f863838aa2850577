"""`improve` on the command line: a better instruction, or one sentence why there is none."""

import json

import pytest
from click.testing import CliRunner

from advisor.cli.command import main
from tests.instruction_server import LABELS, InstructionServer, case_of

CASE = """
title = "Letters"
[brief]
use_case = "classification"
[prompts]
file = "texts.jsonl"
{more}
[arms.base]
endpoint = "{url}"
model = "m-base"
system_prompt = "Say what the letter is about."
[arms.base.price]
input = 10
output = 10
[run]
primary_metric = "label_accuracy"
max_output_tokens = 50
[checks]
labels = ["refund", "delay", "damage", "login", "other"]
{training}
"""


@pytest.fixture
def server():
    with InstructionServer().running() as server:
        yield server


def written(folder, url, *, more="", training="", compared=30):
    case = case_of(url, compared=compared)

    def prompts(texts):
        return [{"id": t.id, "prompt": t.text, "reference": t.reference} for t in texts]

    rows = {
        "texts.jsonl": prompts(case.prompts),
        "aside.jsonl": prompts(case.set_aside),
        "train.jsonl": [{"prompt": t.text, "completion": t.reference} for t in case.set_aside],
    }
    for name, lines in rows.items():
        (folder / name).write_text("\n".join(map(json.dumps, lines)), "utf-8")
    file = folder / "CASE.toml"
    file.write_text(CASE.format(url=url, more=more, training=training), "utf-8")
    return file


def run(folder, file, *options):
    given = [str(file), "--db", str(folder / "x.db"), "--json", str(folder / "o.json"), *options]
    return CliRunner().invoke(main, ["improve", *given])


@pytest.mark.parametrize(
    "texts",
    [{"more": 'set_aside = "aside.jsonl"'}, {"training": '[training]\nfile = "train.jsonl"'}],
    ids=["texts set aside", "training pairs"],
)
def test_a_better_instruction_is_found_and_said(tmp_path, server, texts):
    file = written(tmp_path, server.url, **texts)
    done = run(tmp_path, file, "--calls", "60", "--usd", "0.50")
    assert done.exit_code == 0, done.output
    assert "A better instruction for base was found for $" in done.output
    found = json.loads((tmp_path / "o.json").read_text("utf-8"))
    assert any(label in found["instruction"] for label in LABELS)
    assert found["calls"] == len(server.asked) <= 60
    assert (found["score_before"], found["most_usd"]) == (0, 0.5)
    again = run(tmp_path, file, "--calls", "60", "--usd", "0.50")
    assert again.exit_code == 0
    assert len(server.asked) == found["calls"]


def test_a_decision_without_a_run_says_what_a_search_found(tmp_path, server):
    server.proposes = False
    file = written(tmp_path, server.url, more='set_aside = "aside.jsonl"')
    assert run(tmp_path, file, "--calls", "40").exit_code == 0
    out = tmp_path / "decided.json"
    given = ["decide", str(file), "--db", str(tmp_path / "x.db"), "--json", str(out)]
    decided = CliRunner().invoke(main, [*given, "--today", "2026-11-30"])
    assert decided.exit_code == 0, decided.output
    (found,) = json.loads(out.read_text("utf-8"))["searches"]
    assert (found["option"], found["score_before"], found["score_after"]) == ("base", 0, 0)
    assert "instruction" not in found


def test_it_is_said_what_to_bring(tmp_path, server):
    nothing = run(tmp_path, written(tmp_path, server.url))
    assert nothing.exit_code == 2
    assert "All your 30 approved answers are on texts that are compared" in nothing.output
    twelve = run(tmp_path, written(tmp_path, server.url, compared=12))
    assert "you have 12 in all; bring 8 more." in twelve.output
    free = run(tmp_path, written(tmp_path, server.url), "--usd", "0")
    assert "A budget of nothing buys no search" in free.output
    assert server.asked == []


def test_an_endpoint_that_dies_is_an_incomplete_search(tmp_path, server):
    server.dies_after = 15
    file = written(tmp_path, server.url, more='set_aside = "aside.jsonl"')
    died = run(tmp_path, file)
    assert died.exit_code == 3, died.output
    assert "The engine is gone" in died.output
    server.dies_after = None
    assert run(tmp_path, file).exit_code == 0
    assert set(server.answers.values()) == {1}
