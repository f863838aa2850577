"""The cap of a run that workers share: what is spent and what is set aside, in one place."""

from decimal import Decimal

from advisor.case.run_spec import spec_of
from advisor.evidence.model import Output
from advisor.store.repository import Store
from tests.make import case_at


def test_what_an_attempt_has_cost_counts_beside_what_is_set_aside(postgres_url):
    store = Store.open(postgres_url)
    case = case_at("https://a.example/v1", 2)
    spec = spec_of(case)
    run_id = store.start_run(store.save_case(case), spec, case.run)
    one, two, three, _ = spec.calls()
    cap, highest = Decimal("0.30"), Decimal("0.12")
    assert store.begin_within(run_id, one, highest, cap) == "begun"
    assert store.begin_within(run_id, two, highest, cap) == "begun"
    assert store.begin_within(run_id, three, highest, cap) == "wait"
    store.keep_cost(run_id, one, Decimal("0.06"))  # 0.06 + 2 x 0.12 = 0.30
    assert store.fits(run_id, cap)
    store.keep_cost(run_id, one, Decimal("0.07"))
    assert not store.fits(run_id, cap)
    assert store.paid_before(run_id) == {one.key: Decimal("0.07")}
    failed = Output(one.prompt_id, one.arm, 0, "failed", "")
    store.keep_calls(run_id, ended=[(one, failed, Decimal("0.07"))])
    # Asked again its own cost counts: 0.07 + 0.12 + 0.12 is too much, while two is in flight.
    assert store.begin_within(run_id, one, highest, cap) == "wait"
    store.keep_calls(
        run_id, ended=[(two, Output(two.prompt_id, two.arm, 0, "answered", "Y"), Decimal("0.1"))]
    )
    assert store.begin_within(run_id, one, highest, cap) == "begun"
    assert store.spent(run_id) == Decimal("0.17")
    store.withdraw_call(run_id, one)  # what was paid for it stays
    assert store.spent(run_id) == Decimal("0.17")
    assert store.progress(run_id).failed == 1
    store.close()
