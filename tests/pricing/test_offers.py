"""Finding an offer by what a reader types."""

from datetime import date

import pytest

from pricing.errors import AmbiguousOffer, UnknownOffer
from pricing.offers import age_in_days, find_offer, is_ageing


@pytest.mark.parametrize(
    ("typed", "ref"),
    [
        pytest.param(
            "openai:gpt-4.1-mini-2025-04-14", "openai:gpt-4.1-mini-2025-04-14:SFT", id="no method"
        ),
        pytest.param("openai:gpt-4.1-mini", "openai:gpt-4.1-mini-2025-04-14:SFT", id="no date"),
        pytest.param("OpenAI:GPT-4.1-mini:sft", "openai:gpt-4.1-mini-2025-04-14:SFT", id="case"),
        pytest.param(
            "aws-bedrock:amazon.nova-micro-v1:0",
            "aws_bedrock:amazon.nova-micro-v1:0:SFT",
            id="a colon in the model",
        ),
        pytest.param(
            "aws_bedrock:amazon.nova_micro_v1:0:sft",
            "aws_bedrock:amazon.nova-micro-v1:0:SFT",
            id="a colon in the model, and a method",
        ),
        pytest.param(
            "self-hosted:any open model:LoRA on AWS p5 per H100",
            "self_hosted:any open model:LoRA on AWS p5 per H100",
            id="blanks, and a dash in the provider",
        ),
        pytest.param(
            "azure:gpt-4.1-mini:SFT developer",
            "azure_foundry:gpt-4.1-mini-2025-04-14:SFT/DPO developer",
            id="some words of the method",
        ),
        pytest.param(
            "openai:o4-mini:RFT", "openai:o4-mini-2025-04-16:RFT", id="a full name before a part"
        ),
    ],
)
def test_an_offer_is_found_as_readers_write_it(typed, ref):
    assert find_offer(typed).ref == ref


def test_several_offers_are_listed_by_their_full_references():
    with pytest.raises(AmbiguousOffer) as caught:
        find_offer("azure_foundry:gpt-4.1-mini")
    assert str(caught.value) == (
        'Several offers go by "azure_foundry:gpt-4.1-mini"; choose one of: '
        '"azure_foundry:gpt-4.1-mini-2025-04-14:SFT/DPO global", '
        '"azure_foundry:gpt-4.1-mini-2025-04-14:SFT/DPO developer", '
        '"azure_foundry:gpt-4.1-mini-2025-04-14:SFT/DPO data zone".'
    )


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        pytest.param("openai:gpt-4.1-min", '"openai:gpt-4.1-mini-2025-04-14:SFT"', id="model"),
        pytest.param(
            "openai:gpt-4.1-mini:DPO", '"openai:gpt-4.1-mini-2025-04-14:SFT"', id="method"
        ),
        pytest.param("opnai:gpt-4.1-mini", '"openai"', id="provider"),
        pytest.param("openai", '"openai:', id="no model"),
        pytest.param("", '"openai"', id="nothing"),
    ],
)
def test_an_unknown_offer_says_what_comes_near(typed, named):
    with pytest.raises(UnknownOffer) as caught:
        find_offer(typed)
    assert f'No offer goes by "{typed}".' in str(caught.value)
    assert named in str(caught.value)


def test_a_figure_ages_after_sixty_days():
    checked = date(2026, 9, 23)
    assert age_in_days(checked, date(2026, 11, 22)) == 60
    assert not is_ageing(checked, date(2026, 11, 22))
    assert is_ageing(checked, date(2026, 11, 23))
