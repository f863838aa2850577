from datetime import date

import pytest

from advisor.report.gates import GateWords, gate_words
from advisor.verdict.gates import (
    NotPermitted,
    NowhereToTrain,
    RetrievalFirst,
    StopsSoon,
    TooFewPairs,
)
from pricing.lifecycle import AccessReason

DAY = date(2027, 1, 21)
ANOTHER = "Choose a place to tune whose models stay longer."


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        (0, "You have 0 approved pairs; training takes at least 10, as at OpenAI."),
        (1, "You have 1 approved pair; training takes at least 10, as at OpenAI."),
        (9, "You have 9 approved pairs; training takes at least 10, as at OpenAI."),
    ],
)
def test_too_few_pairs_are_counted(pairs, said):
    assert gate_words(TooFewPairs(pairs, 10, 200)) == GateWords(
        "Too few approved pairs",
        said,
        "Collect at least 10 inputs with an answer an expert approved; "
        "200 or more are worth a pilot.",
    )


def test_nowhere_to_train_says_first_why_the_chosen_offer_is_closed():
    rest = "No offer that fits is open to you, and you have no machines of your own for it."
    assert gate_words(NowhereToTrain(None)).sentence == rest
    closed = AccessReason("closed", "Acme", since=date(2026, 9, 15))
    why = "Acme takes no new training job since 15 Sep 2026."
    assert gate_words(NowhereToTrain(closed)).sentence == f"{why} {rest}"


def test_facts_and_permission():
    assert gate_words(RetrievalFirst("weekly")).sentence == (
        "The facts change weekly and looking them up was not tried: training would freeze them."
    )
    assert gate_words(NotPermitted()).name == "No permission to train"


@pytest.mark.parametrize(
    ("gate", "words"),
    [
        (
            StopsSoon(DAY, over=False, exists=True, live=True),
            GateWords(
                "The tuned model stops soon",
                "The tuned model stops on 21 Jan 2027.",
                "Keep the tuned model until 21 Jan 2027, and plan the move now.",
            ),
        ),
        (
            StopsSoon(DAY, over=True, exists=True, live=True),
            GateWords(
                "The tuned model stopped", "The tuned model stopped on 21 Jan 2027.", ANOTHER
            ),
        ),
        (
            StopsSoon(DAY, over=False, exists=False, live=False),
            GateWords(
                "A model tuned there would stop soon",
                "A model tuned there would stop on 21 Jan 2027.",
                ANOTHER,
            ),
        ),
    ],
)
def test_a_stop_is_worded_by_what_the_model_is(gate, words):
    assert gate_words(gate) == words
