"""Invented names and numbers: how many are found, and how many of those found are so."""

import json
from pathlib import Path

from advisor.case import load_sample
from advisor.evidence.metrics.invented import invented_items
from advisor.evidence.metrics.numbers import claimed

from .cases import sample_answers

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
