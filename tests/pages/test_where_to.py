"""Who will have the texts, said before a run sends any."""

import json

import pytest

from advisor.case.case import Case
from advisor.case.options import Arm, Judge
from advisor.host.endpoints import host_endpoints
from advisor.host.settings import Hosting, settings
from pages.ui.compare.where_to import kept_here, where_texts_go
from tests.make import case_at


def asking(base: str, tuned: str, judge: str | None = None) -> Case:
    case = case_at("http://localhost:1", 2)
    arms = {
        "base": Arm(endpoint=base, model="m"),
        "tuned": Arm(endpoint=tuned, model="n"),
    }
    of_judge = Judge(endpoint=judge, model="j") if judge else None
    return case.model_copy(update={"arms": arms, "judge": of_judge})


def said(case: Case, voters: int = 0) -> list[tuple[str, str]]:
    return [(line.topic, line.text) for line in where_texts_go(case, Hosting(), voters)][1:]


def test_each_company_is_named_once_with_what_it_is_asked_as():
    case = asking("https://api.openai.com/v1", "https://api.openai.com/v1", "http://10.0.0.7/v1")
    assert said(case) == [
        (
            "OpenAI, api.openai.com",
            "in which region is not known here; asked as base and fine-tuned",
        ),
        (
            "Your own machine or network",
            "they reach no other company; asked as the judge, with the answers",
        ),
        ("Voters", "nobody is invited; people you invite read the texts and both answers"),
    ]


def test_the_account_in_an_azure_address_is_not_shown():
    case = asking("https://acme-secret.openai.azure.com/openai/v1", "https://host.example/v1")
    names = [name for name, _ in said(case)]
    assert names == [
        "Microsoft (Azure OpenAI), openai.azure.com",
        "host.example",
        "Judge",
        "Voters",
    ]


def test_the_hosts_own_address_has_the_region_the_host_gave(monkeypatch):
    given = {"ours": {"url": "https://api.together.ai/v1", "region": "the EU"}}
    monkeypatch.setenv("WORTH_TUNING_ENDPOINTS", json.dumps(given))
    settings.cache_clear()
    host_endpoints.cache_clear()
    try:
        found = said(asking("host:ours", "https://api.openai.com/v1"), voters=3)
    finally:
        monkeypatch.undo()
        settings.cache_clear()
        host_endpoints.cache_clear()
    assert found[0] == ("Together AI, api.together.ai", "in the EU; asked as base")
    assert found[-1][1].startswith("3 invited readers can read")


@pytest.mark.parametrize(
    ("host", "says"),
    [
        pytest.param(Hosting(), "votes and judgments until you delete them. ", id="own machine"),
        pytest.param(
            Hosting(keep_days=30, server_region="Frankfurt"),
            "votes and judgments in Frankfurt until 30 days after the last change. ",
            id="hosted",
        ),
    ],
)
def test_the_server_says_where_and_until_when_it_keeps_what(host, says):
    assert says in kept_here(host)
    assert kept_here(host).endswith("erased 7 days later")  # the page ends the sentence
