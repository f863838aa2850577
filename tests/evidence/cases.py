"""What evidence is gathered of in the tests: votes, or the figures of recorded answers."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from advisor.case.brief import Brief
from advisor.case.case import Case, Judgment, RunSettings
from advisor.case.case_file import SAMPLES
from advisor.case.texts import Prompt
from advisor.evidence.gather import gather
from advisor.evidence.model import Evidence, Output, Preference, Vote
from advisor.verdict.rules import load_rules
from tests.make import CHATBOT, both, case_of, sha256

RULES = load_rules()
RECORDED = Path(__file__).parent / "recorded"
WHOLE = {"run_complete": True, "rules": RULES.evidence, "seed": 1}


def gather_evidence(*given: Any, **options: Any) -> Evidence:
    """What a run shows, without what it was weighed from."""
    return gather(*given, **options)[0]


def in_blocks(wins: int, losses: int, ties: int = 0, both_bad: int = 0) -> list[Preference]:
    return ["tuned"] * wins + ["base"] * losses + ["tie"] * ties + ["both_bad"] * both_bad


def shown_by_votes(
    preferences: Sequence[Preference], brief: Brief = CHATBOT, **options: object
) -> Evidence:
    """Evidence of one voter's preferences, both arms having answered every prompt."""
    case = case_of(len(preferences), brief)
    outputs = both(case)
    votes = [Vote(p.id, said) for p, said in zip(case.prompts, preferences, strict=True)]
    return gather_evidence(case, outputs, votes, **WHOLE | options)


def rows(name: str) -> list[dict[str, str]]:
    with (RECORDED / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def judged(name: str, brief: Brief) -> tuple[Case, list[Output], list[Judgment]]:
    """Recorded answers (of the recorded length) and one judge's verdicts, base always first."""
    found = rows(name)
    texts = {(r["id"], a): a[0] * int(r[f"{a}_chars"]) for r in found for a in ("base", "tuned")}
    outputs = [Output(p, arm, 0, "answered", text) for (p, arm), text in texts.items()]
    judgments = [
        Judgment(
            prompt_id=r["id"],
            preference=r["verdict"],
            judge="gpt-4",
            order="base_first",
            base_sha256=sha256(texts[r["id"], "base"]),
            tuned_sha256=sha256(texts[r["id"], "tuned"]),
        )
        for r in found
    ]
    asked = tuple(Prompt(id=r["id"], text="a question", segment=r["category"]) for r in found)
    alone = brief.model_copy(update={"together": False})
    return Case(title="A chatbot", brief=alone, prompts=asked), outputs, judgments


def scored(name: str, brief: Brief) -> tuple[Case, list[Output]]:
    """Answers that are their own recorded ROUGE-1, filled up to the recorded length.

    For the metric `number`, which reads them back.
    """
    found = rows(name)
    outputs = [
        Output(r["id"], a, 0, "answered", r[f"{a}_rouge1"].ljust(int(r[f"{a}_chars"])))
        for r in found
        for a in ("base", "tuned")
    ]
    asked = tuple(
        Prompt(id=r["id"], text="a visit", reference=f"a note of {r['id']}") for r in found
    )
    settings = RunSettings(primary_metric="number")
    alone = brief.model_copy(update={"together": False})
    return Case(title="Notes", brief=alone, prompts=asked, run=settings), outputs


def sample_answers(name: str) -> dict[tuple[str, str], str]:
    """Recorded answers of a sample, by prompt and arm."""
    lines = (SAMPLES / name / "answers.jsonl").read_text("utf-8").splitlines()
    return {(row["prompt_id"], row["arm"]): row["text"] for row in map(json.loads, lines)}
