"""The journey without a browser: the commands as one calls them, against a real server."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from advisor.case import SAMPLES
from advisor.cli import main
from advisor.settings import settings
from tests.replay_server import replaying

TODAY = "2026-11-22"

# The example of the case file's documentation: 800 units in and 200 out, 200,000 times a month.
EXAMPLE = """
title = "Clinic visit notes"
[brief]
use_case = "domain_summarization"
base_kind = "general"
stage = "tuned_on_trial"
training_pairs = 67
tried = ["few_shot"]
[prompts]
file = "prompts.jsonl"
[arms.base]
endpoint = "http://127.0.0.1:8901/v1"
model = "base-model"
api_key_env = "WORTH_TUNING_TEST_KEY"
system_prompt = "Write a note."
offer = "openai:gpt-6-luna"
[arms.base.price]
input = 0.10
cached_input = 0.01
output = 0.50
[arms.tuned]
endpoint = "http://127.0.0.1:8901/v1"
model = "ft:base-model:acme::abc123"
[arms.tuned.price]
input = 0.80
output = 3.20
training_per_1m = 5.0
training_tokens = 2000000
epochs = 3
min_fee = 0.0
hosting_per_hour = 1.70
hosting_hours_per_month = 730
replicas = 1
storage_per_month = 0.0
[run]
concurrency = 20
samples = 1
max_output_tokens = 256
temperature = 0.0
timeout_s = 60
cap_usd = 5.0
primary_metric = "rouge1"
[volume]
requests_per_month = 200000
horizon_months = 12
growth_per_month = 0.0
cached_share = 0.0
batch_share = 0.0
retrainings_per_year = 0
input_tokens_per_request = 800
output_tokens_per_request = 200
"""
SHORT = 'title = "t"\n[brief]\nuse_case = "general_chatbots"\n'


class Command:
    """Runs a command in a folder of its own and reads what it wrote."""

    def __init__(self, folder):
        self.folder = folder
        self.db = folder / "answers.db"
        self.out = folder / "out.json"

    def write(self, toml, prompts='{"prompt": "hello", "reference": "a note"}\n'):
        path = self.folder / "CASE.toml"
        path.write_text(toml, "utf-8")
        (self.folder / "prompts.jsonl").write_text(prompts, "utf-8")
        return path

    def copy(self, sample, url, texts=None):
        """A copy of a sample's case, its answers at an address instead of the recording."""
        folder = self.folder / sample
        shutil.copytree(SAMPLES / sample, folder)
        (folder / "answers.jsonl").unlink()
        prompts = (folder / "prompts.jsonl").read_text("utf-8").splitlines(keepends=True)
        (folder / "prompts.jsonl").write_text("".join(prompts[:texts]), "utf-8")
        case = folder / "CASE.toml"
        toml = case.read_text("utf-8")
        assert toml.count(f'"replay:{sample}"') == 2
        case.write_text(toml.replace(f'"replay:{sample}"', f'"{url}"'), "utf-8")
        return case

    def __call__(self, *arguments, expect=0):
        found = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
        assert found.exit_code == expect, found.output
        return found

    def json(self, *arguments, expect=0):
        self(*arguments, "--json", self.out, expect=expect)
        value = json.loads(self.out.read_text("utf-8"), parse_constant=pytest.fail)
        self.out.unlink()
        return value

    def refused(self, *arguments):
        """Wrong input: code 2, one sentence on standard error, no JSON."""
        found = self(*arguments, "--json", self.out, expect=2)
        assert found.stdout == ""
        assert "Traceback" not in found.stderr
        assert found.stderr.endswith(".\n")
        assert found.stderr.count("\n") == 1
        assert not self.out.exists()
        return found.stderr


@pytest.fixture
def run(tmp_path):
    return Command(tmp_path)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A database with the three samples' recorded answers, and what compare wrote, by sample."""
    run = Command(tmp_path_factory.mktemp("recorded"))
    written = {
        sample: run.json("compare", sample_case(sample), "--db", run.db) for sample in EXPECTED
    }
    return run.db, written


def sample_case(sample):
    return SAMPLES / sample / "CASE.toml"


# A whole comparison, recorded and live


def verdict(decided):
    return {
        "recommendation": decided["recommendation"],
        "firmness": decided["firmness"],
        "rule": decided["rule"],
        "overrules_matrix": decided["overrules_matrix"],
        "word": decided["evidence"]["word"],
        "preferences": decided["evidence"]["preferences"],
    }


EXPECTED = {
    "clinic_notes": {
        "recommendation": "base",
        "firmness": "provisional",
        "rule": 7,
        "overrules_matrix": False,
        "word": "not_enough",
        "preferences": {"tuned": 22, "base": 17, "tie": 1, "both_bad": 0},
    },
    "chatbot": {
        "recommendation": "base",
        "firmness": "decided",
        "rule": 2,
        "overrules_matrix": False,
        "word": "decides",
        "preferences": {"tuned": 14, "base": 44, "tie": 22, "both_bad": 0},
    },
    "chatbot_raw": {
        "recommendation": "fine-tuned",
        "firmness": "decided",
        "rule": 4,
        "overrules_matrix": True,
        "word": "decides",
        "preferences": {"tuned": 77, "base": 3, "tie": 0, "both_bad": 0},
    },
}


@pytest.mark.parametrize(
    ("sample", "calls"), [("clinic_notes", 80), ("chatbot", 160), ("chatbot_raw", 160)]
)
def test_a_sample_gives_the_same_verdict_from_its_recording_and_from_a_server(
    run, recorded, sample, calls
):
    db, written = recorded
    whole = {"status": "done", "planned": calls, "done": calls, "refused": 0, "failed": 0}
    assert written[sample] == {**whole, "run_id": written[sample]["run_id"], "cost_usd": 0}
    replayed = run.json("decide", sample_case(sample), "--db", db, "--today", TODAY)
    assert verdict(replayed) == EXPECTED[sample]

    with replaying(sample) as server:
        case = run.copy(sample, server.url)
        live = run.json("compare", case, "--db", run.db)
        assert live == live | whole
        assert len(server.asked) == calls
        again = run.json("compare", case, "--db", run.db)
        assert again == live  # nothing is bought twice
        assert len(server.asked) == calls
        assert len(server.keys) == 1  # a placeholder, where no key is named
    decided = run.json("decide", case, "--db", run.db, "--today", TODAY)
    assert verdict(decided) == EXPECTED[sample]
    assert decided["reasons"] == replayed["reasons"]
    assert decided["score"] == replayed["score"]
    assert decided["cost"] == replayed["cost"]


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


def test_a_server_that_fails_some_calls_leaves_a_partial_run(run):
    with replaying("clinic_notes") as server:
        case = run.copy("clinic_notes", server.url, texts=8)
        lines = (case.parent / "prompts.jsonl").read_text("utf-8").splitlines()
        bad = sorted(json.loads(line)["prompt"] for line in lines[:3])
        server.breaks = lambda model, text: model == "gpt-4" and text in bad
        found = run("compare", case, "--db", run.db, "--json", run.out, expect=3)
        written = json.loads(run.out.read_text("utf-8"))
        run.out.unlink()
        expected = {"status": "partial", "planned": 16, "done": 13, "refused": 0, "failed": 3}
        assert written == written | expected
        assert "13 of 16 answered" in found.stdout
        assert "Traceback" not in found.output

        decided = run.json("decide", case, "--db", run.db, "--today", TODAY)
        assert decided["evidence"]["complete"] is False
        assert decided["firmness"] != "decided"
        assert "The run is not complete, so it decides nothing yet." in decided["missing"]

        server.breaks = lambda model, text: False
        server.asked.clear()
        mended = run.json("compare", case, "--db", run.db)
        assert (mended["run_id"], mended["status"]) == (written["run_id"], "done")
        assert sorted(asked["messages"][-1]["content"] for asked in server.asked) == bad


def test_the_key_comes_from_the_environment_and_is_written_nowhere(run, monkeypatch):
    key = "canary-key-41b7"
    monkeypatch.setenv("WORTH_TUNING_TEST_KEY", key)
    with replaying("chatbot") as server:
        case = run.copy("chatbot", server.url, texts=2)
        toml = case.read_text("utf-8")
        named = '[arms.tuned]\napi_key_env = "WORTH_TUNING_TEST_KEY"\n'
        case.write_text(toml.replace("[arms.tuned]\n", named))
        said = run("compare", case, "--db", run.db, "--json", run.out).output
        said += run("decide", case, "--db", run.db, "--pdf", run.folder / "o.pdf").output
        assert f"Bearer {key}" in server.keys
        assert len(server.keys) == 2  # only the arm that names it sends it
    kept = [path.read_bytes() for path in run.folder.rglob("*") if path.is_file()]
    assert len(kept) > 5
    assert all(key.encode() not in content for content in (*kept, said.encode()))


# Cost


def test_the_cost_of_the_documented_example(run):
    # base    (800 x 0.10 + 200 x 0.50) / 1M  = 0.00018 a request, x 200,000 = 36 a month
    # tuned   (800 x 0.80 + 200 x 3.20) / 1M  = 0.00128 a request, x 200,000 = 256 a month
    #         + hosting 730 x 1.70 = 1,241    = 1,497 a month running
    #         training 2M x 3 x 5 / 1M        = 30, though the model is already on trial
    #         12 x 1,497 + 30                 = 17,994 in all, 1,499.50 a month
    value = run.json("cost", run.write(EXAMPLE), "--today", TODAY)
    assert set(value) == {"arms", "months_of_use", "break_even", "missing"}
    keys = ("usd_per_request", "usd_per_month", "usd_per_month_all_in", "training_usd")
    keys += ("hosting_usd_per_month", "total_usd")
    figures = {arm: tuple(row[key] for key in keys) for arm, row in value["arms"].items()}
    assert figures == {
        "base": (0.00018, 36, 36, 0, 0, 432),
        "tuned": (0.00128, 1497, 1499.5, 30, 1241, 17994),
    }
    assert value["months_of_use"] == 12
    assert value["break_even"] == {
        "requests_per_month": None,
        "low": None,
        "high": None,
        "month": None,
        "reason": "never: the tuned model costs more per request",
    }
    assert value["missing"] == []


def test_a_break_even_is_counted_to_the_request(run):
    # Saved a request: 0.00018 - 0.00008 = 0.0001; hosting 73, training 30, over 12 months:
    # 12 x 73 + 30 = 906 = 12 x n x 0.0001  =>  n = 755,000.
    # At 1,000,000 a month: base 180; tuned 30 + k x (80 + 73) <= k x 180  =>  k >= 30 / 27 = 1.1.
    toml = EXAMPLE.replace("input = 0.80", "input = 0.05").replace("output = 3.20", "output = 0.20")
    toml = toml.replace("hosting_per_hour = 1.70", "hosting_per_hour = 0.10")
    toml = toml.replace("requests_per_month = 200000", "requests_per_month = 1000000")
    found = run.json("cost", run.write(toml), "--today", TODAY)["break_even"]
    assert found == {
        "requests_per_month": 755_000,
        "low": None,
        "high": None,
        "month": 2,
        "reason": "paid back in month 2",
    }


def test_what_is_unknown_is_null_and_named(run):
    toml = EXAMPLE.replace("output = 3.20\n", "").replace("requests_per_month = 200000\n", "")
    value = run.json("cost", run.write(toml), "--today", TODAY)
    tuned = value["arms"]["tuned"]
    assert (tuned["usd_per_request"], tuned["usd_per_month"], tuned["total_usd"]) == (None,) * 3
    assert (tuned["training_usd"], tuned["hosting_usd_per_month"]) == (30, 1241)
    assert value["arms"]["base"]["usd_per_request"] == 0.00018
    assert value["arms"]["base"]["usd_per_month"] is None
    assert value["missing"] == [
        "base: requests a month",
        "tuned: output price",
        "tuned: requests a month",
    ]
    assert value["break_even"]["requests_per_month"] is None
    assert "tuned: output price" in value["break_even"]["reason"]


def test_a_run_measures_what_the_case_does_not_say(run, recorded):
    arguments = ("cost", sample_case("clinic_notes"), "--today", TODAY)
    counted, measured = run.json(*arguments), run.json(*arguments, "--db", recorded[0])
    before, after = (value["arms"]["base"]["tokens"] for value in (counted, measured))
    assert (before["origin"], after["origin"]) == ("counted", "measured")
    assert before["output"] != after["output"]  # approved notes before, recorded answers after
    # The spread of 40 notes makes a range; before the run there is none.
    found = measured["break_even"]
    assert found["low"] < found["requests_per_month"] < found["high"] < 1.25 * found["low"]
    assert (counted["break_even"]["low"], counted["break_even"]["high"]) == (None, None)


# Decide


def test_a_decision_has_every_key(run, recorded):
    case = sample_case("clinic_notes")
    value = run.json("decide", case, "--db", recorded[0], "--today", TODAY)
    wanted = {"recommendation", "firmness", "score", "caps", "gates", "evidence", "reasons"}
    assert wanted | {"flips", "next_step", "cost"} <= value.keys()
    assert {"word", "preferences", "e_value", "p", "interval", "n_more"} <= value["evidence"].keys()
    assert set(value["cost"]) == {"arms", "months_of_use", "break_even", "missing"}
    # Of 39 clear choices 22 went to tuned: twice the chance of 22 or more heads of 39 = 0.522.
    assert value["evidence"]["p"] == pytest.approx(0.522, abs=0.001)
    # Wilson: centre (22 + 1.92) / (39 + 3.84) = 0.558,
    # half width 1.96 / 42.84 x sqrt(22 x 17 / 39 + 0.96) = 0.149.
    assert value["evidence"]["interval"] == pytest.approx([0.409, 0.707], abs=0.001)
    assert value["evidence"]["e_needed"] == 100  # a wrong note is costly
    # The use case 25; 67 pairs 20 x (ln(67 / 50) / ln 4 - 1) = -15.8; facts in the text
    # 0.3 x 15 = 4.5; hundreds of times dearer -10.
    assert value["score"] == pytest.approx(25 - 15.8 + 4.5 - 10, abs=0.05)


def test_without_a_run_the_answers_alone_speak(run):
    value = run.json("decide", run.write(SHORT), "--today", TODAY)
    assert (value["recommendation"], value["firmness"]) == ("base", "provisional")
    assert (value["score"], value["evidence"]["word"]) == (-25, "none")
    assert value["evidence"]["interval"] is None


@pytest.mark.parametrize(
    ("brief", "code"),
    [
        pytest.param("", 1, id="provisional"),
        pytest.param('training_permission = "no"\n', 0, id="blocked"),
    ],
)
def test_require_decided(run, brief, code):
    arguments = ("decide", run.write(SHORT + brief), "--today", TODAY)
    run(*arguments)
    value = run.json(*arguments, "--require-decided", expect=code)
    assert value["firmness"] == ("blocked" if brief else "provisional")


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
        found = run(command, run.write(EXAMPLE), "--json", "-", "--today", TODAY)
        assert isinstance(json.loads(found.stdout), dict)
        assert found.stderr


# Wrong input


@pytest.mark.parametrize("command", ["cost", "decide"])
@pytest.mark.parametrize(
    ("toml", "said"),
    [
        pytest.param("title = ", "CASE.toml is not valid TOML", id="TOML"),
        pytest.param(EXAMPLE.replace("epochs", "epoch"), "arms.tuned.price.epoch", id="key"),
        pytest.param(SHORT.replace("chatbots", "chatboots"), "general_chatboots", id="use case"),
        pytest.param(EXAMPLE.replace("prompts.jsonl", "none.jsonl"), "none.jsonl", id="no file"),
        pytest.param(SHORT + '[arms.tuned]\noffer = "acme:x"\n', "No offer goes by", id="offer"),
    ],
)
def test_a_case_that_cannot_be_used_is_one_sentence(run, command, toml, said):
    assert said in run.refused(command, run.write(toml), "--today", TODAY)


def test_a_measure_nobody_knows(run):
    toml = SHORT + '[run]\nprimary_metric = "blue"\n'
    assert "blue" in run.refused("decide", run.write(toml), "--today", TODAY)


def test_an_ambiguous_offer_lists_what_can_be_meant(run):
    toml = SHORT + '[arms.tuned]\noffer = "azure_foundry:gpt-4.1"\n'
    sentence = run.refused("decide", run.write(toml), "--today", TODAY)
    for method in ("SFT/DPO global", "SFT/DPO developer"):
        assert f'"azure_foundry:gpt-4.1-2025-04-14:{method}"' in sentence


@pytest.mark.parametrize("command", ["compare", "decide", "cost"])
def test_no_case_file(run, command):
    said = run.refused(command, run.folder / "none.toml", "--db", run.folder / "x.db")
    assert "none.toml can't be opened" in said


@pytest.mark.parametrize(
    ("prompts", "said"),
    [
        pytest.param("", "No text found", id="empty"),
        pytest.param("[]", "Line 1 of prompts.jsonl is not a JSON object", id="list"),
        pytest.param('{"p": "x"}', 'has no "prompt"', id="no prompt"),
    ],
)
def test_prompts_that_cannot_be_read(run, prompts, said):
    assert said in run.refused("decide", run.write(EXAMPLE, prompts), "--today", TODAY)


def test_a_case_without_models_compares_nothing(run):
    said = run.refused("compare", run.write(SHORT), "--db", run.db)
    assert said.startswith("There is nothing to run: add texts, and an address and a model")


def test_a_key_that_is_not_set(run, monkeypatch):
    monkeypatch.delenv("WORTH_TUNING_TEST_KEY", raising=False)
    said = run.refused("compare", run.write(EXAMPLE), "--db", run.db)
    assert said == (
        "arms.base wants WORTH_TUNING_TEST_KEY from the environment; set it to the key.\n"
    )


def test_a_cap_without_a_price_is_refused(run, monkeypatch):
    monkeypatch.setenv("WORTH_TUNING_TEST_KEY", "k")
    toml = EXAMPLE.replace("output = 3.20\n", "")
    assert "ft:base-model:acme::abc123" in run.refused("compare", run.write(toml), "--db", run.db)


def test_a_database_that_is_not_there(run):
    case = run.write(SHORT)
    assert "does not exist; run compare first" in run.refused("decide", case, "--db", run.db)
    assert "The folder" in run.refused("compare", case, "--db", run.folder / "no" / "a.db")


def test_a_run_without_a_database(run, monkeypatch):
    """The app's own is asked: where it was never made there is nothing to look in."""
    monkeypatch.setenv("WORTH_TUNING_DB", str(run.folder / "never made.db"))
    settings.cache_clear()
    try:
        assert "--run needs --db" in run.refused("decide", run.write(SHORT), "--run", "x")
    finally:
        settings.cache_clear()


def test_a_run_nobody_knows(run, recorded):
    options = ("--db", recorded[0], "--run", "x", "--today", TODAY)
    assert "no run" in run.refused("decide", sample_case("clinic_notes"), *options)


@pytest.mark.parametrize("option", ["--json", "--pdf"])
def test_an_output_that_cannot_be_written(run, option):
    target = run.folder / "no" / "such" / "file"
    found = run("decide", run.write(SHORT), option, target, "--today", TODAY, expect=2)
    assert found.stderr.startswith(f"{target} can't be written")
    assert "Traceback" not in found.output


def test_nothing_is_written_where_one_output_cannot_be(run):
    pdf = run.folder / "no" / "such.pdf"
    run.refused("decide", run.write(SHORT), "--pdf", pdf, "--today", TODAY)


@pytest.mark.parametrize("command", ["compare", "decide"])
def test_a_database_that_is_none(run, command):
    run.db.write_text("These are my notes, not a database. " * 50)
    assert str(run.db) in run.refused(command, sample_case("chatbot"), "--db", run.db)
    assert run.db.read_text().startswith("These are my notes")


def test_nothing_is_bought_for_an_output_that_cannot_be_written(run):
    with replaying("clinic_notes") as server:
        case = run.copy("clinic_notes", server.url, texts=1)
        target = run.folder / "no" / "out.json"
        run("compare", case, "--db", run.db, "--json", target, expect=2)
        assert server.asked == []


# As a program


def test_the_program_itself(run):
    arguments = ("cost", run.write(EXAMPLE), "--json", run.out, "--today", TODAY)
    done = subprocess.run(
        [sys.executable, "-m", "advisor", *map(str, arguments)],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(run.out.read_text("utf-8"))["arms"]["tuned"]["total_usd"] == 17994
