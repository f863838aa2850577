"""Base models to try: each can be asked as it is added, or says what is to be entered."""

from datetime import date

import pytest

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.endpoints import profile_of
from advisor.verdict.base_models import ListedBase, load_base_models
from advisor.verdict.base_suggestions import PricedBase, suggest_bases

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize("listed", load_base_models(), ids=lambda listed: listed.ref)
def test_a_listed_base_has_the_address_of_its_provider_or_says_what_to_enter(listed: ListedBase):
    address = PricedBase(listed, None).arm.endpoint
    if listed.no_address:
        assert address == ""
        assert listed.no_address_source is not None
        assert listed.no_address_checked is not None
    else:
        assert profile_of(address).id == listed.provider


def test_models_of_three_vendors_are_added_with_the_address_that_answers():
    found = {base.provider: PricedBase(base, None).arm.endpoint for base in load_base_models()}
    assert found == {
        "openai": "https://api.openai.com/v1",
        "anthropic": "https://api.anthropic.com/v1",
        "google": "https://generativelanguage.googleapis.com/v1beta/openai",
        "fireworks": "https://api.fireworks.ai/inference/v1",
        "aws": "",
    }


def test_a_vendor_whose_texts_must_stay_with_the_reader_is_not_suggested():
    case = Case(title="A case", brief=Brief(use_case="brand_voice", data_may_go="own_machines"))
    assert [one.why for one in suggest_bases(case, TODAY)] == ["own_machines"]
