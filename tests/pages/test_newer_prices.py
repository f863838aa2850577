"""Prices says which edition is in use, and takes a newer one in on a click."""

import json
from hashlib import sha256

import pytest

from advisor.host.settings import exposure, hosting
from advisor.llm.upkeep import look
from pricing.editions import use_edition
from pricing.export import digest_in_use, export_facts, pointer_to
from tests.page_server import Page, PageServer

from .reader import Reader, said, unescaped


@pytest.fixture
def facts(monkeypatch):
    def set_up(where="", **more):
        for name, value in {"WORTH_TUNING_FACTS": where, **more}.items():
            monkeypatch.setenv(name, value)
        hosting.cache_clear()
        exposure.cache_clear()

    monkeypatch.setattr(look, "_last", [])
    yield set_up
    use_edition(None)
    monkeypatch.undo()
    hosting.cache_clear()
    exposure.cache_clear()


def newer():
    value = json.loads(export_facts().content)
    value["sheets"]["ori"]["offers"][0]["entries"][0].update(
        training_per_1m="0.77", checked="2026-12-20"
    )
    content = json.dumps(value).encode()
    return content, sha256(content).hexdigest()


def test_a_click_takes_the_feed_in_and_the_table_follows(facts):
    content, digest = newer()
    day = export_facts().newest.replace(month=12, day=20)
    server = PageServer(
        {
            "/latest.json": Page(pointer_to(digest, day).decode(), "application/json"),
            f"/{digest}.json": Page(content.decode(), "application/json"),
        }
    )
    with server.running():
        facts(server.url)
        reader = Reader("prices")
        assert f"edition {export_facts().sha256[:8]} of " in said(reader.at)
        reader.click("Look for newer prices")
        assert f"edition {digest[:8]} of 20 Dec 2026" in said(reader.at)
        assert "Newer prices and dates are in use since " in said(reader.at)
        table = next(frame.value for frame in reader.at.dataframe if "training" in frame.value)
        assert list(table[table["model"] == "open models to 10B"]["training"]) == [0.77]
        reader.click("Look for newer prices")
        assert "Nothing newer was found" in said(reader.at)
    reader.click("Look for newer prices")
    (warning,) = (unescaped(shown.value) for shown in reader.at.warning)
    assert warning.startswith("Newer prices were not taken in (")
    assert warning.endswith("Nobody answers at its address. The prices here stay in use.")
    assert digest_in_use() == digest


def test_on_ones_own_machine_a_file_can_be_brought(facts):
    facts()
    reader = Reader("prices")
    folds = [fold.label for fold in reader.at.expander]
    assert folds == ["What the words mean", "Use newer prices from a file"]
    assert not [b for b in reader.at.button if b.label == "Look for newer prices"]


def test_strangers_bring_no_file(facts):
    facts(WORTH_TUNING_HOSTED="true", WORTH_TUNING_SIGN_IN="none")
    folds = [fold.label for fold in Reader("prices").at.expander]
    assert folds == ["What the words mean"]
