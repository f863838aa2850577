"""`facts update`: what feeds changed, as a diff that is reviewed, then applied."""

import json
import re
import shutil
import subprocess
import tomllib

import pytest
from click.testing import CliRunner

from advisor.cli import main
from pricing.base_stops import check_stops
from pricing.editions import read_toml
from pricing.offers import DATA, load_provider
from tests.cli.test_facts_check import served, sheets_at
from tests.page_server import Page, PageServer
from tests.pricing.copies import PAGES

TODAY = "2030-12-05"
LISTED = read_toml(DATA / "lists/base_stops.toml")["checked"]
LITELLM = "/raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json"
GPUS = "/raw.githubusercontent.com/datareceipts/data-receipts/main/109-gpu-pricing/vendors.json"


def update(folder, *more):
    words = ["facts", "update", "--data", folder, "--cache", folder / "cache", "--today", TODAY]
    return CliRunner().invoke(main, [*map(str, words), *map(str, more)])


def models(**more):
    """The model list in the shape of the real one: prices, and some last days."""
    found = json.loads((PAGES / "litellm_models.json").read_text())
    found |= {
        "gpt-5-mini": {"litellm_provider": "openai", "deprecation_date": "2026-12-11"},
        "azure/gpt-5-mini": {"litellm_provider": "azure", "deprecation_date": "2027-07-13"},
    }
    return json.dumps(found | more)


@pytest.fixture
def sources():
    pages = served() | {LITELLM: Page(models(), "application/json")}
    with PageServer(pages).running() as server:
        yield server


def dearer(sources):
    """The community's GPU costs 2.80 USD an hour instead of 2.69."""
    value = json.loads((PAGES / "gpu_vendors.json").read_text())
    value["vendors"][1]["rows"][0]["usd_per_gpu_hour"] = 2.8
    sources.pages[GPUS] = Page(json.dumps(value), "application/json")


def test_nothing_new_is_only_the_day_of_the_list(tmp_path, sources):
    folder = sheets_at(tmp_path / "data", sources.url, "self_hosted")
    found = update(folder)
    lines = [line for line in found.stdout.splitlines() if line[0] in "+-"]
    assert lines[2:] == [f"-checked = {LISTED}", f"+checked = {TODAY}"]
    assert re.match(r"Looked for \d+ prices in feeds: 0 changed.\n", found.stderr)
    assert update(folder, "--apply").exit_code == 0
    assert update(folder).exit_code == 0


def test_a_price_gets_an_entry_of_its_own_and_the_one_before_stays(tmp_path, sources):
    folder = sheets_at(tmp_path / "data", sources.url, "self_hosted")
    dearer(sources)
    found = update(folder)
    assert found.exit_code == 1
    assert "(RunPod community): training_per_hour, hosting_per_hour\n" in found.stderr
    assert "was 2.69, now 2.8, in the feed's unit" in found.stderr
    assert "+training_per_hour = 2.8\n" in found.stdout
    assert "-training_per_hour" not in found.stdout
    before = load_provider(folder / "self_hosted.toml")
    assert update(folder, "--apply").exit_code == 0
    after = load_provider(folder / "self_hosted.toml")
    others = [(a, b) for a, b in zip(before.offers, after.offers, strict=True) if a != b]
    ((was, now),) = others
    assert was.method == "LoRA on rented H100 SXM (RunPod community)"
    assert now.entries[:-1] == was.entries
    newest = now.entries[-1]
    assert (str(newest.since), newest.training_per_hour) == (TODAY, newest.hosting_per_hour)
    assert str(newest.hosting_per_hour) == "2.8"
    # The same figure again is no change, and no second entry.
    assert update(folder).exit_code == 0


def test_a_moved_last_day_is_one_line(tmp_path, sources):
    folder = sheets_at(tmp_path / "data", sources.url, "self_hosted")
    moved = {"litellm_provider": "azure", "deprecation_date": "2027-09-01"}
    sources.pages[LITELLM] = Page(models(**{"azure/gpt-5-mini": moved}), "application/json")
    found = update(folder, "--out", tmp_path / "changes.patch")
    assert "Last days of base models: 1 moved." in found.stderr
    diff = (tmp_path / "changes.patch").read_text()
    changed = [line for line in diff.splitlines() if line[0] in "+-" and line[1] == '"']
    assert [line.partition(",")[0].partition(" }")[0] for line in changed] == [
        '-"gpt-5-mini" = { stops_on = 2027-07-13',
        '+"gpt-5-mini" = { stops_on = 2027-09-01',
    ]
    update(folder, "--apply")
    listed = check_stops(read_toml(folder / "lists/base_stops.toml"))
    assert str(listed.stops["azure"]["gpt-5-mini"].stops_on) == "2027-09-01"
    assert (
        listed.stops["openai"]
        == check_stops(read_toml(DATA / "lists/base_stops.toml")).stops["openai"]
    )


def test_two_last_days_in_the_feed_are_left_to_a_person(tmp_path, sources):
    folder = sheets_at(tmp_path / "data", sources.url, "self_hosted")
    other = {"litellm_provider": "azure", "deprecation_date": "2027-09-01"}
    sources.pages[LITELLM] = Page(models(**{"azure/eu/gpt-5-mini": other}), "application/json")
    found = update(folder)
    assert "the list says otherwise: azure:gpt-5-mini (2027-07-13, 2027-09-01)" in found.stderr


@pytest.mark.parametrize(
    "answer",
    [
        Page("[1, 2", "application/json"),
        Page(status=503),
        Page('{"other": {"a": 1}}', "application/json"),
        Page(models(), "application/json", breaks_off=True),
    ],
)
def test_a_feed_that_cannot_be_read_changes_nothing(tmp_path, sources, answer):
    folder = sheets_at(tmp_path / "data", sources.url, "self_hosted")
    sources.pages[LITELLM] = answer
    found = update(folder, "--apply")
    assert found.exit_code == 1
    assert "The list of last days of base models could not be read." in found.stderr
    listed = (folder / "lists/base_stops.toml").read_text()
    assert tomllib.loads(listed)["checked"] == LISTED


@pytest.mark.skipif(shutil.which("git") is None, reason="no git")
def test_the_diff_is_one_that_git_applies(tmp_path, sources, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder = sheets_at(tmp_path / "data", sources.url, "self_hosted")
    dearer(sources)
    update(folder, "--out", tmp_path / "changes.patch")
    subprocess.run(["git", "apply", "changes.patch"], check=True, cwd=tmp_path)
    assert update(folder).exit_code == 0
