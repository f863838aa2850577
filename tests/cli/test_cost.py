"""Costs from the command line, each worked out by hand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.case_files import WHOLE
from tests.cli.command import TODAY, sample_case
from tests.fault_server import FaultServer

ROOT = Path(__file__).parents[2]


def test_the_cost_of_the_documented_example(run):
    # base    (800 x 0.10 + 200 x 0.50) / 1M  = 0.00018 a request, x 200,000 = 36 a month
    # tuned   (800 x 0.80 + 200 x 3.20) / 1M  = 0.00128 a request, x 200,000 = 256 a month
    #         + hosting 730 x 1.70 = 1,241    = 1,497 a month running
    #         training 2M x 3 x 5 / 1M        = 30, though the model is already on trial
    #         12 x 1,497 + 30                 = 17,994 in all, 1,499.50 a month
    value = run.json("cost", run.write(WHOLE), "--today", TODAY)
    assert set(value) == {
        "arms", "people_included", "months_of_use", "break_even", "missing",
    }  # fmt: skip
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
        "up_to": None,
        "reason": "never: the tuned model costs more per request",
    }
    assert value["missing"] == []


def test_a_break_even_is_counted_to_the_request(run):
    # Saved a request: 0.00018 - 0.00008 = 0.0001; hosting 73, training 30, over 12 months:
    # 12 x 73 + 30 = 906 = 12 x n x 0.0001  =>  n = 755,000.
    # At 1,000,000 a month: base 180; tuned 30 + k x (80 + 73) <= k x 180  =>  k >= 30 / 27 = 1.1.
    toml = WHOLE.replace("input = 0.80", "input = 0.05").replace("output = 3.20", "output = 0.20")
    toml = toml.replace("hosting_per_hour = 1.70", "hosting_per_hour = 0.10")
    toml = toml.replace("requests_per_month = 200000", "requests_per_month = 1000000")
    found = run.json("cost", run.write(toml), "--today", TODAY)["break_even"]
    assert found == {
        "requests_per_month": 755_000,
        "low": None,
        "high": None,
        "month": 2,
        "up_to": None,
        "reason": "paid back in month 2",
    }


def test_what_is_unknown_is_null_and_named(run):
    toml = WHOLE.replace("output = 3.20\n", "").replace("requests_per_month = 200000\n", "")
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


def test_the_program_itself(run):
    arguments = ("cost", run.write(WHOLE), "--json", run.out, "--today", TODAY)
    done = subprocess.run(
        [sys.executable, "-m", "advisor", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(run.out.read_text("utf-8"))["arms"]["tuned"]["total_usd"] == 17994


OWN_MACHINE = """
title = "Own machine"

[brief]
use_case = "general_chatbots"

[prompts]
file = "prompts.jsonl"

[volume]
requests_per_month = 72000

[arms.base]
endpoint = "{url}"
model = "small"
price = {{ machine_per_hour = 1.5{also} }}

[run]
concurrency = 2
"""


def test_the_texts_an_hour_of_an_own_machine_are_those_the_run_has_measured(run):
    prompts = "".join(f'{{"prompt": "Where is invoice {n}?"}}\n' for n in range(6))
    with FaultServer(latency_s=0.1).running() as server:
        case = run.write(OWN_MACHINE.format(url=server.url, also=""), prompts)
        before = run.json("cost", case, "--today", TODAY)
        assert before["missing"] == ["base: texts an hour"]
        assert before["arms"]["base"]["usd_per_month"] is None
        run.json("compare", case, "--db", run.db)
    after = run.json("cost", case, "--db", run.db, "--today", TODAY)
    base = after["arms"]["base"]
    # 2 at once, 0.1 s each: 72,000 an hour, less what a busy machine takes besides.
    assert 1_000 < base["texts_per_hour"] <= 73_000
    assert base["usd_per_month"] == pytest.approx(72_000 / base["texts_per_hour"] * 1.5)
    said = run("cost", case, "--db", run.db, "--today", TODAY).stdout
    texts = f"{base['texts_per_hour']:,.0f}"
    assert f"Base: texts its machine answers in an hour: {texts}, measured by the test" in said


def test_the_readers_own_texts_an_hour_go_before_those_measured(run):
    case = run.write(OWN_MACHINE.format(url="http://localhost:1/v1", also=", texts_per_hour = 500"))
    base = run.json("cost", case, "--today", TODAY)["arms"]["base"]
    # 72,000 / 500 = 144 hours at 1.50
    assert (base["usd_per_month"], base["texts_per_hour"]) == (216, 500)
    assert base["own_figures"] == ["machine_per_hour", "texts_per_hour"]
