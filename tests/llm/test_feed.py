"""A feed is taken in from a real server or a folder, then a bad one, then none."""

import asyncio
import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from click.testing import CliRunner

from advisor.case.case_file import load_sample
from advisor.cli import main
from advisor.evidence.record import Record
from advisor.host.settings import exposure, hosting, settings
from advisor.llm.upkeep import feed
from advisor.llm.upkeep.look import last_look
from advisor.report.as_json import decision_json
from advisor.report.report import write_report
from advisor.report.snapshot import Snapshot, freeze, report_sha256
from advisor.verdict.decision import decide_case
from pages.ui.server import operations
from pricing.editions import edition_in_use, use_edition
from pricing.export import digest_in_use, export_facts, pointer_to
from tests.page_server import Page, PageServer

DAY = datetime(2026, 12, 20, tzinfo=UTC)
JSON = "application/json"


@pytest.fixture(autouse=True)
def as_it_ships():
    yield
    use_edition(None)
    for cached in (hosting, settings, exposure):
        cached.cache_clear()


@pytest.fixture
def host(monkeypatch, tmp_path):
    """Settings of a host; the kept edition is in a folder of the test's own."""

    def set_up(where="", **more):
        monkeypatch.setenv("WORTH_TUNING_DB", str(tmp_path / "data" / "cases.db"))
        monkeypatch.setenv("WORTH_TUNING_FACTS", str(where))
        for name, value in more.items():
            monkeypatch.setenv(name, value)
        for cached in (hosting, settings, exposure):
            cached.cache_clear()
        return tmp_path / "data" / "facts"

    return set_up


def edition(day="2030-12-20", **more):
    """The facts that ship with one entry read again, under the name of its digest."""
    value = json.loads(export_facts().content)
    value["sheets"]["ori"]["offers"][0]["entries"][0].update(checked=day, **more)
    content = json.dumps(value).encode()
    return content, sha256(content).hexdigest()


def served(content, digest, folder="/facts"):
    pointer = pointer_to(digest, DAY.date()).decode()
    return {
        f"{folder}/latest.json": Page(pointer, JSON),
        f"{folder}/{digest}.json": Page(content.decode(), JSON),
    }


def test_a_feed_is_taken_in_then_a_bad_one_then_none(host, caplog):
    content, digest = edition(training_per_1m="0.50")
    with PageServer(served(content, digest)).running() as server:
        folder = host(f"{server.url}/facts")
        assert feed.look_for_newer().taken
        assert digest_in_use() == digest
        assert {path.name for path in folder.iterdir()} == {"latest.json", f"{digest}.json"}

        assert not feed.look_for_newer().taken  # nothing newer, and nothing said
        assert last_look().refused == ""

        older, name = edition(day="2030-12-01")
        server.pages |= served(older, name)
        assert feed.look_for_newer().refused == (
            "ori, open models to 10B, LoRA SFT, 2026-11-30 was read on 2030-12-01 there, "
            "and on 2030-12-20 here."
        )
        assert digest_in_use() == digest
        assert "newer facts are not taken in" in caplog.text
    assert feed.look_for_newer().refused == "Nobody answers at its address."
    assert digest_in_use() == digest

    use_edition(None)  # another process starts
    feed.open_kept()
    assert digest_in_use() == digest


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Page(status=403), "Its server answered 403."),
        (Page(status=404), "Its server answered 404."),
        (Page(status=301, location="/new"), "/new; put that in WORTH_TUNING_FACTS."),
        (Page("<html>Sign in</html>"), "latest.json is not JSON, or was cut in the middle."),
        (Page('{"schema": 1}', JSON), "Its latest.json names no edition"),
        (Page("{" + " " * 9000 + "}", JSON, breaks_off=True), "It broke off on the way."),
    ],
)
def test_a_feed_that_is_none_is_a_sentence(host, answer, said):
    with PageServer({"/latest.json": answer}).running() as server:
        folder = host(server.url)
        assert said in feed.look_for_newer().refused
    assert edition_in_use() is None
    assert not folder.exists()


def test_an_edition_cut_in_the_middle_changes_nothing(host):
    content, digest = edition()
    pages = served(content, digest)
    pages[f"/facts/{digest}.json"] = Page(content.decode()[: len(content) // 2], JSON)
    with PageServer(pages).running() as server:
        host(f"{server.url}/facts/latest.json")
        assert "cut or changed on the way" in feed.look_for_newer().refused
    assert edition_in_use() is None


def test_a_folder_is_a_feed_too(host, tmp_path):
    content, digest = edition()
    (tmp_path / "latest.json").write_bytes(pointer_to(digest, DAY.date()))
    (tmp_path / f"{digest}.json").write_bytes(content)
    host(tmp_path)
    assert feed.look_for_newer().taken
    assert digest_in_use() == digest


def test_a_folder_without_one_is_a_sentence(host, tmp_path):
    host(tmp_path)
    assert "There is no file" in feed.look_for_newer().refused


def test_strangers_app_asks_no_address_inside(host):
    with PageServer({}).running() as server:
        host(server.url, WORTH_TUNING_HOSTED="true")
        assert "inside your network" in feed.look_for_newer().refused
    assert server.asked == []


def test_a_file_is_known_by_the_digest_in_its_name(host):
    content, digest = edition()
    host()
    assert "the name that the export gave it" in feed.take_file(content, "facts.json").refused
    assert feed.take_file(content, f"{digest} (1).json").taken
    assert digest_in_use() == digest


def test_a_kept_edition_that_is_spoiled_is_left_aside(host):
    content, digest = edition()
    folder = host("https://feed.example")
    folder.mkdir(parents=True)
    (folder / "latest.json").write_bytes(pointer_to(digest, DAY.date()))
    (folder / f"{digest}.json").write_bytes(content[:100])
    feed.open_kept()
    assert edition_in_use() is None


def test_what_a_person_brought_holds_after_the_next_start(host):
    content, digest = edition()
    host()
    feed.take_file(content, f"{digest}.json")
    use_edition(None)
    feed.open_kept()
    assert digest_in_use() == digest


def test_a_command_goes_by_what_the_app_goes_by(host, tmp_path):
    content, digest = edition()
    host()
    feed.take_file(content, f"{digest}.json")
    use_edition(None)
    found = CliRunner().invoke(main, ["facts", "status", "--today", "2026-12-20", "--json", "-"])
    facts = json.loads(found.stdout)["facts"]
    assert [f["read_on"] for f in facts if f["what"].startswith("ori:")] == ["2030-12-20"]


def test_the_app_takes_newer_facts_in_by_itself(host):
    content, digest = edition()
    with PageServer(served(content, digest)).running() as server:
        host(f"{server.url}/facts")

        async def live():
            async with operations.looked_after():
                while digest_in_use() != digest:
                    await asyncio.sleep(0.02)

        asyncio.run(asyncio.wait_for(live(), 60))
    assert digest_in_use() == digest


def test_a_decision_records_the_edition_it_rests_on_and_old_ones_keep_theirs(host):
    host()
    case = load_sample("clinic_notes")

    def decided():
        return decide_case(case, Record(), today=DAY.date(), made_at=DAY)

    before = decided()
    content, digest = edition()
    feed.take_file(content, f"{digest}.json")
    after = decided()
    assert (before.prices_sha256, after.prices_sha256) == (export_facts().sha256, digest)
    assert json.loads(decision_json(after))["prices_sha256"] == digest
    reports = [write_report(one) for one in (before, after)]
    copies = [
        Snapshot.from_json(freeze(case, one, with_texts=True, may_copy=False).to_json()).report
        for one in reports
    ]
    assert [one.prices_sha256 for one in copies] == [export_facts().sha256, digest]
    # Read again without any change, a decision says the same.
    assert report_sha256(reports[0]) == report_sha256(reports[1])
