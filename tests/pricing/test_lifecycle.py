"""What a reader can still do with an offer on a day."""

from datetime import date

import pytest

from advisor.report.access import access_reason
from pricing.lifecycle import DaysLeft, access, open_offers
from pricing.offers import find_offer

TODAY = date(2026, 11, 22)
OPENAI = "openai:gpt-4.1-mini"
AZURE = "azure_foundry:gpt-4o-2024-08-06:SFT/DPO global"


@pytest.mark.parametrize(
    ("ref", "standing", "can_train", "reason"),
    [
        pytest.param(
            OPENAI,
            "new",
            False,
            "OpenAI closed it on 7 May 2026 to organisations that had never used it.",
            id="openai, new",
        ),
        pytest.param(
            OPENAI,
            "existing",
            False,
            "OpenAI closed it on 7 May 2026 to organisations that had never used it.",
            id="openai, a customer that never tuned",
        ),
        pytest.param(
            OPENAI,
            "tuned_before",
            True,
            "OpenAI keeps it open to those who used a tuned model there in the past 60 days, "
            "until 6 Jan 2027.",
            id="openai, tuned before",
        ),
        pytest.param(
            OPENAI,
            None,
            None,
            "OpenAI closed it on 7 May 2026 to organisations that had never used it; it stays "
            "open to those who used a tuned model there in the past 60 days, until "
            "6 Jan 2027.",
            id="openai, not known",
        ),
        pytest.param(
            AZURE,
            "new",
            False,
            "Azure (Microsoft Foundry) closed it on 11 Aug 2026 to new customers.",
            id="azure, new",
        ),
        pytest.param(
            AZURE,
            "existing",
            True,
            "Azure (Microsoft Foundry) keeps it open to existing customers, until 1 Apr 2027.",
            id="azure, existing",
        ),
        pytest.param(
            "azure_foundry:gpt-4.1:SFT/DPO global",
            None,
            True,
            "Azure (Microsoft Foundry) offers this to every customer, until 14 Apr 2027.",
            id="open to all",
        ),
        pytest.param(
            "azure_foundry:gpt-5-2025-08-07",
            "existing",
            None,
            "Azure (Microsoft Foundry) offers this by invitation only.",
            id="invitation",
        ),
        pytest.param(
            "openai:gpt-4.1-nano",
            "tuned_before",
            False,
            "OpenAI shut models tuned this way down on 23 Oct 2026.",
            id="shut down",
        ),
        pytest.param(
            "cohere:Command R family",
            "tuned_before",
            False,
            "Cohere takes no new training job since 15 Sep 2025.",
            id="closed to all",
        ),
        pytest.param(
            "mistral:Mistral text models",
            None,
            False,
            "Mistral has deprecated this way of fine-tuning.",
            id="deprecated without a date",
        ),
        pytest.param(
            "predibase:models up to 7B",
            "existing",
            None,
            "Whether Predibase (Rubrik) still offers this was not verified.",
            id="not verified",
        ),
        pytest.param(
            "huggingface:any open model",
            None,
            False,
            "Hugging Face only hosts here: the model is tuned elsewhere.",
            id="hosting only",
        ),
    ],
)
def test_who_may_train_and_why(ref, standing, can_train, reason):
    found = access(find_offer(ref), TODAY, standing)
    assert (found.can_train, access_reason(found.why)) == (can_train, reason)


def test_both_clocks_run():
    # 22 November to 6 January: 8 + 31 + 6 days; to 14 January: 8 more.
    assert access(find_offer(OPENAI), TODAY).days_left == DaysLeft(training=45, tuned_model=53)
    assert access(find_offer("cohere:Command R family"), TODAY).days_left == DaysLeft(0, None)


@pytest.mark.parametrize(
    ("today", "can_train"),
    [
        pytest.param(date(2026, 5, 6), True, id="the day before it closed to new customers"),
        pytest.param(date(2026, 5, 7), False, id="the day it closed to new customers"),
    ],
)
def test_a_date_that_has_not_come_closes_nothing(today, can_train):
    assert access(find_offer(OPENAI), today, "new").can_train is can_train


def test_training_is_closed_to_everybody_after_its_last_day():
    offer = find_offer(OPENAI)
    assert access(offer, date(2027, 1, 6), "tuned_before").can_train is True
    assert access(offer, date(2027, 1, 7), "tuned_before").can_train is False


def test_texts_that_stay_on_own_machines_leave_only_own_machines():
    providers = {a.offer.provider for a in open_offers(TODAY, data_may_go="own_machines")}
    assert providers == {"self_hosted"}
    assert open_offers(TODAY, data_may_go="own_machines", can_host=False) == ()


@pytest.mark.parametrize(
    ("place", "standing", "can_train"),
    [
        pytest.param("any_vendor", "new", True, id="anywhere"),
        pytest.param(None, "new", True, id="not known where"),
        pytest.param("under_contract", "existing", True, id="under contract"),
        pytest.param("under_contract", "new", False, id="no contract"),
        pytest.param("under_contract", None, None, id="contract not known"),
        pytest.param("own_machines", "existing", False, id="own machines only"),
    ],
)
def test_texts_go_only_where_they_may(place, standing, can_train):
    together = find_offer("together:openai/gpt-oss-20b:LoRA SFT")
    assert access(together, TODAY, standing, place).can_train is can_train


def test_open_offers_leaves_out_what_is_closed_or_for_evaluation_and_puts_the_certain_first():
    found = open_offers(TODAY, {"openai": "new", "azure_foundry": "new"})
    assert "openai" not in {a.offer.provider for a in found}
    assert not [a.offer.ref for a in found if "developer" in a.offer.method]
    certain = [a.can_train is True for a in found]
    assert certain == sorted(certain, reverse=True)
    assert "azure_foundry:gpt-4.1-mini-2025-04-14:SFT/DPO global" in {a.offer.ref for a in found}
    assert "azure_foundry:gpt-4o-2024-08-06:SFT/DPO global" not in {a.offer.ref for a in found}
