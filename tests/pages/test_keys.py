"""A key is sent to the address it was typed for, and to no other: of an option, a judge, a case."""

from collections.abc import Iterator

import pytest

from advisor.case.options import Judge
from pages.ui import session
from tests.fault_server import FaultServer
from tests.make import case_at

from .reader import Reader

KEY, ANOTHER = "canary-of-one-vendor", "canary-of-another"


@pytest.fixture
def vendors() -> Iterator[tuple[FaultServer, FaultServer]]:
    with FaultServer().running() as one, FaultServer().running() as other:
        yield one, other


def sent(server: FaultServer) -> set[str]:
    """The keys it was sent since it was last looked at."""
    found = {said.get("authorization", "") for said in server.headers}
    server.headers.clear()
    return {key for key in (KEY, ANOTHER) if any(key in said for said in found)}


def connect(reader: Reader, label: str = "Test") -> None:
    next(button for button in reader.at.button if button.label == label).click().run()


def reader_of(server: FaultServer, page: str, **more) -> Reader:
    case = case_at(server.url, 2, ("base",)).model_copy(update=more)
    return Reader(page, case_id=session.store().save_case(case))


def test_with_another_address_the_key_of_an_option_is_not_sent(vendors):
    one, other = vendors
    reader = reader_of(one, "options").fill("text_input", "Key", KEY)
    connect(reader)
    assert sent(one) == {KEY}
    reader.fill("text_input", "Model address", other.url)
    assert reader.field("text_input", "Key").value == ""
    connect(reader)
    connect(reader, "Check what this model supports")
    reader.go("compare").click("Start the comparison").finish()
    assert other.headers
    assert sent(other) == set()
    reader.go("options").fill("text_input", "Key", ANOTHER)
    connect(reader)
    assert sent(other) == {ANOTHER}
    reader.fill("text_input", "Model address", one.url)  # its key was typed for it, and is known
    connect(reader)
    assert sent(one) == {KEY}


def test_an_address_and_a_key_that_change_at_once_leave_no_key(vendors):
    one, other = vendors
    reader = reader_of(one, "options")
    reader.field("text_input", "Key").set_value(KEY)  # for the address that still stands there
    reader.fill("text_input", "Model address", other.url)
    connect(reader)
    assert other.headers
    assert sent(other) == set()


def test_a_key_typed_before_the_first_address_is_kept_for_it(vendors):
    one, _ = vendors
    case = case_at("", 2, ("base",))
    reader = Reader("options", case_id=session.store().save_case(case))
    reader.fill("text_input", "Key", KEY).fill("text_input", "Model address", one.url)
    connect(reader)
    assert sent(one) == {KEY}


def test_the_key_of_a_base_goes_with_its_variants(vendors):
    one, _ = vendors
    reader = Reader("options", case_id=session.store().save_case(case_at(one.url, 2)))
    reader.fill("text_input", "Key", KEY, 0)
    reader.go("compare").click("Start the comparison").finish()
    keys = {
        asked["model"]: said.get("authorization")
        for asked, said in zip(one.requests, one.headers, strict=True)
    }
    assert keys["m-base"] == f"Bearer {KEY}"
    assert KEY not in str(keys["m-tuned"])


@pytest.mark.parametrize("same_address", [True, False])
def test_in_another_case_no_key_is_sent(vendors, same_address):
    one, other = vendors
    reader = reader_of(one, "options").fill("text_input", "Key", KEY)
    server = one if same_address else other
    session_state = reader.at.session_state
    next_case = case_at(server.url, 3, ("base",))
    session_state["case_id"] = session.store().save_case(next_case)
    reader.at.query_params["case"] = session_state["case_id"]
    reader.go("compare")
    reader.click("Start the comparison").finish()
    assert server.headers
    assert sent(server) == set()


def test_an_address_changed_in_another_window_is_sent_no_key(vendors):
    one, other = vendors
    reader = reader_of(one, "options").fill("text_input", "Key", KEY)
    Reader("options", case_id=reader.case_id).fill("text_input", "Model address", other.url)
    mine = Reader("compare", case_id=reader.case_id)
    mine.at.session_state["keys"] = reader.at.session_state["keys"]
    mine.click("Start the comparison").finish()
    assert other.headers
    assert sent(other) == set()


def test_with_another_address_the_key_of_the_judge_is_not_sent(vendors):
    one, other = vendors
    judge = Judge(endpoint=one.url, model="m-judge")
    case = case_at(one.url, 2).model_copy(update={"judge": judge})
    reader = Reader("compare", case_id=session.store().save_case(case))
    reader.fill("text_input", "Judge's key", KEY)
    connect(reader, "Test the judge's connection")
    assert sent(one) == {KEY}
    reader.fill("text_input", "Judge's model address", other.url)
    assert reader.field("text_input", "Judge's key").value == ""
    connect(reader, "Test the judge's connection")
    assert other.headers
    reader.click("Start the comparison").finish()
    assert len(other.headers) > 1  # the judge was asked
    assert sent(other) == set()
    assert sent(one) == set()  # nor do the options take the judge's
