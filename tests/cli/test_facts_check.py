"""`facts check` through a month: served copies of the sources, of which some change."""

import json
import re
import shutil
import time
import tomllib
from datetime import date
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from advisor.cli import main
from pricing.checking import asked_facts, check_facts
from pricing.offers import DATA
from tests.page_server import Page, PageServer
from tests.pricing.copies import COPIES, body_of, copy_of, kind_of

TODAY = "2026-12-05"


def served():
    """Each copy at `/host/path`, where `moved_to_here` has the sheets look for it."""

    def answer(name):
        return lambda query: Page(body_of(name, query), kind_of(name))

    return {f"/{address}": answer(name) for address, name in COPIES.items()}


def sheets_at(folder, url, *only):
    """The sheets that ship, or only some of them, with every source at the local server."""
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("tokenizers"))
    for path in folder.rglob("*.toml"):
        if only and path.parent == folder and path.stem not in only:
            path.unlink()
            continue
        path.write_text(path.read_text("utf-8").replace("https://", f"{url}/"), "utf-8")
    return folder


def check(folder, *more):
    words = ["facts", "check", "--data", folder, "--cache", folder / "cache", "--today", TODAY]
    return CliRunner().invoke(main, [*map(str, words), *map(str, more)])


def differs(before, after):
    """The lines of a sheet that were there before and are not now."""
    left = after.splitlines()
    return [line for line in before.splitlines() if line not in left]


@pytest.fixture
def sources():
    with PageServer(served()).running() as server:
        yield server


def found_by(result):
    return {
        (fact["what"], *fact["of"]): fact
        for fact in json.loads(result.stdout)["facts"]
        if fact["outcome"] != "stands"
    }


def test_a_month_with_one_price_one_date_and_one_layout_is_one_command(tmp_path, sources):
    folder = sheets_at(tmp_path / "data", sources.url)
    copies = {one.address: copy_of(one.address) for one in asked_facts(DATA, date(2026, 12, 5))}
    usual = {
        (fact.asked.what, *fact.asked.expected.of)
        for fact in check_facts(DATA, date(2026, 12, 5), copies).facts
        if fact.compared.outcome != "stands"
    }

    def change(path, was, now):
        before = sources.pages[path]
        sources.pages[path] = lambda query: Page(
            before(query).body.replace(was, now), before(query).kind
        )

    change(
        "/developers.openai.com/api/docs/pricing.md",
        "| `gpt-4o-mini-2024-07-18` | $3.00 | $0.30 |",
        "| `gpt-4o-mini-2024-07-18` | $4.00 | $0.30 |",
    )
    change(
        f"/{next(a for a in COPIES if 'model-retirement-schedule' in a)}",
        "| gpt-4.1-nano | 2025-04-14 | No earlier than 2027-04-14<sup>1</sup> | 2027-10-14 |",
        "| gpt-4.1-nano | 2025-04-14 | No earlier than 2027-05-01<sup>1</sup> | 2027-10-14 |",
    )
    change("/docs.ori.co/fine-tuning/billing", "<td>ogc-ft-10b-tokens</td>", "<td>One size</td>")
    before = {path: path.read_text("utf-8") for path in folder.rglob("*.toml")}
    found = {
        key: fact
        for key, fact in found_by(check(folder, "--json", "-")).items()
        if key not in usual
    }
    outcomes = {key[0].partition(":")[0]: fact["outcome"] for key, fact in found.items()}
    assert outcomes == {"openai": "changed", "azure_foundry": "changed", "ori": "unreadable"}
    assert {key[0].split(":")[1] for key in found} == {
        "gpt-4o-mini-2024-07-18",
        "gpt-4.1-nano-2025-04-14",
        "open models to 10B",
    }
    price = next(fact for fact in found.values() if "openai" in fact["what"])
    assert (price["was"], price["now"]) == (
        "gpt-4o-mini-2024-07-18 $3.00 $0.30 $0.15 $1.20",
        "gpt-4o-mini-2024-07-18 $4.00 $0.30 $0.15 $1.20",
    )
    line = (folder / price["file"]).read_text("utf-8").splitlines()[price["line"] - 1]
    assert line == "training_per_1m = 3"
    written = [gone for path, text in before.items() for gone in differs(text, path.read_text())]
    assert len(written) > 20
    assert all(re.match(r"(dates_)?checked|  \{ of = ", line) for line in written)


def test_what_changed_is_said_in_words_with_its_line(tmp_path, sources):
    folder = sheets_at(tmp_path / "data", sources.url, "ori", "prime_intellect", "mistral")
    sources.pages["/docs.ori.co/fine-tuning/billing"] = Page(status=403)
    sources.pages["/docs.primeintellect.ai/hosted-training/models-and-pricing.md"] = Page(
        status=301, location="/docs.primeintellect.ai/prices"
    )
    found = check(folder)
    assert found.exit_code == 1
    assert found.stdout.startswith(
        "Looked for 6 facts at 3 addresses on 5 Dec 2026: "
        "2 stand, 0 changed, 0 gone, 4 could not be read.\n"
    )
    assert "The server answered 403." in found.stdout
    assert "The page moved to " in found.stdout
    assert re.search(r"1 fact, the first at ori.toml:\d+; read \d+ \w+ 20\d\d", found.stdout)
    assert re.search(
        r"\d+ dates? set to 5 Dec 2026 in the sheets. No price was changed.", found.stdout
    )


def one_sheet(folder, url, price="$2.00"):
    folder.mkdir()
    (folder / "acme.toml").write_text(
        f"""provider = "acme"
name = "Acme"
pricing_url = "{url}/prices"

[[offers]]
base_model = "a"
method = "SFT"

[[offers.entries]]
since = 2026-01-01
training_unit = "per_1m_tokens"
training_per_1m = 2
source = "{url}/prices"
checked = 2026-01-01
expect = [
  {{ of = ["training_per_1m"], words = "Model a {{{price}}}" }},
]
"""
    )
    return folder


@pytest.mark.parametrize("said", ["Model a $2.00", "Model a costs $2.00"])
def test_the_code_says_whether_all_of_it_stands(tmp_path, said):
    with PageServer({"/prices": said}).running() as server:
        folder = one_sheet(tmp_path / "data", server.url)
        found = check(folder)
    assert found.exit_code == (0 if said == "Model a $2.00" else 1)
    written = tomllib.loads((folder / "acme.toml").read_text())["offers"][0]["entries"][0]
    assert str(written["checked"]) == (TODAY if found.exit_code == 0 else "2026-01-01")


def test_the_same_day_again_writes_nothing_more(tmp_path):
    with PageServer({"/prices": "Model a $2.00"}).running() as server:
        folder = one_sheet(tmp_path / "data", server.url)
        assert "1 date set to 5 Dec 2026 in the sheets." in check(folder).stdout
        assert "0 dates set to 5 Dec 2026 in the sheets." in check(folder).stdout


def test_a_dry_run_writes_nothing(tmp_path):
    with PageServer({"/prices": "Model a $2.00"}).running() as server:
        folder = one_sheet(tmp_path / "data", server.url)
        before = (folder / "acme.toml").read_text()
        assert check(folder, "--dry-run").exit_code == 0
    assert (folder / "acme.toml").read_text() == before


def test_a_sheet_that_cannot_be_read_is_one_sentence(tmp_path):
    (tmp_path / "acme.toml").write_text("provider = ")
    found = check(tmp_path)
    assert (found.exit_code, found.stderr) == (
        2,
        "The sheet acme.toml can't be read: mend it first.\n",
    )


def test_forty_hosts_of_300_ms_take_well_under_half_a_minute(tmp_path):
    with PageServer({"/prices": "Model a $2.00"}, latency_s=0.3, hosts=40).running() as server:
        folder = one_sheet(tmp_path / "data", server.urls[0])
        sheet = (folder / "acme.toml").read_text()
        for url in server.urls[1:]:
            name = f"acme{urlsplit(url).port}"
            other = sheet.replace(server.urls[0], url).replace('"acme"', f'"{name}"')
            (folder / f"{name}.toml").write_text(other)
        began = time.perf_counter()
        assert check(folder).exit_code == 0
        took = time.perf_counter() - began
    assert took < 30
    assert len(server.asked) == 80


def test_what_several_offers_rest_on_is_said_once_with_every_line(tmp_path):
    with PageServer({"/prices": "Model a $3.00"}).running() as server:
        folder = one_sheet(tmp_path / "data", server.url)
        sheet = (folder / "acme.toml").read_text()
        again = sheet[sheet.index("[[offers]]") :].replace('"SFT"', '"DPO"')
        (folder / "acme.toml").write_text(f"{sheet}\n{again}")
        found = check(folder).stdout
    assert "  acme:a:SFT: training_per_1m, and 1 more offer\n" in found
    assert (
        "    was  Model a $2.00\n    now  Model a $3.00\n    acme.toml:12, acme.toml:26, " in found
    )
