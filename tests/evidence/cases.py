"""Cases with answers for the tests: made up, or with the figures of recorded ones."""

import csv
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from advisor.case.brief import Brief
from advisor.case.case import Case, Judgment, RunSettings
from advisor.case.case_file import SAMPLES
from advisor.case.options import ArmName, Judge
from advisor.case.texts import Prompt
from advisor.evidence.gather import gather
from advisor.evidence.model import Evidence, Output, Preference, Vote
from advisor.verdict.rules import load_rules

RULES = load_rules()
RECORDED = Path(__file__).parent / "recorded"
WHOLE = {"run_complete": True, "rules": RULES.evidence, "seed": 1}
CHATBOT = Brief(use_case="general_chatbots")


def gather_evidence(*given: Any, **options: Any) -> Evidence:
    """What a run shows, without what it was weighed from."""
    return gather(*given, **options)[0]


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def prompts(n: int, **fields: object) -> tuple[Prompt, ...]:
    return tuple(Prompt(id=f"p{i:03}", text="a text", **fields) for i in range(n))


def answer(prompt_id: str, arm: ArmName, text: str | None = None, sample: int = 0) -> Output:
    return Output(prompt_id, arm, sample, "answered", text or f"{arm} says {prompt_id}")


def preferred(wins: int, losses: int, ties: int = 0, both_bad: int = 0) -> list[Preference]:
    return ["tuned"] * wins + ["base"] * losses + ["tie"] * ties + ["both_bad"] * both_bad


def case_of(n: int, brief: Brief = CHATBOT, **fields: object) -> Case:
    return Case(title="A test", brief=brief, prompts=prompts(n, **fields))


def with_judge(n: int, judge: Judge | None, brief: Brief = CHATBOT) -> Case:
    return case_of(n, brief).model_copy(update={"judge": judge})


def both(case: Case) -> list[Output]:
    """Both arms answered every prompt."""
    return [answer(p.id, arm) for p in case.prompts for arm in ("base", "tuned")]


def judgment(prompt_id: str, preference: Preference, **fields: object) -> Judgment:
    """Of the answers that `both` gives."""
    shown = {f"{arm}_sha256": sha256(f"{arm} says {prompt_id}") for arm in ("base", "tuned")}
    judged = {"prompt_id": prompt_id, "preference": preference, "judge": "a judge"}
    return Judgment(**judged | shown | {"order": "both"} | fields)


def voted(preferences: Sequence[Preference], brief: Brief = CHATBOT, **options: object) -> Evidence:
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
    asked = tuple(Prompt(id=r["id"], text="a question", cluster=r["category"]) for r in found)
    return Case(title="A chatbot", brief=brief, prompts=asked), outputs, judgments


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
    asked = tuple(Prompt(id=r["id"], text="a visit", reference="a note") for r in found)
    settings = RunSettings(primary_metric="number")
    return Case(title="Notes", brief=brief, prompts=asked, run=settings), outputs


def sample_answers(name: str) -> dict[tuple[str, str], str]:
    """Recorded answers of a sample, by prompt and arm."""
    lines = (SAMPLES / name / "answers.jsonl").read_text("utf-8").splitlines()
    return {(row["prompt_id"], row["arm"]): row["text"] for row in map(json.loads, lines)}
