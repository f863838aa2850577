"""Whole cases with their runs, one for each way a verdict can come about."""

from decimal import Decimal
from typing import Any

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import Arm, OptionId
from tests.make import (
    FULL,
    H100,
    LUNA,
    OPENAI_MINI,
    VOLUME,
    Whole,
    arm,
    case,
    preferred,
    refs,
    tuned,
    voted,
)

BASES: dict[OptionId, Arm] = {"base": arm(LUNA), "base_examples": arm(LUNA)}
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
            {"base": arm("openai:gpt-4.1", input=2, output=8), "tuned": tuned()},
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
    "6_nothing_was_tried": Whole(
        case("brand_voice", {}, **{**FULL, "stage": "base_in_use", "tried": (), "gap": None})
    ),
    "7_nothing_leans": Whole(case("translation", {}, stage="idea", error_cost="high")),
}
"""By the row of the table that applies and what is told."""
