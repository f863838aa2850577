"""What a checked file measured goes before what was ticked or typed, in every figure."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from advisor.case.training_summary import TrainingSummary
from advisor.report.as_json import decision_json
from advisor.report.pilot import pilot
from advisor.report.report import write_report
from advisor.report.signals import SIGNAL_WORDS, signal_rows
from advisor.store.archive.file import read_file, write_file
from advisor.store.archive.model import Archive
from advisor.training.case_file import load_case
from advisor.verdict.gates import TooFewPairs
from advisor.verdict.training_jobs import jobs_of
from advisor.verdict.where_to_tune import where_to_tune
from tests.make import AZURE_MINI, FULL, LUNA, TODAY, Whole, arm, case, tuned
from tests.training.files import jsonl, pair

D = Decimal
AT = datetime(2026, 11, 22, tzinfo=UTC)
FILE = TrainingSummary(
    file="t.jsonl",
    sha256="0",
    examples=310,
    usable=300,
    grade="enough",
    tokens=262_000,
    epochs=3,
)
IDEA = FULL | {"stage": "idea", "training_pairs": 200}


def measured(option=None, file=FILE, **answers):
    arms = {"base": arm(LUNA), "tuned": option or arm(AZURE_MINI)}
    found = case("classification", arms, texts=40, **IDEA | answers)
    return found.model_copy(update={"training": file})


def prices(found):
    """The training job at the chosen offer, by everything that prices it."""
    decided = Whole(found).decided()
    money = decided.money
    place = next(p for p in where_to_tune(found, money, TODAY) if p.chosen)
    job = next(j for j in jobs_of(found, money, TODAY) if j.ref == place.ref)
    return (
        {
            "verdict": decided.facts.cost().arms["tuned"].training_usd,
            "money": money.cost.arms["tuned"].training_usd,
            "where to tune": place.training_usd,
            "training file": job.usd,
        },
        decided,
    )


@pytest.mark.parametrize(
    ("option", "usd"),
    [
        # 262,000 x 3 x $5 per 1M at Azure
        pytest.param(arm(AZURE_MINI), "3.93", id="nothing typed"),
        pytest.param(tuned(), "3.93", id="2,000,000 typed before the file was checked"),
        pytest.param(arm(AZURE_MINI, epochs=1), "1.31", id="passes are the reader's choice"),
        pytest.param(
            arm(AZURE_MINI).model_copy(update={"discount_percent": D(40)}), "2.358", id="40 % off"
        ),
        pytest.param(arm(AZURE_MINI, training_per_1m=D(10)), "7.86", id="the reader's own price"),
    ],
)
def test_the_same_job_has_one_price(option, usd):
    found, decided = prices(measured(option))
    assert set(found.values()) == {D(usd)}, found
    shown = f"${D(usd).quantize(D('0.01'))}"
    row = next(row for row in write_report(decided).costs if row.option == "Fine-tuned")
    assert row.training == shown
    assert json.loads(decision_json(decided))["cost"]["arms"]["tuned"]["training_usd"] == float(usd)


@pytest.mark.parametrize("ticked", [None, 0, 10, 50, 200, 1000])
def test_the_pairs_are_the_file_s_whatever_was_ticked(ticked):
    decided = Whole(measured(training_pairs=ticked)).decided()
    signal = next(s for s in decided.verdict.lean.signals if s.key == "training_pairs")
    assert signal.value is not None
    (said,) = [
        row.said for row in signal_rows(decided) if row.name == SIGNAL_WORDS["training_pairs"]
    ]
    assert said == "300 approved pairs"
    assert decided.verdict.gates == ()
    assert decided.verdict.answered == 12
    assert not any("approved answers you have" in line for line in write_report(decided).missing)
    assert {f.now for f in decided.smallest_changes if str(f.input) == "brief.training_pairs"} <= {
        300
    }
    assert decided.case.brief.training_pairs == ticked  # the answer itself stays


def test_a_file_of_three_pairs_blocks_where_200_were_ticked():
    file = FILE.model_copy(update={"usable": 3, "grade": "not possible"})
    verdict = Whole(measured(file=file)).decided().verdict
    assert [gate.key for gate in verdict.gates] == ["G1"]
    assert isinstance(verdict.gates[0], TooFewPairs)
    assert verdict.gates[0].pairs == 3


def test_without_a_usable_pair_no_job_is_priced():
    file = FILE.model_copy(update={"usable": 0, "grade": "not possible"})
    found, _ = prices(measured(file=file))
    assert set(found.values()) == {None}


def test_the_pilot_is_of_the_file_and_at_its_price():
    found = measured()
    said = pilot(Whole(found).decided())
    assert "300 approved pairs learned 3 times" in said


def test_a_typed_size_that_does_not_count_is_no_own_figure():
    decided = Whole(measured(tuned())).decided()
    assert not any(
        "Units billed in the training file" in name for name in write_report(decided).own_figures
    )
    assumed = [
        text for name, text in write_report(decided).assumptions if name == "Fine-tuned: assumed"
    ]
    assert "training on the checked file: 300 approved pairs, seen 3 times" in assumed
    without = measured(tuned(), file=None)
    own = write_report(Whole(without).decided()).own_figures
    assert "Fine-tuned, your own figure: Units billed in the training file" in own


def test_the_check_goes_with_a_decision_s_file():
    kept = Archive(case=measured(), created_at=AT, standing=None, runs=())
    again = read_file(write_file(kept, AT))
    assert again.case.training == FILE


CASE = """
title = "c"
[brief]
use_case = "classification"
training_pairs = 200
[training]
{training}
"""


def test_a_case_file_names_a_training_file_which_is_checked(tmp_path):
    (tmp_path / "t.jsonl").write_bytes(
        jsonl(*(pair(f"{i**9} wholly else {i**5 * 13}", f"z {i**8}") for i in range(2, 32)))
    )
    path = tmp_path / "CASE.toml"
    path.write_text(CASE.format(training='file = "t.jsonl"'))
    found = load_case(path)
    assert (found.training.usable, found.known.training_pairs) == (30, 30)
    assert found.brief.training_pairs == 200


def test_a_case_file_holds_a_check_that_was_made_before(tmp_path):
    values = FILE.model_dump(exclude={"leaked", "prompts_sha256", "private"})
    lines = "\n".join(f"{key} = {json.dumps(value)}" for key, value in values.items())
    path = tmp_path / "CASE.toml"
    path.write_text(CASE.format(training=lines))
    assert load_case(path).training == FILE
