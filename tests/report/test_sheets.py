"""Answers and results for a spreadsheet: no cell runs, no number becomes a text."""

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.case.case_file import load_sample
from advisor.case.run_spec import spec_of
from advisor.evidence.model import Output
from advisor.report.results import result_rows
from advisor.report.sheets import as_csv, as_jsonl, result_sheet
from advisor.store.archive.sheet import OUTPUT_COLUMNS, output_rows
from advisor.store.repository import Store
from tests.make import case_at, decide

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\uff1d1", "\uff20A1"]
)
def test_a_text_that_would_run_as_a_formula_is_quoted(text):
    assert read(as_csv([{"a": text}])) == [["a"], [f"'{text}"]]
    assert json.loads(as_jsonl([{"a": text}])) == {"a": text}


def test_numbers_stay_numbers():
    row = {"n": -3, "x": -0.5, "d": Decimal("-0.0000001"), "b": True, "none": None, "t": NOON}
    assert read(as_csv([row]))[1] == [
        "-3", "-0.5", "-0.0000001", "True", "", "2026-11-22T12:00:00+00:00"
    ]  # fmt: skip
    assert json.loads(as_jsonl([row])) == {
        "n": -3, "x": -0.5, "d": -1e-07, "b": True, "none": None, "t": "2026-11-22T12:00:00+00:00"
    }  # fmt: skip


def test_nothing_is_an_empty_file():
    assert as_csv([]) == b"\xef\xbb\xbf"
    assert as_jsonl([]) == b""


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_any_text_comes_back_from_csv_and_jsonl(texts):
    rows = [{"a": text} for text in texts]
    for given_text, (cell,) in zip(texts, read(as_csv(rows))[1:], strict=True):
        assert cell in (given_text, f"'{given_text}")
        assert not cell.startswith(("=", "+", "-", "@"))
    lines = as_jsonl(rows).decode().rstrip("\n").split("\n")
    assert [json.loads(line)["a"] for line in lines] == texts


def test_every_answer_is_a_row_with_its_run_model_and_cost(tmp_path):
    store = Store.open(tmp_path / "answers.db")
    case = case_at("http://localhost:1/v1", prompts=2)
    case_id = store.save_case(case)
    run_id = store.start_run(case_id, spec_of(case), case.run)
    for call in spec_of(case).calls():
        output = Output(call.prompt_id, call.arm, 0, "answered", "=1", served_model="m-1")
        store.keep_calls(run_id, ended=[(call, output, Decimal("0.10"))])
    rows = output_rows(store.take_out(case_id))
    assert [(r["run"], r["prompt_id"], r["arm"], r["model"]) for r in rows] == [
        (1, "p0", "base", "m-base"),
        (1, "p0", "tuned", "m-tuned"),
        (1, "p1", "base", "m-base"),
        (1, "p1", "tuned", "m-tuned"),
    ]
    header, first = read(as_csv(rows))[:2]
    assert header == list(OUTPUT_COLUMNS)
    cells = dict(zip(header, first, strict=True))
    assert (cells["text"], cells["cost_usd"], cells["served_model"]) == ("'=1", "0.10", "m-1")


def test_the_results_are_those_of_the_page():
    case = load_sample("clinic_notes")
    rows = result_sheet(result_rows(decide(case)))
    assert len(rows) == 40
    assert read(as_csv(rows))[0][:3] == ["prompt_id", "text", "preferred"]
