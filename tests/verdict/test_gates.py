from datetime import timedelta

import pytest

from advisor.evidence.model import Evidence
from advisor.verdict.gates import StopsSoon, TuningAccess
from pricing.lifecycle import AccessReason

from .cases import TODAY, say, verdict

CLOSED = TuningAccess(False, AccessReason("closed_to_some", "Acme", kept="existing"), nowhere=True)


@pytest.mark.parametrize(
    ("gate", "answers", "options"),
    [
        ("G1", {"training_pairs": 9}, {}),
        ("G2", {"can_host": False}, {"access": CLOSED}),
        ("G3", {"fact_change": "weekly", "tried": ("prompt",)}, {}),
        ("G3", {"fact_change": "monthly", "tried": ()}, {}),
        ("G4", {"training_permission": "no"}, {}),
        ("G5", {}, {"tuned_stops_on": TODAY + timedelta(days=91)}),
        ("G5", {"stage": "tuned_live"}, {"tuned_stops_on": TODAY - timedelta(days=1)}),
    ],
)
def test_a_gate_blocks_even_what_a_test_decides(gate, answers, options):
    found = verdict(say(**answers), Evidence("decides", favours="tuned"), **options)
    assert [g.key for g in found.gates] == [gate]
    assert (found.recommendation, found.firmness, found.rule) == ("base", "blocked", "blocked")


@pytest.mark.parametrize(
    ("answers", "options"),
    [
        pytest.param({"training_pairs": 10}, {}, id="10 pairs"),
        pytest.param({"training_pairs": 9, "stage": "tuned_on_trial"}, {}, id="tuned already"),
        pytest.param({"can_host": True}, {"access": CLOSED}, id="own machines"),
        pytest.param({}, {"access": CLOSED}, id="own machines not ruled out"),
        pytest.param(
            {"can_host": False},
            {"access": TuningAccess(False, None, ("another",))},
            id="another is open",
        ),
        pytest.param(
            {"can_host": False}, {"access": TuningAccess(None)}, id="not known to be closed"
        ),
        pytest.param(
            {"can_host": False, "stage": "tuned_live"}, {"access": CLOSED}, id="nothing to train"
        ),
        pytest.param({"fact_change": "weekly", "tried": ("retrieval",)}, {}, id="looked up"),
        pytest.param({"fact_change": "weekly"}, {}, id="not known what was tried"),
        pytest.param({"fact_change": "quarterly", "tried": ()}, {}, id="slower facts"),
        pytest.param({"training_permission": "not_asked"}, {}, id="not asked"),
        pytest.param({}, {"tuned_stops_on": TODAY + timedelta(days=92)}, id="three months"),
    ],
)
def test_no_gate(answers, options):
    assert verdict(say(**answers), **options).gates == ()


def test_a_live_model_that_stops_soon_is_kept_until_then():
    stops = TODAY + timedelta(days=60)
    found = verdict(say(stage="tuned_live"), tuned_stops_on=stops)
    assert found.keep_until == stops
    assert found.gates == (StopsSoon(stops, over=False, exists=True, live=True),)
    assert verdict(say(stage="idea"), tuned_stops_on=stops).keep_until is None
