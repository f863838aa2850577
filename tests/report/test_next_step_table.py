"""The next step of every state a case and its run can be in: a row each."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, get_args

import pytest

from advisor.case.case import RunSettings
from advisor.case.options import Judge
from advisor.evidence.record import Record
from advisor.evidence.run_state import Status
from advisor.report.next_step import UNFINISHED
from advisor.report.report import write_report
from tests.make import FULL, LUNA, Whole, arm, case, preferred, refs, tuned, voted
from tests.report.whole_cases import BASES, NO_MODEL_YET

D = Decimal
ON_TRIAL = FULL
UNTRIED = {**FULL, "tried": ("prompt",)}
NOTHING_TRIED = {**NO_MODEL_YET, "tried": (), "gap": None}
TALK = "general_chatbots"
"""Leans towards neither side with these answers, so that no test is decided by them."""


def asked(texts: int = 40, arms: Any = None, answers: Any = ON_TRIAL, **fields: Any) -> Whole:
    """Before a run."""
    return Whole(case(TALK, arms, texts=texts, **answers).model_copy(update=fields))


def ran(
    wins: int = 0,
    losses: int = 0,
    ties: int = 0,
    texts: int | None = None,
    arms: Any = None,
    answers: Any = ON_TRIAL,
    **record: Any,
) -> Whole:
    """Every answer is in; so many texts have a vote, the others none."""
    given = preferred(wins, losses, ties)
    many = len(given) if texts is None else texts
    whole = voted(case(TALK, arms, texts=many, **answers), given)
    return Whole(whole.case, replace(whole.record, **{"status": "done"} | record))


def part(status: Status, **more: Any) -> Whole:
    """Ten of forty texts were answered."""
    whole = ran(texts=40, status=status, complete=False, **more)
    first = tuple(o for o in whole.record.outputs if o.prompt_id < "t010")
    return Whole(whole.case, replace(whole.record, outputs=first))


def nothing_yet(status: Status) -> Whole:
    whole = part(status)
    return Whole(whole.case, replace(whole.record, outputs=()))


def without(arm_name: str, outcome: str) -> Whole:
    """One option gave no answer to any text."""
    whole = ran(texts=12)
    outputs = tuple(
        replace(o, outcome=outcome, text="") if o.arm == arm_name else o
        for o in whole.record.outputs
    )
    return Whole(whole.case, replace(whole.record, outputs=outputs))


def judged_by(whole: Whole) -> Whole:
    judge = Judge(endpoint="http://127.0.0.1:1/v1", model="j")
    return Whole(whole.case.model_copy(update={"judge": judge}), whole.record)


def bases_only(**options: Any) -> Whole:
    whole = voted(refs(case(TALK, BASES, texts=40, **NO_MODEL_YET)), ())
    return Whole(whole.case, replace(whole.record, **{"status": "done"} | options))


def leaking(whole: Whole) -> Whole:
    from advisor.case.training_summary import TrainingSummary, text_digest

    first = whole.case.prompts[0]
    found = TrainingSummary(
        file="f",
        sha256="0",
        examples=300,
        usable=300,
        grade="enough",
        tokens=9_000,
        epochs=3,
        leaked={first.id: text_digest(first.text)},
    )
    return Whole(whole.case.model_copy(update={"training": found}), whole.record)


NO_ADDRESS = {"base": arm(LUNA).model_copy(update={"endpoint": "", "model": ""})}
OWN = {"base": arm(), "tuned": arm()}
"""Whose price nobody knows."""

STATES = {
    "no texts": (asked(0), "Bring about 130 of your own texts: what they show"),
    "no texts, nothing tried": (
        asked(0, answers=NOTHING_TRIED),
        "Write a careful instruction for the base model and bring about 130 of your own texts to",
    ),
    "texts, no option": (
        asked(40, {}),
        "Choose on Options which model answers, and where: your 40 texts can be run",
    ),
    "one text, options without an address": (
        asked(1, NO_ADDRESS),
        "Choose on Options which model answers, and where: your 1 text can be run",
    ),
    "a limit, and a price not known": (
        asked(arms=OWN, run=RunSettings(cap_usd=5)),
        "Enter on Costs what the options cost, or take the limit off on Compare",
    ),
    "no limit, and a price not known": (asked(arms=OWN), "Run your texts on both options"),
    "texts and both options": (asked(), "Run your texts on both options"),
    "examples untried": (asked(answers=UNTRIED), "You have not tried examples in the instruction"),
    "only a tuned option": (
        asked(arms={"tuned": tuned()}),
        "Choose a base model on Options, and run your texts on both options.",
    ),
    "a tuned model that has no address": (
        asked(arms={"base": arm(LUNA)}),
        "Enter on Options the address of your fine-tuned model, and run your texts",
    ),
    "no tuned model": (
        asked(arms={"base": arm(LUNA)}, answers=NO_MODEL_YET),
        "Run your texts on the base model as it is and with examples",
    ),
    "a run that was made and not started": (
        Whole(asked().case, Record(status="new", complete=False)),
        "Run your texts on both options",
    ),
    "running": (part("running"), "Let the run finish; on Compare you can vote"),
    "running, nothing in": (nothing_yet("running"), "Let the run finish"),
    "paused": (part("paused"), "Continue the run on Compare: it is paused"),
    "paused before the first answer": (nothing_yet("paused"), "Continue the run on Compare: it is"),
    "stopped": (part("cancelled"), "Continue the run on Compare: it was stopped before every"),
    "stopped before the first answer": (nothing_yet("cancelled"), "Continue the run on Compare"),
    "capped": (part("capped"), "Raise the limit on Compare and continue the run"),
    "interrupted": (part("interrupted"), "Continue the run on Compare: the program stopped"),
    "failed in part": (part("partial"), "Retry on Compare what failed"),
    "every call failed": (nothing_yet("partial"), "Retry on Compare what failed"),
    "ended early, and settled no more": (
        part("settled", stopped_early=True),
        "Continue the run on Compare: it was ended as settled",
    ),
    "stopped, with examples untried": (
        part("cancelled", answers=UNTRIED),
        "Continue the run on Compare: it was stopped",
    ),
    "running, and settled": (
        Whole((settled := ran(40, 0, 0, status="running", complete=False)).case, settled.record),
        "End the run on Compare: what is in settles it.",
    ),
    "bases only, stopped": (
        bases_only(status="cancelled", complete=False),
        "Continue the run on Compare: it was stopped",
    ),
    "texts of the training file": (
        leaking(ran(20, 14)),
        "Drop this text from the comparison, on Texts, and look again.",
    ),
    "no vote": (ran(texts=40), "Vote on your texts, let a judge, or bring approved answers"),
    "no vote, and a judge that was not asked": (
        judged_by(ran(texts=40)),
        "Start the judge on Compare, or vote on your texts",
    ),
    "everything refused": (without("tuned", "refused"), "See on the Compare page what was refused"),
    "only tuned answers": (
        ran(texts=12, arms={"tuned": tuned()}),
        "Choose a base model on Options: there is nothing to compare with.",
    ),
    "3 votes of 40": (ran(2, 1, texts=40), "Vote on the other 37 texts on Compare: 3 of 40"),
    "39 votes of 40": (ran(20, 19, texts=40), "Vote on the other 1 text on Compare: 39 of 40"),
    # If 70 % is true, with ties as seen, so many more settle 8 of 10 such tests: 95 without a tie
    # after 2 : 1 (0.82), 195 with half ties after 3 : 2 (0.80), 95 after 14 : 8 (0.81).
    "3 texts, all voted": (ran(2, 1), "Bring about 95 more texts and run them on both options."),
    "one text, a tie": (ran(ties=1), "The one text was a tie: bring 29 more texts."),
    "12 texts, all ties": (ran(ties=12), "All 12 texts were ties: bring 18 more texts. If they"),
    "29 texts, all ties": (ran(ties=29), "All 29 texts were ties: bring 1 more text. If they"),
    "30 texts, all ties": (ran(ties=30), "Keep the base model, and look again when prices"),
    "30 texts, all ties, prices not known": (
        ran(ties=30, arms=OWN),
        "Say on Costs what both options cost",
    ),
    "fewer than 6 clear choices": (ran(3, 2, 5), "Bring about 195 more texts and run them on both"),
    "fewer than 30 texts": (ran(14, 8, 2), "Bring about 95 more texts and run them on both"),
    # 90 more settle it in 8 of 10 if 70 % is true, and in 1 of 10 if it stays at 58 %.
    "enough texts, and not settled": (
        ran(70, 50),
        "Decide by cost, or stay with the base model for now: more texts like these are unlikely",
    ),
    "bases only, nobody said": (bases_only(), "Say of each answer on Compare whether you would"),
    "a trade-off": (
        Whole(
            (off := voted(case(TALK, texts=60, **FULL), preferred(44, 4, 2), refused=10)).case,
            replace(off.record, status="done"),
        ),
        "Decide which of the two counts for more for you",
    ),
    "decided for base": (ran(10, 44, 6), "Keep the base model, and look again when prices"),
    "decided for tuned": (ran(44, 10, 6), "Go ahead, and choose its successor before it stops on"),
    "not possible": (
        asked(answers={**FULL, "training_permission": "no"}),
        "Get permission from the owner of the texts",
    ),
}


@pytest.mark.parametrize(("whole", "says"), STATES.values(), ids=STATES.keys())
def test_the_next_step_is_what_really_is_next(whole, says):
    said = write_report(whole.decided()).next_step
    assert said.startswith(says), said


@pytest.mark.parametrize("name", [n for n, (w, _) in STATES.items() if w.record.outputs])
def test_after_a_run_nobody_is_told_to_run_the_texts(name):
    said = write_report(STATES[name][0].decided()).next_step
    assert not said.startswith("Run your texts")
    assert "again: it costs" not in said


def test_every_way_a_run_may_stand_has_its_next_step():
    assert UNFINISHED.keys() == set(get_args(Status)) - {"new"}


def test_a_step_not_tried_comes_after_a_finished_run():
    said = write_report(ran(70, 50, answers=UNTRIED).decided()).next_step
    assert said.startswith("You have not tried examples in the instruction")
    assert said.endswith("and run your texts again.")
