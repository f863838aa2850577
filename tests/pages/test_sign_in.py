"""Signed in or not: who sees which page, and whose cases."""

import hashlib

import pytest

from advisor.case.case_file import load_sample
from advisor.host.settings import exposure, hosting
from pages.ui import session, sign_in

from .reader import PAGES, Reader

ANNA = {"is_logged_in": True, "iss": "https://id.example", "sub": "1", "email": "anna@example.com"}
OTTO = ANNA | {"sub": "2"}
STRANGER = {"is_logged_in": False}


def visit(user: dict[str, object], page: str = "start", case_id: str | None = None) -> Reader:
    """The first page a browser asks for, with this user's cookie."""
    return Reader(page, case_id, user=user)


def owners() -> set[str]:
    with session.everyone().engine.connect() as connection:
        return set(connection.exec_driver_sql("SELECT owner FROM cases").scalars())


@pytest.mark.parametrize("page", PAGES)
def test_a_stranger_sees_no_page_but_the_sign_in(page):
    reader = visit(STRANGER, page)
    assert [title.value for title in reader.at.title] == ["Worth Tuning"]
    assert [button.key for button in reader.at.button] == ["sign_in:None"]


def test_a_stranger_with_the_id_of_a_case_sees_nothing_of_it():
    case_id = session.everyone().save_case(load_sample("clinic_notes"))
    reader = visit(STRANGER, "verdict", case_id)
    assert "clinic" not in reader.says.lower()
    assert [button.key for button in reader.at.button] == ["sign_in:None"]


@pytest.mark.parametrize(("page", "title"), [("report", "no report"), ("vote", "takes no votes")])
def test_public_pages_ask_nobody_to_sign_in(page, title):
    reader = visit(STRANGER)
    reader.at.switch_page(f"pages/public/{page}.py").run()
    assert title in reader.at.title[0].value
    assert not reader.at.button


def test_who_is_signed_in_owns_what_they_make_and_nobody_else_sees_it():
    anna = visit(ANNA).click("Open the sample", then="compare")
    digest = hashlib.sha256(b"https://id.example\x001").hexdigest()
    assert owners() == {f"oidc:{digest}"}
    assert "Sample" in visit(ANNA, "compare", anna.case_id).says
    other = visit(OTTO, "compare", anna.case_id)
    assert "Nothing is filled in yet" in other.says
    assert "case" not in other.at.query_params


def test_the_same_subject_of_another_issuer_is_another_user():
    assert sign_in.owner_of(ANNA) != sign_in.owner_of(ANNA | {"iss": "https://other.example"})


def test_another_address_of_the_same_user_is_the_same_user():
    assert sign_in.owner_of(ANNA) == sign_in.owner_of(ANNA | {"email": "new@example.com"})


def test_an_identity_without_a_subject_is_refused():
    reader = visit({"is_logged_in": True, "iss": "https://id.example"})
    assert "the people who run this app" in reader.says + " ".join(reader.errors)
    assert owners() == set()


def test_signing_out_leaves_the_sign_in_alone_on_the_page():
    reader = visit(ANNA)
    reader.click("Sign out")
    reader.at.run()
    assert [button.key for button in reader.at.button] == ["sign_in:None"]


def test_nothing_of_one_user_is_left_to_the_next_in_the_same_session():
    reader = visit(ANNA).click("Open the sample", then="compare")
    reader.at.session_state["keys"] = {
        (reader.case_id, "base", "https://a.example/v1"): "annas-key"
    }
    reader.at.user = dict(OTTO)
    reader.go("compare")
    assert "There is no such decision here" in reader.says
    assert "case" not in reader.at.query_params
    assert "keys" not in reader.at.session_state


def test_without_a_sign_in_all_is_local():
    Reader().click("Open the sample", then="compare")
    assert owners() == {"local"}


def test_open_to_strangers_without_a_sign_in_each_session_is_alone(monkeypatch):
    monkeypatch.setenv("WORTH_TUNING_HOSTED", "true")
    exposure.cache_clear()
    try:
        first = Reader().click("Open the sample", then="compare")
        second = Reader("compare", first.at.query_params["case"][0])
    finally:
        exposure.cache_clear()
    assert "Nothing is filled in yet" in second.says
    assert {owner.partition(":")[0] for owner in owners()} == {"visitor"}


@pytest.mark.parametrize(
    ("user", "settings", "comes_in"),
    [
        (ANNA, {}, True),
        (ANNA, {"ALLOWED_DOMAINS": "example.org, Example.com"}, True),
        (ANNA, {"ALLOWED_DOMAINS": "ample.com"}, False),
        (ANNA | {"email_verified": False}, {"ALLOWED_DOMAINS": "example.com"}, False),
        (ANNA | {"email": "anna@example.com@evil.org"}, {"ALLOWED_DOMAINS": "example.com"}, False),
        (ANNA | {"email": ""}, {"ALLOWED_DOMAINS": "example.com"}, False),
        (ANNA | {"groups": ["pm", "it"]}, {"ALLOWED_GROUPS": "it"}, True),
        (ANNA | {"groups": "it"}, {"ALLOWED_GROUPS": "it"}, True),
        (ANNA | {"groups": ["git"]}, {"ALLOWED_GROUPS": "it"}, False),
        (ANNA, {"ALLOWED_GROUPS": "it"}, False),
        (ANNA | {"roles": ["it"]}, {"ALLOWED_GROUPS": "it", "GROUPS_CLAIM": "roles"}, True),
        (ANNA | {"groups": ["it"]}, {"ALLOWED_GROUPS": "it", "ALLOWED_DOMAINS": "else.org"}, False),
    ],
)
def test_the_host_says_who_comes_in(user, settings, comes_in, monkeypatch):
    for name, value in settings.items():
        monkeypatch.setenv(f"WORTH_TUNING_{name}", value)
    hosting.cache_clear()
    try:
        reader = visit(user)
        refused = "does not say your e-mail" if user.get("email") == "" else "may not use this app"
        assert (refused in reader.says) is not comes_in
        assert (reader.at.title[0].value == "Worth Tuning") is not comes_in
    finally:
        hosting.cache_clear()
