"""Options: which models compete and where each answers; a connection is tried."""

import json
import socket

import pytest

from advisor.case.refusals import Refusals
from pages.ui import session
from tests.chat_events import Wire, body, events
from tests.fault_server import FaultServer
from tests.make import case_at

from .reader import Reader


@pytest.fixture
def reader() -> Reader:
    case = Reader("use_case").pick("What should the model do?", "domain_summarization")
    return case.go("options").compete("base", "tuned")


def test_only_a_base_models_price_can_be_typed_as_every_offer_to_tune_is_listed(reader):
    base, tuned = (field for field in reader.at.selectbox if field.label == "Where you can buy it")
    assert base.proto.accept_new_options
    assert not tuned.proto.accept_new_options


def test_a_connection_needs_an_address_and_a_model(reader):
    assert [b.disabled for b in reader.at.button if b.label == "Test"] == [
        True,
        True,
    ]


def try_connection(reader: Reader, address: str) -> list[str]:
    reader.fill("text_input", "Model address", address).fill("text_input", "Model name", "m")
    next(b for b in reader.at.button if b.label == "Test").click().run()
    assert not reader.at.exception
    return reader.errors


def test_a_port_where_nothing_listens_is_said_in_a_sentence(reader):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert try_connection(reader, f"http://127.0.0.1:{port}/v1") == [
        f"Nothing answers at 127.0.0.1:{port}; check the address and the port."
    ]


@pytest.mark.parametrize("address", ["localhost:8000", "ftp://host/v1", "not an address"])
def test_what_is_no_address_is_said_in_a_sentence(reader, address):
    said = try_connection(reader, address)
    assert said == [
        f"“{address}” is not an address of a model; it should look like https://host/v1."
    ]


def test_a_key_is_not_in_the_store(reader, own_store):
    reader.fill("text_input", "Key", "sk-canary-7d1f").fill("text_input", "Model name", "named")
    assert "named" in reader.case.model_dump_json()
    written = b"".join(path.read_bytes() for path in own_store.parent.glob("cases.db*"))
    assert b"named" in written
    assert b"sk-canary-7d1f" not in written


def test_testing_one_connection_leaves_the_result_of_the_other():
    """Base answers, tuned does not; what was said goes only with what it was said of."""
    reader = Reader("use_case").pick("What should the model do?", "domain_summarization")
    reader.go("options").compete("base", "tuned")
    with socket.socket() as unused, FaultServer().running() as server:
        unused.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        for nth, address in enumerate((server.url, dead)):
            reader.fill("text_input", "Model address", address, nth)
            reader.fill("text_input", "Model name", f"model-{nth}", nth)
        for nth in range(2):
            connect(reader, nth)
        assert heard(reader) == (1, 1)
        connect(reader, 0)
        assert heard(reader) == (1, 1)
        next(
            b for b in reader.at.button if b.label == "Check what this model supports"
        ).click().run()
        assert heard(reader) == (1, 1)
        reader.go("texts").go("options")  # still the same addresses
        assert heard(reader) == (1, 1)
        reader.fill("text_input", "Model name", "another", 1)
        assert heard(reader) == (1, 0)
        reader.fill("text_input", "Key", "sk-1", 0)
        assert heard(reader) == (0, 0)
    assert not reader.at.exception


def test_what_is_no_address_stays_said_when_the_other_is_tested():
    reader = Reader("use_case").pick("What should the model do?", "domain_summarization")
    reader.go("options").compete("base", "tuned")
    for nth in range(2):
        reader.fill("text_input", "Model address", f"ftp://host-{nth}/v1", nth)
        reader.fill("text_input", "Model name", "m", nth)
        connect(reader, nth)
    assert heard(reader) == (0, 2)


def connect(reader: Reader, nth: int) -> None:
    [b for b in reader.at.button if b.label == "Test"][nth].click().run()


def heard(reader: Reader) -> tuple[int, int]:
    """Connections that are said to answer, and not to."""
    return len(reader.at.success), len(reader.errors)


def test_what_a_model_does_not_take_stands_beside_its_option_and_can_be_sent_again():
    with FaultServer(
        fault=lambda asked, n: "param:temperature" if "temperature" in asked else None
    ).running() as server:
        case_id = session.store().save_case(case_at(server.url, 2))
        reader = Reader("options", case_id=case_id)
        assert "does not take" not in reader.says
        reader.go("compare").click("Start the comparison").finish().go("options")
    for model in ("m-base", "m-tuned"):
        said = f"“{model}” does not take temperature, so runs leave this out."
        assert said in reader.says
    next(b for b in reader.at.button if b.label == "Send it again").click().run()
    assert "“m-base” does not take" not in reader.says
    assert "“m-tuned” does not take" in reader.says
    left = Refusals(frozenset({"temperature"}))
    assert session.store().refused() == {(server.url, "m-tuned"): left}


def test_a_lower_bound_and_an_instruction_before_the_text_stand_beside_their_option():
    def says(asked, number):
        if asked["messages"][0]["role"] == "system":
            return body({"error": {"message": "System role not supported"}}, 400)
        if asked["max_tokens"] > 500:
            return body({"error": {"message": "Range of max_tokens is 1..500"}}, 400)
        return events("Yes.", model=asked["model"])

    with Wire(says).running() as server:
        case = case_at(server.url, 2, ("base",), system_prompt="Be brief.")
        reader = Reader("options", case_id=session.store().save_case(case))
        reader.go("compare").click("Start the comparison").finish().go("options")
    assert "“m-base” writes at most 500 tokens an answer; runs ask for no more." in reader.says
    assert (
        "“m-base” takes no instruction apart from the text; runs put it before it." in reader.says
    )
    next(b for b in reader.at.button if b.label == "Send it again").click().run()
    assert "“m-base”" not in reader.says
    assert session.store().refused() == {}


def test_an_address_that_lacks_its_end_is_tested_with_it_said_and_kept_for_the_run():
    def says(asked, number):
        if asked["path"] != "/v1/chat/completions":
            return body({"detail": "Not Found"}, 404)
        return events("Yes.", model=asked["model"])

    with Wire(says).running() as server:
        url = server.url.removesuffix("/v1")
        case_id = session.store().save_case(case_at(url, 2, ("base",)))
        reader = Reader("options", case_id=case_id)
        connect(reader, 0)
        assert heard(reader)[0] == 1
        assert f"Answers come from {url}/v1; the address given was {url}." in reader.says
        connect(reader, 0)
        reader.go("compare").click("Start the comparison").finish()
        assert server.paths == ["/chat/completions"] + ["/v1/chat/completions"] * 4
    assert session.store().refused() == {(url, "m-base"): Refusals(lacks="/v1")}


def test_a_form_that_is_none_is_said_and_the_last_one_is_kept(reader):
    label = "Fixed form of the answer (JSON Schema)"
    good = {"type": "object", "properties": {"desk": {"type": "string"}}}
    reader.fill("text_area", label, json.dumps(good))
    assert reader.case.arms["base"].parameters.response_format == good
    for wrong, said in (
        ('{"type": "text"}', "It is no JSON Schema: 'text' is not valid"),
        ("[1]", "Input should be a valid dictionary."),
        ("desk: string", "this is not JSON (line 1); check quotes and commas."),
    ):
        reader.fill("text_area", label, wrong)
        assert len(reader.errors) == 1
        assert said in reader.errors[0]
        assert reader.case.arms["base"].parameters.response_format == good


def test_a_base_without_an_address_of_the_usual_form_says_what_to_enter(reader):
    said = "Amazon Bedrock lists no OpenAI-compatible address for this model."
    reader.fill("selectbox", "Where you can buy it", "aws:amazon.nova-micro-v1:0", 0)
    shown = reader.says.count(said)
    reader.fill("text_input", "Model address", "https://gateway.example/v1", 0)
    assert reader.says.count(said) == shown - 1  # it may still stand among the models to try
