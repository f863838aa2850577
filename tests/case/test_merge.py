"""Two changes of one case: what only one changed is kept, what both changed is a conflict."""

from decimal import Decimal

import pytest

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.currency import Currency
from advisor.case.merge import TEXTS, Conflict, Merged, keep_mine, merge
from advisor.case.options import Arm, Judge, Parameters
from advisor.case.texts import Prompt
from advisor.case.variants import with_examples
from advisor.errors import AdvisorError
from advisor.report.conflicts import FIELDS, conflict_words, field_name
from pricing.offers import PriceCells

ADA, BEA, CLEO = (Prompt(id=str(n), text=f"Letter {n}") for n in (1, 2, 3))
BASE = Case(
    title="Letters",
    brief=Brief(use_case="domain_summarization"),
    prompts=(ADA, BEA),
    arms={"base": Arm(model="one", system_prompt="Be brief."), "tuned": Arm()},
)


def put(case: Case, **fields) -> Case:
    """`brief__gap="good_enough"` and the like."""
    for path, value in fields.items():
        head, _, rest = path.partition("__")
        inner = getattr(case, head)
        if rest and isinstance(inner, dict):
            name, field = rest.split("__")
            value = inner | {name: inner[name].model_copy(update={field: value})}
        elif rest:
            value = inner.model_copy(update={rest: value})
        case = case.model_copy(update={head: value})
    return case


def said(text: Prompt, **fields) -> Prompt:
    return text.model_copy(update=fields)


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ({"brief__gap": "not_good"}, {"brief__stage": "idea"}),
        ({"brief__gap": "not_good"}, {"volume__horizon_months": 24}),
        ({"title": "Claims"}, {"decided_by": "Mo"}),
        ({"arms__base__endpoint": "http://a/v1"}, {"arms__base__system_prompt": "Be kind."}),
        ({"arms__base__system_prompt": "x"}, {"arms__tuned__system_prompt": "y"}),
        ({"prompts": (said(ADA, reference="Dear Ada"), BEA)}, {"brief__gap": "not_good"}),
        (
            {"prompts": (said(ADA, reference="Dear Ada"), BEA)},
            {"prompts": (said(ADA, passages="pays late"), said(BEA, reference="Dear Bea"))},
        ),
        ({"prompts": (CLEO,)}, {"run__cap_usd": 5.0}),
    ],
)
def test_changes_of_different_fields_are_both_kept_whoever_was_first(mine, theirs):
    merged = merge(BASE, put(BASE, **mine), put(BASE, **theirs))
    other = merge(BASE, put(BASE, **theirs), put(BASE, **mine))
    assert merged == other
    assert merged.conflicts == ()
    if "prompts" in mine and "prompts" in theirs:
        expected = (
            said(ADA, reference="Dear Ada", passages="pays late"),
            said(BEA, reference="Dear Bea"),
        )
        assert merged.case == put(BASE, prompts=expected)
    else:
        assert merged.case == put(BASE, **mine, **theirs)


@pytest.mark.parametrize(
    ("field", "mine", "theirs", "path", "words"),
    [
        ("title", "A", "B", ("title",), ("Name of this case", "A", "B")),
        (
            "volume__requests_per_month", 20_000, 3_000, ("volume", "requests_per_month"),
            ("Texts a month", "20,000", "3,000"),
        ),
        (
            "volume__growth_per_month", Decimal("0.05"), Decimal("0.1"),
            ("volume", "growth_per_month"), ("Growth a month", "5 %", "10 %"),
        ),
        (
            "brief__gap", "not_good", "small_edits", ("brief", "gap"),
            ("How good was the best of these?", "Not good enough", "Small edits"),
        ),
        (
            "brief__can_host", True, False, ("brief", "can_host"),
            ("Could you run a model on a GPU of your own, rented or bought?", "Yes", "No"),
        ),
        (
            "arms__base__system_prompt", "Be kind.", "", ("arms", "base", "system_prompt"),
            ("Base: instruction", "Be kind.", "(empty)"),
        ),
        (
            "arms__tuned__price", PriceCells(input=Decimal(1)), PriceCells(input=Decimal(2)),
            ("arms", "tuned", "price", "input"),
            ("Fine-tuned: input, USD per 1M units billed", "1", "2"),
        ),
        (
            "judge", Judge(model="a"), Judge(model="b"), ("judge", "model"),
            ("Judge: model name", "a", "b"),
        ),
        (
            "currency", Currency(code="EUR", per_usd=Decimal("0.9"), rate_on="2026-11-30"),
            Currency(code="CHF", per_usd=Decimal("0.8"), rate_on="2026-11-30"), ("currency",),
            ("Currency", "EUR", "CHF"),
        ),
        (
            "prompts", (said(ADA, reference="x"), BEA), (said(ADA, reference="y"), BEA),
            ("prompts", ("1", "Letter 1"), "reference"), ("Text 1: approved answer", "x", "y"),
        ),
        (
            "prompts", (CLEO,), (BEA, CLEO), TEXTS,
            ("Your texts", "1 text, 0 with an approved answer", "2 texts, 0 with an approved answer"),
        ),
    ],
)  # fmt: skip
def test_a_field_that_both_changed_is_named_and_both_values_are_kept(
    field, mine, theirs, path, words
):
    ours, other = put(BASE, **{field: mine}), put(BASE, **{field: theirs})
    merged = merge(BASE, ours, other)
    assert merged.case == other
    [conflict] = merged.conflicts
    assert conflict.path == path
    told = conflict_words(conflict, {})
    assert (told.field, told.mine, told.theirs) == words
    assert keep_mine(merged.case, conflict) == ours


def test_the_same_change_in_both_is_none_to_ask_about():
    both = put(BASE, title="Claims")
    assert merge(BASE, both, both) == Merged(both)


def test_an_answer_typed_for_a_text_that_the_other_window_replaced_is_a_conflict():
    mine = put(BASE, prompts=(said(ADA, reference="Dear Ada"), BEA))
    theirs = put(BASE, prompts=(said(CLEO, id="1"),))  # another file, whose ids are the same
    merged = merge(BASE, mine, theirs)
    assert merged.case == theirs
    assert [one.path for one in merged.conflicts] == [TEXTS]
    assert keep_mine(theirs, merged.conflicts[0]) == mine


def test_an_answer_for_a_text_that_is_left_goes_with_leaked_texts_dropped():
    mine = put(BASE, prompts=(ADA, said(BEA, reference="Dear Bea")))
    theirs = put(BASE, prompts=(BEA,))
    merged = merge(BASE, mine, theirs)
    assert merged == Merged(put(BASE, prompts=(said(BEA, reference="Dear Bea"),)))
    assert merge(BASE, theirs, mine) == merged


def test_an_answer_for_a_text_that_became_an_example_goes_with_it():
    texts = tuple(Prompt(id=str(n), text=f"Letter {n}", reference="ok") for n in range(11))
    base = put(BASE, prompts=texts)
    shown = with_examples(base)
    changed = shown.examples[0].id
    edited = tuple(said(t, reference="better") if t.id == changed else t for t in texts)
    merged = merge(base, put(base, prompts=edited), shown)
    assert merged.conflicts == ()
    assert [t.reference for t in merged.case.examples] == ["better", "ok", "ok", "ok", "ok"]
    assert len(merged.case.prompts) == 6
    assert "base_examples" in merged.case.arms


def test_the_option_with_examples_follows_the_base_option_and_is_no_conflict_of_its_own():
    base = put(BASE, arms=BASE.arms | {"base_examples": BASE.arms["base"]})

    def instructed(text: str) -> Case:
        arm = base.arms["base"].model_copy(update={"system_prompt": text})
        return put(base, arms=base.arms | {"base": arm, "base_examples": arm})

    merged = merge(base, instructed("Mine."), instructed("Theirs."))
    assert [one.path for one in merged.conflicts] == [("arms", "base", "system_prompt")]
    assert keep_mine(merged.case, merged.conflicts[0]) == instructed("Mine.")
    off = put(base, arms={n: a for n, a in base.arms.items() if n != "base_examples"})
    merged = merge(base, off, instructed("Theirs."))
    assert merged.conflicts == ()
    assert "base_examples" not in merged.case.arms
    assert merged.case.arms["base"].system_prompt == "Theirs."


def options(case: Case, **arms: Arm | None) -> Case:
    kept = {**case.arms, **arms}
    return put(case, arms={name: arm for name, arm in kept.items() if arm is not None})


MINI = Arm(kind="base", model="mini")


def test_options_added_in_two_windows_are_both_there():
    mine = options(BASE, mini=MINI)
    theirs = options(BASE, ours=Arm(kind="tuned", model="ft"))
    merged = merge(BASE, mine, theirs)
    assert merged.conflicts == ()
    assert merged.case.options == ("base", "mini", "tuned", "ours")


def test_an_option_edited_here_and_taken_out_there_is_asked_about():
    before = options(BASE, mini=MINI)
    mine = options(before, mini=MINI.model_copy(update={"label": "Mini"}))
    merged = merge(before, mine, BASE)
    assert "mini" not in merged.case.arms
    (conflict,) = merged.conflicts
    assert (conflict.path, conflict.theirs) == (("arms", "mini"), None)
    assert keep_mine(merged.case, conflict) == mine
    assert conflict_words(conflict, {}).mine == "mini"
    assert merge(before, BASE, before).case == BASE  # untouched there: it goes


def test_parameters_set_in_two_windows_are_merged_one_by_one():
    mine = put(BASE, arms__tuned__parameters=Parameters(top_p=0.5))
    theirs = put(BASE, arms__tuned__parameters=Parameters(stop=("END",)))
    both = merge(BASE, mine, theirs)
    again = put(BASE, arms__tuned__parameters=Parameters(top_p=0.9))
    (conflict,) = merge(BASE, mine, again).conflicts
    assert conflict_words(conflict, {}).field == "Fine-tuned: parameter top_p"
    assert both == Merged(put(BASE, arms__tuned__parameters=Parameters(top_p=0.5, stop=("END",))))


def test_an_option_whose_leader_was_taken_out_has_its_own_model():
    follower = Arm(kind="base", variant="examples", follows="mini", model="mini")
    before = options(BASE, mini=MINI)
    merged = merge(before, options(before, shown=follower), BASE).case
    assert merged.arms["shown"] == follower.model_copy(update={"follows": None})
    assert Case.model_validate(merged.model_dump()) == merged


def test_a_follower_with_parameters_of_its_own_keeps_them_and_takes_its_leaders_model():
    harder = Arm(kind="base", follows="mini", model="mini")
    before = options(BASE, mini=MINI, harder=harder)
    asked = Parameters(reasoning_effort="high")
    mine = options(before, harder=harder.model_copy(update={"parameters": asked}))
    moved = {"mini": MINI.model_copy(update={"model": "maxi"})}
    theirs = options(before, **moved, harder=harder.model_copy(update={"model": "maxi"}))
    merged = merge(before, mine, theirs)
    assert merged.conflicts == ()
    assert (merged.case.arms["harder"].model, merged.case.arms["harder"].parameters) == (
        "maxi",
        asked,
    )


def test_options_that_are_too_many_together_are_asked_about_and_the_case_still_opens():
    six = options(BASE, **{f"o{n}": MINI for n in range(4)})
    mine, theirs = options(six, a=MINI, b=MINI), options(six, c=MINI)
    merged = merge(six, mine, theirs)
    assert len(merged.case.arms) == 8
    assert [conflict.path for conflict in merged.conflicts] == [("arms", "b")]
    assert Case.model_validate(merged.case.model_dump()) == merged.case
    with pytest.raises(AdvisorError, match="take one out first"):
        keep_mine(merged.case, merged.conflicts[0])
    assert "b" in keep_mine(merged.case.without("c"), merged.conflicts[0]).arms


def test_a_value_for_a_text_that_is_gone_by_now_is_put_on_no_other():
    conflict = Conflict(("prompts", ("1", "Letter 1"), "reference"), "x", "y")
    another = put(BASE, prompts=(said(CLEO, id="1"),))
    assert keep_mine(another, conflict) == another


def test_every_field_of_a_case_has_its_name_in_the_reader_s_words():
    kinds = {
        "brief": BASE.brief, "run": BASE.run, "volume": BASE.volume, "people": BASE.people,
        "model": Arm(), "text": ADA,
    }  # fmt: skip
    wanted = {
        f"{kind}.{name}" for kind, value in kinds.items() for name in type(value).model_fields
    }
    wanted |= {f"model.{name}" for name in Judge.model_fields}
    wanted -= {"text.id", "text.text", "model.price"}  # never changed in place, or by their cells
    asked_whole = {"arms", "prompts", "examples", "judgments", *kinds}
    wanted |= set(Case.model_fields) - asked_whole
    assert wanted <= FIELDS.keys()
    assert field_name(("judge", "reasoning_effort"), {}) == "Judge: how long it thinks"
    assert field_name(("judge", "max_output_tokens"), {}) == "Judge: longest reply"
    assert field_name(("brief", "customer_of", "openai"), {}) == "Contracts with vendors: openai"
