"""Whole cases with their runs, one for each way a verdict can come about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.case_file import SAMPLES, load_sample
from advisor.case.options import Arm, ArmName
from advisor.case.texts import Prompt
from advisor.evidence.model import Output, Preference, Quality, Vote
from advisor.evidence.record import Record
from advisor.llm.replay import ReplayTransport
from advisor.runs.compare import compare
from advisor.store.repository import Store
from advisor.verdict.decision import Decision, decide_case
from pricing.cost import Volume
from pricing.offers import PriceCells

TODAY = date(2026, 11, 22)
LUNA = "openai:gpt-6-luna"
AZURE_MINI = "azure_foundry:gpt-4.1-mini:SFT/DPO global"
OPENAI_MINI = "openai:gpt-4.1-mini"
H100 = "self_hosted:any open model:LoRA on rented H100 SXM (RunPod secure)"
VOLUME = Volume(
    requests_per_month=4_000,
    horizon_months=12,
    input_tokens_per_request=Decimal(1_500),
    output_tokens_per_request=Decimal(400),
)

FULL: dict[str, Any] = {
    "stage": "tuned_on_trial",
    "tried": ("prompt", "few_shot"),
    "gap": "not_good",
    "training_pairs": 1200,
    "training_permission": "yes",
    "data_may_go": "under_contract",
    "can_host": False,
    "customer_of": {"azure_foundry": "existing"},
    "error_cost": "medium",
    "human_check": "spot",
    "fact_change": "in_text",
    "strictness": "strict",
    "task_change": "yearly",
}
"""Every question answered."""


def arm(offer: str | None = None, **price: Any) -> Arm:
    return Arm(endpoint="http://127.0.0.1:1/v1", model="m", offer=offer, price=PriceCells(**price))


def tuned(offer: str = AZURE_MINI, tokens: int = 2_000_000) -> Arm:
    """Trained three times over a file of so many tokens."""
    price = PriceCells(training_tokens=tokens, epochs=3)
    return Arm(endpoint="http://127.0.0.1:1/v1", model="ft", offer=offer, price=price)


NO_RUN = Record()


@dataclass(frozen=True)
class Whole:
    """A case and what its run has brought."""

    case: Case
    record: Record = NO_RUN

    def decided(self, **options: Any) -> Decision:
        made_at = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
        return decide_case(self.case, self.record, today=TODAY, made_at=made_at, **options)


def case(
    use_case: str,
    arms: dict[ArmName, Arm] | None = None,
    texts: int = 0,
    volume: Volume = VOLUME,
    **answers: Any,
) -> Case:
    return Case(
        title="A case",
        brief=Brief(use_case=use_case, **answers),
        prompts=tuple(Prompt(id=f"t{n:03}", text=f"Text number {n}") for n in range(texts)),
        arms={"base": arm(LUNA), "tuned": tuned()} if arms is None else arms,
        volume=volume,
    )


def preferred(wins: int, losses: int, ties: int = 0) -> list[Preference]:
    """Mixed, so that no order of looking meets one side alone."""
    left: dict[Preference, int] = {"tuned": wins, "base": losses, "tie": ties}
    total = sum(left.values())
    seen: dict[Preference, int] = dict.fromkeys(left, 0)
    order = []
    for n in range(total):
        word = max(left, key=lambda w: left[w] * (n + 1) / total - seen[w])
        seen[word] += 1
        order.append(word)
    return order


def voted(
    case: Case,
    preferences: Sequence[Preference],
    quality: Quality | None = None,
    refused: int = 0,
    seed: int = 7,
) -> Whole:
    """Both options answered at equal length; one reader voted; tuned refused the last texts."""
    outputs = []
    for number, prompt in enumerate(case.prompts):
        for name in case.arms:
            no = name == "tuned" and number >= len(case.prompts) - refused
            text = "" if no else f"An answer of {name:13} to {prompt.text}"
            outputs.append(
                Output(
                    prompt.id,
                    name,
                    0,
                    "refused" if no else "answered",
                    text,
                    input_tokens=1_500,
                    output_tokens=400,
                )
            )
    votes = [
        Vote(p.id, said, base_quality=quality)
        for p, said in zip(case.prompts, preferences, strict=False)
    ]
    return Whole(case, Record(tuple(outputs), tuple(votes), complete=True, seed=seed))


def sample(name: str, folder: Any) -> Whole:
    """A sample with its recorded answers, by the path of a live run."""
    found = load_sample(name)
    store = Store.open(folder / f"{name}.db")
    transports = {arm: ReplayTransport(name, SAMPLES) for arm in found.arms}
    run = compare(found, store, transports=transports)
    record = Record(tuple(store.outputs(run.run_id)), (), complete=True, seed=7)
    store.close()
    return Whole(found, record)


def refs(case: Case) -> Case:
    """With an approved answer to each text, the one the option with examples gives."""
    prompts = (
        p.model_copy(update={"reference": f"An answer of base_examples to {p.text}"})
        for p in case.prompts
    )
    return case.model_copy(update={"prompts": tuple(prompts)})


BASES: dict[ArmName, Arm] = {"base": arm(LUNA), "base_examples": arm(LUNA)}
NO_MODEL_YET: dict[str, Any] = {**FULL, "stage": "base_in_use", "gap": "small_edits"}

WHOLE: dict[str, Whole] = {
    "1_too_few_pairs": Whole(
        case("classification", {}, stage="idea", training_pairs=5, tried=("prompt",))
    ),
    "1_facts_change_too_fast": Whole(
        case("own_documents_qa", {}, fact_change="weekly", tried=("prompt",), gap="not_good")
    ),
    "1_nowhere_to_train": Whole(
        case(
            "brand_voice",
            {"base": arm(None, input=Decimal("0.1"), output=Decimal("0.4")), "tuned": tuned()},
            **{**FULL, "stage": "base_in_use", "data_may_go": "own_machines"},
        )
    ),
    "1_no_permission": Whole(case("brand_voice", **{**FULL, "training_permission": "no"})),
    "1_live_and_stops_soon": Whole(
        case(
            "classification",
            {"base": arm(LUNA), "tuned": tuned(OPENAI_MINI)},
            **{**FULL, "stage": "tuned_live", "customer_of": {"openai": "tuned_before"}},
        )
    ),
    "2_test_for_base": voted(case("brand_voice", texts=60, **FULL), preferred(10, 44, 6)),
    "2_nothing_left_to_gain": voted(
        case("brand_voice", {"base": arm(LUNA)}, texts=60, **NO_MODEL_YET),
        ["tie"] * 60,
        quality="as_is",
    ),
    "3_cutting_cost_and_dearer": voted(
        case("cost_cutting", texts=60, **FULL), preferred(44, 10, 6)
    ),
    "4_test_for_tuned": voted(case("brand_voice", texts=60, **FULL), preferred(41, 11, 8)),
    "4_overrules_the_matrix": voted(
        case(
            "general_chatbots",
            {"base": arm(LUNA), "tuned": tuned(H100)},
            texts=60,
            **{**FULL, "data_may_go": "any_vendor", "can_host": True},
        ),
        preferred(50, 6, 4),
    ),
    "5_level_and_base_is_cheaper": voted(
        case("brand_voice", texts=120, **FULL), preferred(5, 5, 110)
    ),
    "5_level_and_tuned_is_cheaper": voted(
        case(
            "classification",
            {"base": arm("openai:gpt-4.1"), "tuned": tuned()},
            texts=120,
            volume=VOLUME.model_copy(update={"requests_per_month": 2_000_000}),
            **FULL,
        ),
        preferred(5, 5, 110),
    ),
    "6_suggested_fine_tuned": Whole(case("brand_voice", texts=40, **FULL)),
    "6_suggested_base_few_texts": voted(
        case(
            "general_chatbots",
            texts=12,
            stage="tuned_on_trial",
            strictness="loose",
            training_pairs=300,
            tried=("prompt",),
        ),
        preferred(7, 4, 1),
    ),
    "6_only_the_use_case": Whole(Case(title="A case", brief=Brief(use_case="brand_voice"))),
    "6_trade_off": voted(case("brand_voice", texts=60, **FULL), preferred(44, 4, 2), refused=10),
    "6_price_missing": voted(
        case(
            "brand_voice",
            {"base": arm(LUNA), "tuned": arm(None, input=Decimal("0.8"))},
            texts=40,
            **FULL,
        ),
        preferred(20, 14, 6),
    ),
    "1_openai_closed_to_newcomer": Whole(
        case(
            "brand_voice",
            {"base": arm(LUNA), "tuned": tuned(OPENAI_MINI)},
            **{
                **FULL,
                "stage": "idea",
                "data_may_go": "any_vendor",
                "customer_of": {"openai": "new"},
            },
        )
    ),
    "6_no_tuned_model_yet": voted(
        refs(
            case("domain_summarization", BASES, texts=40, **{**NO_MODEL_YET, "training_pairs": 67})
        ),
        (),
    ),
    "7_held_back": Whole(
        case("brand_voice", **{**FULL, "stage": "base_in_use", "tried": (), "gap": None})
    ),
    "7_nothing_leans": Whole(case("translation", {}, stage="idea", error_cost="high")),
}
"""By the row of the table that applies and what is told."""


def cut(whole: Whole, texts: int) -> Whole:
    """The same with the first texts only."""
    kept = whole.case.prompts[:texts]
    ids = {prompt.id for prompt in kept}
    return Whole(
        whole.case.model_copy(update={"prompts": kept}),
        replace(
            whole.record,
            outputs=tuple(o for o in whole.record.outputs if o.prompt_id in ids),
            votes=tuple(v for v in whole.record.votes if v.prompt_id in ids),
        ),
    )
