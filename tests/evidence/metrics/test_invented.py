"""Invented names and numbers: how many are found, and how many of those found are so."""

import json
from pathlib import Path

import pytest

from advisor.case.case_file import load_sample
from advisor.evidence.metrics.invented import invented, invented_items
from advisor.evidence.metrics.numbers import claimed, heard
from tests.evidence.cases import sample_answers

LABELS = Path(__file__).parent / "data" / "invented.jsonl"


def same(found, label):
    """The same number by value, or names that share a word."""
    if label[0].isdigit():
        return label in {value for _, value in claimed(found)}
    return bool(set(found.casefold().split()) & set(label.casefold().split()))


def counted():
    """(labelled and found, labelled, found) over the 40 answers."""
    prompts = {p.id: p for p in load_sample("clinic_notes").prompts}
    answers = sample_answers("clinic_notes")
    hits = labelled = items = 0
    for line in LABELS.read_text("utf-8").splitlines():
        row = json.loads(line)
        prompt = prompts[row["prompt_id"]]
        found = invented_items(
            answers[row["prompt_id"], row["arm"]], (prompt.text, prompt.reference)
        )
        hit = sum(any(same(item, label) for item in found) for label in row["invented"])
        hits, labelled, items = hits + hit, labelled + len(row["invented"]), items + len(found)
    return hits, labelled, items


def test_precision_and_recall_on_answers_it_was_not_written_for():
    hits, labelled, found = counted()
    assert (hits, labelled, found) == (88, 97, 99)  # precision 0.89, recall 0.91


def test_the_name_the_tuned_model_made_up_is_found():
    prompts = {p.id: p for p in load_sample("clinic_notes").prompts}
    text = sample_answers("clinic_notes")["D2N088", "tuned"]
    sources = (prompts["D2N088"].text, prompts["D2N088"].reference)
    assert invented_items(text, sources) == ("45", "Andrew Taylor")
    assert invented(text, sources) == 2


@pytest.mark.parametrize(
    ("answer", "source", "items"),
    [
        pytest.param("BP is 120/80.", "one twenty over eighty", (), id="spoken"),
        pytest.param("98.4 degrees", "ninety eight point four", (), id="spoken decimal"),
        pytest.param("1,000 mg twice", "a thousand milligrams twice", (), id="thousands"),
        pytest.param("In 4 weeks.", "in three weeks", ("4",), id="another number"),
        pytest.param("in twenty-two days", "in 21 days", ("twenty two",), id="in words"),
        pytest.param("A1c, COVID-19, L5", "nothing", (), id="a figure within a name"),
        pytest.param("1. Rest\n2) Ice\n3• Heat", "rest, ice, heat", (), id="numbering"),
        pytest.param("She saw Dr. Reyes.", "she saw a doctor", ("Reyes",), id="after a title"),
        pytest.param("she saw dr. reyes", "dr reyes saw her", (), id="known, small"),
        pytest.param("The pain is gone.", "it does not hurt", (), id="head of a sentence"),
        pytest.param("PLAN\nMedical Reasoning: rest", "rest", (), id="headings"),
        pytest.param("Come on Monday in May", "come soon", (), id="the calendar is no name"),
        pytest.param("", "anything 12", (), id="an empty answer"),
    ],
)
def test_what_counts_as_invented(answer, source, items):
    assert invented_items(answer, (source, "")) == items


def test_capitals_name_nobody_in_german():
    source = "Der Kunde meldet einen Schaden am Auto. " * 5
    answer = "Der Versicherte meldet einen Unfall mit dem Wagen und 7 Beulen. " * 5
    assert invented_items(answer, (source, source)) == ("7",)


def test_a_copy_of_the_text_invents_nothing():
    for prompt in load_sample("clinic_notes").prompts:
        assert invented(prompt.text, (prompt.text, prompt.reference)) == 0


def test_numbers_of_a_long_text_are_read_at_once():
    text = "one twenty " * 20_000
    assert "120" in heard(text)
