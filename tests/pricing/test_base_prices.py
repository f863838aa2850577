"""Base models' prices, as the snapshot inside genai-prices has them."""

import json
import socket
import subprocess
import sys
import threading
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from genai_prices.data_snapshot import set_custom_snapshot
from genai_prices.update_prices import DEFAULT_UPDATE_URL

from advisor.host.settings import exposure
from advisor.llm.upkeep.base_prices import LIST, refresh
from pricing.base_prices import base_cells, base_price
from pricing.errors import PricingError, UnknownModel
from pricing.offers import PriceCells
from pricing.quotes import quote
from tests.proxy import EgressProxy

TODAY = date(2026, 11, 22)


def figures(**cells: str) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in cells.items()}


LUNA = figures(
    input="0.1",
    cached_input="0.01",
    cache_write="0.125",
    output="0.5",
    batch_input="0.05",
    batch_output="0.25",
)
"""OpenAI's list: 0.10 / 0.01 / 0.50, cache writes at 1.25 x input, batch at half."""


@pytest.mark.parametrize(
    ("model", "day", "input_tokens", "cells"),
    [
        pytest.param("gpt-6-luna", TODAY, 0, LUNA, id="standard, cached, batch"),
        pytest.param("gpt-6-luna", TODAY, 272_000, LUNA, id="just not a long request"),
        pytest.param(
            "gpt-6-luna",
            TODAY,
            272_001,
            figures(
                input="0.2",
                cached_input="0.02",
                cache_write="0.25",
                output="0.75",
                batch_input="0.1",
                batch_output="0.375",
            ),
            id="a long request: twice the input, 1.5 times the output",
        ),
        pytest.param(
            "gpt-6-luna",
            date(2026, 10, 13),
            0,
            {name: value for name, value in LUNA.items() if not name.startswith("batch")},
            id="no batch price before the day from which it is known",
        ),
        pytest.param(
            "gpt-4.1-mini",
            TODAY,
            0,
            figures(
                input="0.4",
                cached_input="0.1",
                output="1.6",
                batch_input="0.2",
                batch_output="0.8",
            ),
            id="an older family, without cache writes",
        ),
        pytest.param(
            "gpt-5.6-luna",
            date(2026, 7, 29),
            0,
            figures(input="1", cached_input="0.1", cache_write="1.25", output="6"),
            id="the day before a price fell",
        ),
        pytest.param(
            "gpt-5.6-luna",
            date(2026, 7, 30),
            0,
            figures(input="0.2", cached_input="0.02", cache_write="0.25", output="1.2"),
            id="the day a price fell",
        ),
    ],
)
def test_rates_hold_for_a_day_and_a_size_of_request(model, day, input_tokens, cells):
    assert base_cells("openai", model, day, input_tokens).given() == cells


def test_a_context_that_changes_nothing_gives_no_batch_price():
    assert base_cells("aws", "amazon.nova-micro-v1:0", TODAY).given() == figures(
        input="0.035", cached_input="0.00875", output="0.14"
    )


def test_a_price_from_another_providers_list_says_so_and_brings_no_batch_price():
    found = base_price("azure", "gpt-4.1-mini", TODAY)
    assert (found.provider, found.own_list) == ("azure", False)
    assert found.source_label == "OpenAI price list, as in genai-prices 0.2.3"
    assert found.cells.batch_input is None


def test_a_price_says_where_and_when_it_was_read():
    found = base_price("openai", "gpt-6-luna", TODAY)
    assert (found.name, found.context_window) == ("GPT-6 Luna", 1_050_000)
    assert found.source_label == "OpenAI price list, as in genai-prices 0.2.3"
    assert found.source_url == "https://developers.openai.com/api/docs/pricing"
    assert found.checked == date(2026, 11, 10)


@pytest.mark.parametrize(
    ("provider", "model", "sentence"),
    [
        pytest.param("openai", "gpt-6", '"gpt-6-luna"', id="a name that does not exist"),
        pytest.param("nobody", "gpt-6-luna", 'at "nobody"', id="a provider that does not exist"),
        pytest.param("openai", "gpt-4o-legal-finetuned", "enter its prices", id="an invented id"),
        pytest.param("openai", "ft:gpt-4o-2024-08-06:a::b", "choose the offer", id="tuned"),
        pytest.param("nonsense", "", "names no model; write provider:model", id="no colon"),
    ],
)
def test_an_unknown_model_is_an_error_and_never_free(provider, model, sentence):
    with pytest.raises(UnknownModel, match=sentence):
        base_price(provider, model, TODAY)


def test_no_price_comes_from_the_network(monkeypatch):
    monkeypatch.setattr(socket, "socket", None)
    assert base_cells("openai", "gpt-5.4", TODAY).output == Decimal(15)


def test_the_snapshot_is_not_loaded_before_it_is_asked():
    code = (
        "import sys, pricing.quotes, pricing.tokens;"
        "print({'genai_prices', 'tiktoken'} & set(sys.modules))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


# Fetched anew, only when asked


FETCHED = [
    {
        "id": "openai",
        "name": "OpenAI",
        "api_pattern": r"https://api\.openai\.com",
        "pricing_urls": ["https://developers.openai.com/api/docs/pricing"],
        "models": [
            {
                "id": "gpt-6-luna",
                "match": {"equals": "gpt-6-luna"},
                "prices": {"input_mtok": 0.07, "output_mtok": 0.35},
            }
        ],
    }
]


@pytest.fixture
def lists(tmp_path):
    """An address that serves what is put there; the list in use is put back afterwards."""
    handler = partial(SimpleHTTPRequestHandler, directory=tmp_path)
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield tmp_path, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    set_custom_snapshot(None)


def test_prices_fetched_anew_were_read_today(lists):
    folder, address = lists
    (folder / "data.json").write_text(json.dumps(FETCHED))
    before = datetime.now(UTC).date()
    read_on = refresh(f"{address}/data.json")
    assert before <= read_on <= datetime.now(UTC).date()
    found = quote("openai:gpt-6-luna", PriceCells(), "base", TODAY)
    assert (found.cells.input, found.cells.output) == (Decimal("0.07"), Decimal("0.35"))
    assert found.checked == read_on
    assert found.source_label == "OpenAI price list, as in genai-prices, fetched again"


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        pytest.param("[]", "other.json", "check the network", id="not there"),
        pytest.param("<html>", "data.json", "update genai-prices", id="no JSON"),
        pytest.param('{"a": 1}', "data.json", "update genai-prices", id="another form"),
        pytest.param('[{"id": 1}]', "data.json", "update genai-prices", id="another schema"),
    ],
)
def test_a_list_that_cannot_be_used_leaves_the_prices_at_hand(lists, content, name, sentence):
    folder, address = lists
    (folder / name).write_text(content)
    with pytest.raises(PricingError, match=sentence) as caught:
        refresh(f"{address}/data.json")
    assert str(caught.value).endswith("The prices at hand stay in use.")
    assert base_cells("openai", "gpt-6-luna", TODAY).given() == LUNA


def test_the_list_is_where_its_publisher_says():
    assert LIST == DEFAULT_UPDATE_URL


def test_a_company_s_proxy_is_asked_for_the_list(lists, monkeypatch):
    folder, address = lists
    (folder / "data.json").write_text(json.dumps(FETCHED))
    company = EgressProxy(int(address.rpartition(":")[2]))
    with company.running() as at:
        monkeypatch.setenv("WORTH_TUNING_EGRESS_PROXY", f"http://{at}")
        exposure.cache_clear()
        try:
            refresh("http://prices.invalid/data.json")
        finally:
            exposure.cache_clear()
    assert company.asked == ["CONNECT prices.invalid:80 HTTP/1.1"]
    assert base_cells("openai", "gpt-6-luna", TODAY).input == Decimal("0.07")


def test_without_a_network_the_prices_at_hand_stay(lists):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = free.getsockname()[1]
    with pytest.raises(PricingError, match="check the network"):
        refresh(f"http://127.0.0.1:{closed}/data.json")
    assert base_cells("openai", "gpt-6-luna", TODAY).given() == LUNA
