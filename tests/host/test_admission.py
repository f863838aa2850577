"""Whom the host lets in, by what the identity provider says of them."""

import pytest

from advisor.errors import BadSettings
from advisor.host.admission import completed, is_admitted
from advisor.host.settings import Hosting

ANNA = {"email": "anna@example.com"}
ACME = {"allowed_domains": "example.com"}
IT = {"allowed_groups": "it"}
KELVIN = "\u212a"
"""Looks like a K, is none, and becomes one when it is made small."""


def host(settings: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Hosting:
    for name, value in settings.items():
        monkeypatch.setenv(f"WORTH_TUNING_{name.upper()}", value)
    return Hosting.read()


@pytest.mark.parametrize(
    ("said", "comes_in"),
    [
        ({}, True),
        ({"email": "ANNA@EXAMPLE.COM"}, True),
        ({"email_verified": True}, True),
        ({"email_verified": "true"}, True),
        ({"email_verified": False}, False),
        ({"email_verified": "false"}, False),
        ({"email_verified": None}, False),
        ({"email_verified": ["true"]}, False),
        ({"email": None}, False),
        ({"email": ""}, False),
        ({"email": "example.com"}, False),
        ({"email": "@example.com"}, False),
        ({"email": ["anna@example.com"]}, False),
        ({"email": "anna@sub.example.com"}, False),
        ({"email": "anna@notexample.com"}, False),
        ({"email": "anna@example.com.evil.org"}, False),
        ({"email": "anna@example.com."}, False),
        ({"email": "anna@evil.org@example.com"}, False),
        ({"email": "anna@evil.org, x@example.com"}, False),
        ({"email": "<anna@evil.org> x@example.com"}, False),
        ({"email": "anna@example.com\n"}, False),
        ({"email": "anna@ex\u0430mple.com"}, False),  # a Cyrillic a
        ({"email": "anna@example\uff0ecom"}, False),  # a wide full stop
    ],
)
def test_an_address_counts_by_its_whole_domain(said, comes_in, monkeypatch):
    assert is_admitted(ANNA | said, host(ACME, monkeypatch)) is comes_in


def test_a_letter_that_only_looks_like_one_of_the_domain_is_none(monkeypatch):
    bank = host({"allowed_domains": "Bank.com"}, monkeypatch)
    assert is_admitted({"email": "anna@BANK.com"}, bank)
    assert not is_admitted({"email": f"anna@ban{KELVIN}.com"}, bank)


def test_without_an_address_nobody_comes_in_by_a_domain(monkeypatch):
    assert not is_admitted({}, host(ACME, monkeypatch))


@pytest.mark.parametrize(
    ("said", "comes_in"),
    [
        ({"groups": ["pm", "it"]}, True),
        ({"groups": "it"}, True),
        ({}, False),
        ({"groups": None}, False),
        ({"groups": []}, False),
        ({"groups": ["IT"]}, False),
        ({"groups": ["git"]}, False),
        ({"groups": "git"}, False),
        ({"groups": "pm it"}, False),
        ({"groups": ["/staff/it"]}, False),
        ({"groups": [["it"]]}, False),
        ({"groups": [{"name": "it"}]}, False),
        ({"groups": {"it": False}}, False),
        ({"groups": {"it": True}}, False),
        ({"groups": 7}, False),
        ({"groups": True}, False),
        ({"roles": ["it"]}, False),
    ],
)
def test_a_group_counts_by_its_whole_name(said, comes_in, monkeypatch):
    assert is_admitted(ANNA | said, host(IT, monkeypatch)) is comes_in


@pytest.mark.parametrize(
    ("claim", "said", "comes_in"),
    [
        ("realm_access.roles", {"realm_access": {"roles": ["it"]}}, True),
        ("realm_access.roles", {"realm_access": {"roles": ["pm"]}}, False),
        ("realm_access.roles", {"realm_access": ["roles", "it"]}, False),
        ("realm_access.roles", {"realm_access": "it"}, False),
        ("https://acme.example/groups", {"https://acme.example/groups": ["it"]}, True),
        ("cognito:groups", {"cognito:groups": ["it"]}, True),
    ],
)
def test_groups_may_lie_within_another_claim(claim, said, comes_in, monkeypatch):
    assert is_admitted(said, host(IT | {"groups_claim": claim}, monkeypatch)) is comes_in


@pytest.mark.parametrize("domains", ["@example.com", "*.example.com", "example", "a@example.com"])
def test_a_domain_that_no_address_can_have_stops_the_app(domains, monkeypatch):
    with pytest.raises(BadSettings, match="WORTH_TUNING_ALLOWED_DOMAINS"):
        host({"allowed_domains": domains}, monkeypatch)


@pytest.mark.parametrize(
    ("token", "more", "comes_in"),
    [
        ({}, {}, True),
        ({"sub": None}, {}, False),
        ({}, {"sub": "2"}, False),
        ({}, {"sub": None}, False),
        ({}, {"email_verified": False}, False),
        ({"email_verified": True}, {"email_verified": False}, False),
        ({"email": "anna@evil.org"}, {}, False),
        ({"email": "anna@example.com", "email_verified": False}, {"email_verified": True}, False),
        ({"email": ""}, {}, True),
        ({}, {"groups": ["git"]}, False),
        ({"groups": ["git"]}, {}, False),
        ({"groups": []}, {}, True),
    ],
)
def test_what_a_token_leaves_out_counts_from_a_second_address_of_the_same_user(
    token, more, comes_in, monkeypatch
):
    acme = host(ACME | IT, monkeypatch)
    said = {"sub": "1", "groups": ["it"], **ANNA} | more
    assert is_admitted(completed({"sub": "1"} | token, said, acme), acme) is comes_in


def test_roles_within_another_claim_are_taken_from_there_too(monkeypatch):
    acme = host(IT | {"groups_claim": "realm_access.roles"}, monkeypatch)
    more = {"sub": "1", "realm_access": {"roles": ["it"]}, "email": "anna@example.com"}
    whole = completed({"sub": "1"}, more, acme)
    assert is_admitted(whole, acme)
    assert "email" not in whole  # nothing that nobody decides by
