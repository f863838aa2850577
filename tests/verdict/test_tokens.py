"""Tokens of a request: given, measured or counted."""

from decimal import Decimal

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import Arm
from advisor.case.texts import Prompt
from advisor.evidence.model import Output
from advisor.verdict.tokens import input_tokens, measured_calls, pair_tokens, tokens_per_request
from pricing.cost import Volume
from pricing.tokens import count_tokens

D = Decimal
# "hello" is 1 token, "a note" 2. A request: 3 for the reply, and for the message 3 + 1 for "user"
# + the text; an instruction "Sort." adds 3 + 1 for "system" + 2.
CASE = Case(
    title="t",
    brief=Brief(use_case="classification"),
    prompts=(Prompt(id="a", text="hello", reference="a note"), Prompt(id="b", text="hello")),
)
ARM = Arm(model="gpt-6-luna", system_prompt="Sort.")


def of(arm: Arm) -> Case:
    return CASE.model_copy(update={"arms": {"base": arm}})


def answered(prompt, arm, into, out, reasoning=None, sample=0):
    return Output(
        prompt, arm, sample, "answered", "x", input_tokens=into, output_tokens=out,
        reasoning_tokens=reasoning,
    )  # fmt: skip


def test_counted_tokens_by_hand():
    found = tokens_per_request(of(ARM), "base", ())
    assert (found.input, found.output, found.origin) == (14, 2, "counted")


def test_a_pair_is_the_instruction_a_text_and_its_approved_answer():
    assert pair_tokens(CASE, ARM) == 14 + 2  # over the one text with an answer
    without = CASE.model_copy(update={"prompts": CASE.prompts[1:]})
    assert pair_tokens(without, ARM) is None


def test_reasoning_multiplies_what_was_counted_and_nothing_else():
    thinks = ARM.model_copy(update={"reasoning_multiplier": D(3)})
    assert tokens_per_request(of(thinks), "base", ()).output == 6
    measured = [answered("a", "base", 20, 50, reasoning=40)]
    assert tokens_per_request(of(thinks), "base", measured).output == 50
    given = of(thinks).model_copy(update={"volume": Volume(output_tokens_per_request=D(7))})
    assert tokens_per_request(given, "base", ()).output == 7


def test_examples_and_passages_are_handed_over_with_every_text():
    # A pair of turns adds 3 + 1 + "hello" 1, and 3 + 1 + "a note" 2: 11 tokens.
    shown = CASE.model_copy(update={"arms": {"base_examples": ARM}, "examples": (CASE.prompts[0],)})
    assert input_tokens(shown, "base_examples") == (14 + 11, 14 + 11)
    looked_up = CASE.prompts[0].model_copy(update={"passages": "a note"})
    case = CASE.model_copy(
        update={"prompts": (looked_up, CASE.prompts[1]), "arms": {"base_retrieval": ARM}}
    )
    # "Passages:", line end, "a note", two line ends, "Text:", line end, "hello"
    with_it = 13 + count_tokens("Passages:\na note\n\nText:\nhello", "gpt-6-luna")
    assert input_tokens(case, "base_retrieval") == (with_it, 14)


def test_an_option_of_any_id_is_handed_what_its_variant_gets():
    others = {
        "luna_shown": ARM.model_copy(update={"kind": "base", "variant": "examples"}),
        "luna_looked_up": ARM.model_copy(update={"kind": "base", "variant": "passages"}),
    }
    case = CASE.model_copy(
        update={
            "prompts": (Prompt(id="a", text="hello", passages="a note"),),
            "examples": (Prompt(id="b", text="hello", reference="a note"),),
            "arms": {"base_examples": ARM, "base_retrieval": ARM, **others},
        }
    )
    for by_name, other in (("base_examples", "luna_shown"), ("base_retrieval", "luna_looked_up")):
        assert input_tokens(case, other) == input_tokens(case, by_name) != (14,)
    given = case.model_copy(update={"volume": Volume(input_tokens_per_request=D(100))})
    assert tokens_per_request(given, "luna_shown", ()).input == 111


def test_measured_calls_are_paired_by_text_and_repeats_averaged():
    outputs = [
        answered("a", "base", 10, 20),
        answered("a", "base", 10, 40, sample=1),
        answered("a", "tuned", 5, 6),
        answered("b", "base", 12, 22),
        answered("b", "tuned", 7, 8),
        answered("c", "base", 99, 99),  # tuned never answered it
    ]
    assert measured_calls(CASE, outputs, ("base", "tuned")) == [(10, 30, 5, 6), (12, 22, 7, 8)]
    assert measured_calls(CASE, outputs[:3], ("base", "tuned")) is None  # one text has no spread
    assert measured_calls(CASE, outputs, ("base_examples", "tuned")) is None


def test_tokens_that_are_given_have_no_spread():
    outputs = [answered(p, arm, 10, 20) for p in "ab" for arm in ("base", "tuned")]
    case = CASE.model_copy(update={"arms": {"base": ARM, "tuned": ARM}})
    half = case.model_copy(update={"volume": Volume(input_tokens_per_request=D(7))})
    assert measured_calls(half, outputs, ("base", "tuned")) == [(7, 20, 7, 20)] * 2
    volume = Volume(input_tokens_per_request=D(7), output_tokens_per_request=D(8))
    assert (
        measured_calls(case.model_copy(update={"volume": volume}), outputs, ("base", "tuned"))
        is None
    )


def test_a_figure_given_for_a_text_has_the_examples_and_passages_beside_it():
    texts = (Prompt(id="a", text="hello", passages="a note"),)
    case = CASE.model_copy(
        update={
            "prompts": texts,
            "examples": (Prompt(id="b", text="hello", reference="a note"),),
            "arms": {"base": ARM, "base_examples": ARM, "base_retrieval": ARM},
            "volume": Volume(input_tokens_per_request=D(100), output_tokens_per_request=D(7)),
        }
    )
    sent = {name: tokens_per_request(case, name, ()).input for name in case.arms}
    around = count_tokens("Passages:\na note\n\nText:\nhello", "gpt-6-luna") - 1
    assert sent == {"base": 100, "base_examples": 111, "base_retrieval": 100 + around}
