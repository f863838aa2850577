from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from advisor.case.brief import Brief
from advisor.case.use_cases import load_use_cases
from advisor.evidence.model import Evidence, Tally
from advisor.verdict.gates import TuningAccess
from pricing.lifecycle import AccessReason

from .cases import RULES, verdict

CLOSED = TuningAccess(False, AccessReason("closed_to_some", "Acme", kept="existing"), nowhere=True)

maybe = st.none()
briefs = st.builds(
    Brief,
    use_case=st.sampled_from([row.id for row in load_use_cases()]),
    base_kind=st.sampled_from(["general", "same_size", "raw"]),
    stage=maybe | st.sampled_from(["idea", "base_in_use", "tuned_on_trial", "tuned_live"]),
    tried=maybe | st.lists(st.sampled_from(["prompt", "few_shot", "retrieval"])).map(tuple),
    gap=maybe | st.sampled_from(["good_enough", "small_edits", "not_good"]),
    training_pairs=maybe | st.integers(0, 20_000),
    training_permission=maybe | st.sampled_from(["yes", "no", "not_asked"]),
    can_host=maybe | st.booleans(),
    fact_change=maybe | st.sampled_from(list(RULES.signals.facts)),
    labels=maybe | st.integers(2, 200),
    strictness=maybe | st.sampled_from(list(RULES.signals.strictness)),
    task_change=maybe | st.sampled_from(list(RULES.signals.stability)),
)
KEYS = sorted(set(Brief.model_fields) - {"use_case", "base_kind", "target_as_is", "win_rate_worth"})


@given(briefs, st.integers(1, 20_000))
def test_more_training_pairs_never_lower_the_lean(brief, more):
    if brief.training_pairs is None:
        return
    richer = brief.model_copy(update={"training_pairs": brief.training_pairs + more})
    assert verdict(richer).lean.score >= verdict(brief).lean.score - 1e-9


@given(briefs, st.sampled_from(KEYS))
def test_forgetting_an_answer_never_fires_a_gate_or_a_reason_to_wait(brief, key):
    unknown = {} if key == "customer_of" else None
    before = verdict(brief, access=CLOSED)
    after = verdict(brief.model_copy(update={key: unknown}), access=CLOSED)
    if key != "stage":  # a tuned model that is not known of is no tuned model
        assert {g.key for g in after.gates} <= {g.key for g in before.gates}
        if before.likelihood.after >= RULES.likelihood.leaning:
            assert set(after.try_first) <= set(before.try_first) or before.gates


@given(briefs)
def test_the_lean_stays_within_100(brief):
    assert -100 <= verdict(brief).lean.score <= 100


def test_the_weights_add_up_to_100():
    assert sum(RULES.weights.model_dump().values()) == 100


@given(briefs, st.integers(0, 40), st.integers(0, 40))
def test_never_against_a_side_the_test_clearly_took(brief, wins, losses):
    shown = Evidence("not_enough", source="votes", tally=Tally(wins, losses, 0))
    found = verdict(brief, shown)
    p = binomtest(wins, wins + losses).pvalue if wins + losses >= 6 else 1
    if found.rule in ("likely", "open") and p < 0.05:
        assert found.recommendation == ("tuned" if wins > losses else "base")


@given(briefs, st.integers(0, 40), st.integers(0, 40))
def test_a_win_more_never_lowers_the_chance(brief, wins, losses):
    one, more = (
        verdict(brief, Evidence("not_enough", source="votes", tally=Tally(w, losses, 0)))
        for w in (max(wins, 6), max(wins, 6) + 1)
    )
    assert more.likelihood.after >= one.likelihood.after - 1e-12
