"""Personal data and secrets are found by their form and check digits; what is no such thing is not."""

import json

import pytest

from advisor.case.texts import Prompt
from advisor.training.private import find_private, private_in
from advisor.training.rules import load_training_rules

A16 = "a1B2c3D4" * 2


def kinds(text: str) -> set[str]:
    return {found.kind for found in find_private([("1", text)])}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        pytest.param("Write to Jane.Doe+x@mail.example.org.", "e-mail address", id="e-mail"),
        pytest.param("call +44 20 7946 0958 today", "phone number", id="phone, country"),
        pytest.param("call (212) 736-5000 today", "phone number", id="phone, US"),
        pytest.param("pay 4111 1111 1111 1111 now", "card number", id="card"),
        pytest.param("pay 378282246310005 now", "card number", id="card of 15 digits"),
        pytest.param("to DE89 3704 0044 0532 0130 00 now", "bank account (IBAN)", id="IBAN"),
        pytest.param("to GB29NWBK60161331926819 today", "bank account (IBAN)", id="IBAN, GB"),
        pytest.param("SSN 536-22-1234", "US social security number", id="SSN"),
        pytest.param("from 8.8.8.8:", "IP address", id="IP"),
        pytest.param("AKIA" + "IOSFODNN7EXAMPLQ", "AWS Access Key", id="AWS"),
        pytest.param("x=postgres://me:hunter2@db/x", "Basic Auth Credentials", id="password"),
        pytest.param("-----BEGIN RSA PRIVATE " + "KEY-----", "Private Key", id="key file"),
        pytest.param(f"sk-proj-{A16}-{A16}T3BlbkFJ{A16}_{A16}", "OpenAI Token", id="OpenAI"),
        pytest.param(f"key: sk-ant-api03-{A16 * 3}.", "Anthropic key", id="Anthropic"),
        pytest.param("AIza" + A16 * 2 + "a1B", "Google API key", id="Google"),
        pytest.param("hf_" + A16 * 2 + "aB", "Hugging Face token", id="Hugging Face"),
        pytest.param("ghp" + "_" + A16 * 2 + "aB1c", "GitHub Token", id="GitHub"),
        pytest.param("x" * 1_000 + " AKIA" + "IOSFODNN7EXAMPLQ", "AWS Access Key", id="far behind"),
    ],
)
def test_it_is_found(text, kind):
    assert kinds(text) == {kind}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no such thing here",
        "4111 1111 1111 1112 is no card number: the check digit is wrong",
        "DE88 3704 0044 0532 0130 00 is no bank account: the check digits are wrong",
        "order 1234567890 on 2024-01-02 10:30, 12.03.2024, 01/02/2024",
        "000-12-3456 and 666-12-3456 and 123-45-6789 were never issued",
        "192.168.1.1, 127.0.0.1 and 999.1.1.1, version 4.1.2",
        "a@b and @home, at 5 pm",
        "https://example.org/a/very/long/path/2024/11/page-12345.html",
        "responsibilities, 2,000,000 and 10 000 000 units",
    ],
)
def test_it_is_not_taken_for_something(text):
    assert kinds(text) == set()


def test_where_it_stands_is_told_and_never_what_it_is():
    texts = [(str(i), "to a@example.org" if i % 2 else "no") for i in range(1, 21)]
    (found,) = find_private(texts)
    assert (found.texts, found.where, found.secret) == (10, ("1", "3", "5", "7", "9"), False)
    assert "example" not in str(found)


def test_secrets_come_first():
    texts = [("1", "a@example.org"), ("2", "a@example.org AKIA" + "IOSFODNN7EXAMPLQ")]
    assert [found.secret for found in find_private(texts)] == [True, False]


@pytest.mark.timeout(60)
def test_a_hostile_text_does_not_stop_it():
    hostile = "sk-" * 200_000 + "@" * 2_000 + "1-" * 100_000 + "://a" * 50_000 + "AB12 " * 50_000
    find_private([("1", hostile)])


def test_every_detector_that_is_named_exists():
    from advisor.training.private import _secrets

    found = {kind for kind, patterns in _secrets() if patterns}
    rules = load_training_rules()
    assert found == rules.detectors | {pattern.kind for pattern in rules.secret}


def test_the_sample_s_texts_can_be_looked_through():
    from advisor.case.case_file import SAMPLES

    lines = (SAMPLES / "clinic_notes" / "prompts.jsonl").read_text("utf-8").splitlines()
    assert (
        find_private([(str(i), json.loads(line)["prompt"]) for i, line in enumerate(lines)]) == ()
    )


def test_all_that_is_approved_is_looked_through_and_not_the_first_alone():
    mail = "ann.smith@example.org"
    calls = ({"name": "write", "arguments": {"to": mail}},)
    for approved in ({"reference": "ok", "other_references": (mail,)}, {"calls": calls}):
        (found,) = private_in((Prompt(id="t1", text="hello", **approved),))
        assert (found.kind, found.where) == ("e-mail address", ("t1",))
