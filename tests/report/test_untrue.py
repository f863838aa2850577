"""Sentences that were once untrue of a case, each with the case: see `tests/cases/sentences/`."""

import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from advisor.case import Case, load_case
from advisor.decision import Decision, Record, decide_case
from advisor.evidence.model import Output, Preference, Vote
from advisor.report.first_page import prices_until
from tests.report.whole_cases import NO_RUN, WHOLE, preferred

FOLDERS = sorted(
    path.parent for path in Path(__file__).parents[1].glob("cases/sentences/*/SAYS.toml")
)
TODAY = date(2026, 11, 22)


def strings(value: object) -> Iterator[str]:
    """Every text in a report, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from strings(part)


def decided(case: Case, record: Record = NO_RUN, today: date = TODAY) -> Decision:
    made_at = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
    return decide_case(case, record, today=today, made_at=made_at)


def record_of(case: Case, votes: dict[str, Any]) -> Record:
    """All options answered every text, and a reader voted on the first so many, mixed."""
    if not votes:
        return Record()
    outputs = tuple(
        Output(
            p.id,
            arm,
            0,
            "answered",
            f"Answer of {arm:13} to {p.text}",
            input_tokens=9,
            output_tokens=9,
        )
        for p in case.prompts
        for arm in case.arms
    )
    quality = votes.get("quality")
    challenger = "base_examples" if "base_examples" in votes else "tuned"
    sides = preferred(votes.get(challenger, 0), votes.get("base", 0), votes.get("tie", 0))
    given = tuple(
        Vote(p.id, side, challenger=challenger, base_quality=quality, tuned_quality=quality)
        for p, side in zip(case.prompts, sides, strict=False)
    )
    return Record(outputs, given, complete=True, seed=7)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_is_told_what_is_true_of_it(folder):
    told = tomllib.loads((folder / "SAYS.toml").read_text("utf-8"))
    case = load_case(folder / "CASE.toml")
    report = decided(case, record_of(case, told.get("votes", {}))).report
    text = "\n".join(strings(report))
    for sentence in told["says"]:
        assert sentence in text
    for sentence in told["never"]:
        assert sentence not in text


def answer(decision: Decision, topic: str) -> str:
    page = decision.report.first_page
    lines = (*page.director, *page.legal)
    return next(line.text for line in lines if line.topic == topic)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        pytest.param(-1, "{due}: then the prices", id="tomorrow"),
        pytest.param(0, "The prices are due today: read them again", id="today"),
        pytest.param(1, "Prices are out of date since {due}: read them again", id="yesterday"),
    ],
)
def test_prices_were_due_only_once_their_day_is_over(days, said):
    case = WHOLE["4_test_for_tuned"].case
    due = prices_until(decided(case).money)
    until = answer(decided(case, today=due + timedelta(days)), "Valid until")
    assert until.startswith(said.format(due=f"{due.day} {due:%b %Y}"))


def judged(voters: tuple[str, ...]) -> Decision:
    """A judge chose fine-tuned in every second of 35 texts, each voter in the first four only."""
    whole = WHOLE["4_test_for_tuned"]
    texts = {
        (o.prompt_id, o.arm): sha256(o.text.encode()).hexdigest() for o in whole.record.outputs
    }
    prompts = whole.case.prompts[:35]
    judgments = [
        {
            "prompt_id": p.id,
            "preference": "base" if n % 2 else "tuned",
            "judge": "a-judge",
            "order": "both",
            "base_sha256": texts[p.id, "base"],
            "tuned_sha256": texts[p.id, "tuned"],
        }
        for n, p in enumerate(prompts)
    ]
    case = Case.model_validate({**whole.case.model_dump(), "judgments": judgments})
    said: list[Preference] = ["tuned"] * 4 + ["base"] * 31
    votes = tuple(
        Vote(p.id, side, voter=voter)
        for voter in voters
        for p, side in zip(prompts, said, strict=True)
    )
    return decided(case, replace(whole.record, votes=votes))


@pytest.mark.parametrize(
    "voters", [pytest.param(("me",), id="you"), pytest.param(("Anna", "Ben"), id="others")]
)
def test_whoever_voted_it_is_the_votes_that_agree_with_the_judge(voters):
    """The same in 2 of the first 4 texts, and in the 15 after them that the judge gave to base."""
    text = "\n".join(strings(judged(voters).report.evidence.sentences))
    assert "Votes and judge agree on 17 of 35 texts" in text
    assert "You and the judge agree" not in text


def test_a_run_with_no_address_sent_nothing_to_anybody_and_is_a_run():
    whole = WHOLE["4_test_for_tuned"]
    arms = {n: a.model_copy(update={"endpoint": "replay:x"}) for n, a in whole.case.arms.items()}
    case = whole.case.model_copy(update={"arms": arms})
    received = answer(decided(case, whole.record), "Who received the texts")
    assert received == "Nobody: the answers were recorded before and are replayed."
    votes = tuple(replace(vote, voter="Anna") for vote in whole.record.votes)
    received = answer(decided(case, replace(whole.record, votes=votes)), "Who received the texts")
    assert received == "1 invited reader; and this app's server, which keeps them."


def test_an_option_that_was_taken_out_received_the_texts_all_the_same():
    whole = WHOLE["4_test_for_tuned"]
    case = whole.case.model_copy(update={"arms": {"base": whole.case.arms["base"]}})
    received = answer(decided(case, whole.record), "Who received the texts")
    assert received.startswith(
        "Your own machine or network (base) and 1 option no longer in this case"
    )
    assert received.endswith("In which region is not recorded here.")


def test_a_judge_that_was_never_asked_received_nothing():
    decision = judged(("me",))
    judge = {"endpoint": "https://api.anthropic.com/v1", "model": "claude-haiku-5-5"}
    case = Case.model_validate({**decision.case.model_dump(), "judge": judge})
    received = answer(decided(case, decision.record), "Who received the texts")
    assert "the judge" not in received
