"""The order in which texts are asked and voted on: drawn once for a decision, and kept."""

from advisor.case.options import Arm
from advisor.case.run_spec import spec_of
from advisor.case.texts import Prompt
from advisor.runs.runner import missing_calls
from tests.make import case_of


def texts(prefix, n, cluster=None):
    return tuple(
        Prompt(
            id=f"{prefix}{i}", text=f"text {prefix}{i}", cluster=cluster and f"{cluster}{i // 4}"
        )
        for i in range(n)
    )


def asked(store, case_id, case):
    answering = {
        name: arm.model_copy(update={"endpoint": "https://x.example/v1", "model": name})
        for name, arm in case.arms.items()
    } or {"base": Arm(endpoint="https://x.example/v1", model="m")}
    spec = spec_of(case.model_copy(update={"arms": answering}))
    return store.run(store.start_run(case_id, spec, case.run))


def order_of(store, run):
    return store.kept_order(run, [prompt.id for prompt in run.spec.prompts])


def test_a_new_run_keeps_the_order_and_what_was_added_goes_last(store):
    case = case_of(1).model_copy(update={"prompts": texts("p", 24, "c")})
    case_id = store.save_case(case)
    first = order_of(store, asked(store, case_id, case))
    assert first != [p.id for p in case.prompts]
    more = case.model_copy(update={"prompts": (*texts("n", 8), *case.prompts)})
    store.edit_case(case_id, lambda _: more)
    run = asked(store, case_id, more)
    second = order_of(store, run)
    assert second[:24] == first
    assert sorted(second[24:]) == sorted(p.id for p in texts("n", 8))
    # It is asked in that order, each text once.
    assert list(dict.fromkeys(call.prompt_id for call in missing_calls(store, run))) == second


def test_before_the_first_run_no_text_goes_before_another(store):
    case = case_of(1).model_copy(update={"prompts": texts("p", 12)})
    case_id = store.save_case(case)
    more = case.model_copy(update={"prompts": (*case.prompts, *texts("n", 12))})
    store.edit_case(case_id, lambda _: more)
    order = order_of(store, asked(store, case_id, more))
    assert {p[0] for p in order[:12]} == {p[0] for p in order[12:]} == {"p", "n"}


def test_a_text_that_was_changed_comes_anew(store):
    case = case_of(1).model_copy(update={"prompts": texts("p", 12)})
    case_id = store.save_case(case)
    asked(store, case_id, case)
    changed = case.prompts[3].model_copy(update={"text": "another text"})
    again = case.model_copy(update={"prompts": (*case.prompts[:3], changed, *case.prompts[4:])})
    store.edit_case(case_id, lambda _: again)
    assert order_of(store, asked(store, case_id, again))[-1] == changed.id
