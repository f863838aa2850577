"""No secret is in the repository, and a pasted key is nowhere but in memory and on its way out."""

import base64
import io
import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.core.scan import get_plugins, scan_file
from detect_secrets.settings import default_settings
from pypdf import PdfReader

from advisor.case.brief import Brief
from advisor.case.options import Judge
from advisor.llm.capabilities import find_out
from advisor.llm.probe import probe
from advisor.report.as_json import decision_json
from advisor.report.pdf.render import render_pdf
from advisor.report.report import write_report
from advisor.report.results import result_rows
from advisor.report.sheets import as_csv, as_jsonl, result_sheet
from advisor.report.snapshot import freeze, report_sha256
from advisor.runs.compare import compare
from advisor.store.archive.file import read_file, write_file
from advisor.store.archive.sheet import output_rows
from advisor.store.records import record_of
from advisor.store.repository import Store
from pages.ui import session
from tests.fault_server import FaultServer
from tests.make import case_at, decide
from tests.pages.conftest import own_store  # noqa: F401 - a fixture
from tests.pages.reader import PAGES, Reader, texts
from tests.runs.conftest import _short_waits, store  # noqa: F401 - fixtures
from tests.test_repo import BINARY, RECORDED, ROOT, in_git

GUESSES = ("Secret Keyword", "Basic Auth Credentials", "Hex High Entropy String")
"""Kinds found by a word or by disorder, of which made-up ones are all over tests."""
BASELINE = Path(__file__).with_name("secrets_baseline.json")
"""Finds that are none, by file: how many of each kind. All are made up, for an example."""
DIGESTS = ("locks/", "pricing/data/", "advisor/data/training.toml")
"""Files of digests, or of patterns of secrets."""


def secrets_in(path: str) -> list[PotentialSecret]:
    """Finds in a file of the repository, guesses in tests left out.

    Line by line the scan takes a minute, so most files are cleared by one look at their whole text.
    """
    text = (ROOT / path).read_text("utf-8", errors="ignore")
    passed = GUESSES if path.startswith("tests/") else ()
    kinds = [plugin for plugin in get_plugins() if plugin.secret_type not in passed]
    if not any(kind.analyze_line(filename=path, line=text, line_number=1) for kind in kinds):
        return []
    return [secret for secret in scan_file(str(ROOT / path)) if secret.type not in passed]


def test_no_secret_is_in_the_repository():
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    found: dict[str, dict[str, int]] = {}
    with default_settings():
        for path in in_git():
            skipped = path.endswith(BINARY) or path.startswith((*RECORDED, *DIGESTS))
            if skipped or not (ROOT / path).is_file() or path == str(BASELINE.relative_to(ROOT)):
                continue
            for secret in secrets_in(path):
                kinds = found.setdefault(path, {})
                kinds[secret.type] = kinds.get(secret.type, 0) + 1
    allowed = json.loads(BASELINE.read_text("utf-8"))
    more = {
        path: kinds
        for path, kinds in found.items()
        if any(count > allowed.get(path, {}).get(kind, 0) for kind, count in kinds.items())
    }
    assert more == {}, "take it out; a made-up one goes into tests/safety/secrets_baseline.json"
    assert not [path for path in allowed if path.startswith(("advisor/llm/", ".ci/"))]


def test_a_secret_would_be_found(tmp_path):
    planted = tmp_path / "settings.py"
    planted.write_text('AWS_KEY = "AKIA' + "IOSFODNN7EXAMPLE" + '"\n')
    with default_settings():
        assert [secret.type for secret in secrets_in(str(planted))] == ["AWS Access Key"]


KEY = "canary-key-9c41d7e2b60f"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def forms(key: str) -> list[bytes]:
    """A key as it stands, and as some file might hold it."""
    raw = key.encode()
    return [raw, base64.b64encode(raw)[:-3], raw.hex().encode(), key.encode("utf-16-le")]


def holds(content: bytes) -> bool:
    return any(form in content for form in forms(KEY))


@pytest.fixture
def heard() -> Iterator[io.StringIO]:
    """All that any logger says, down to DEBUG."""
    said = io.StringIO()
    handler = logging.StreamHandler(said)
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield said
    root.removeHandler(handler)
    root.setLevel(level)


def sometimes(asked: dict[str, object], number: int) -> str | None:
    """Every third call is broken, and a rejected one repeats the key it was sent."""
    return ("500", "broken_json", "echo")[number // 3 % 3] if number % 3 == 0 else None


class Echoing(FaultServer):
    """A server that repeats the key in whatever it says."""

    def _plain(self, asked, fault, key):
        if fault == "echo":
            error = {"message": f"Key {key} (Bearer {key}) is over its limit", "code": key}
            body = json.dumps({"error": error}).encode()
            return 400, "application/json", body, {"x-request-id": key}
        return super()._plain(asked, fault, key)


def run_everything(kept_in: Store, url: str) -> dict[str, bytes]:
    """Every way out of the app, for a case whose keys are the canary."""
    case = case_at(url, 12).model_copy(update={"brief": Brief(use_case="general_chatbots")})
    case = case.model_copy(update={"judge": Judge(endpoint=url, model="m-judge")})
    arms = {n: a.model_copy(update={"api_key_env": "WT_CANARY"}) for n, a in case.arms.items()}
    case = case.model_copy(update={"arms": arms})
    keys = {"base": KEY, "tuned": KEY, "judge": KEY}
    ended = compare(case, kept_in, keys)
    out = {
        "the summary": repr(ended).encode(),
        "the test of a connection": repr(probe(url, "m", KEY)).encode(),
        "what an address can do": repr(find_out(url, "m", KEY)).encode(),
    }
    kept_in.make_ballots(ended.run_id, ["Anna"], NOW)
    record = record_of(kept_in, kept_in.run_state(ended.run_id))
    decision = decide(case, record)
    pdf = render_pdf(write_report(decision, show_texts=True))
    kept = kept_in.take_out(ended.case_id)
    file = write_file(kept, NOW)
    frozen = freeze(case, write_report(decision, show_texts=True), with_texts=True, may_copy=True)
    digest = report_sha256(frozen.report)
    kept_in.share(ended.case_id, frozen.to_json(), NOW, title="t", report_sha256=digest)
    kept_in.put_in(read_file(file))
    results = result_sheet(result_rows(decision))
    return out | {
        "the PDF": pdf,
        "the PDF's text": "".join(
            p.extract_text() for p in PdfReader(io.BytesIO(pdf)).pages
        ).encode(),
        "the JSON": decision_json(decision).encode(),
        "the file of a decision": file,
        "the snapshot": frozen.to_json().encode(),
        "the answers as CSV": as_csv(output_rows(kept)),
        "the answers as JSONL": as_jsonl(output_rows(kept)),
        "the results": as_csv(results) + as_jsonl(results),
    }


def test_a_key_is_in_no_table_log_error_pdf_export_or_snapshot(
    store,  # noqa: F811 - a fixture
    tmp_path,
    heard,
    monkeypatch,
):
    monkeypatch.setenv("WT_CANARY", KEY)
    with Echoing(fault=sometimes).running() as server:
        out = run_everything(store, server.url)
    assert any(KEY in headers.get("authorization", "") for headers in server.headers)  # it was sent
    assert [name for name, content in out.items() if holds(content)] == []
    files = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert any(name.endswith("-wal") for name in files)
    store.close()
    files |= {path.name + "!": path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert [name for name, content in files.items() if holds(content)] == []
    assert heard.getvalue()
    assert not holds(heard.getvalue().encode())


@pytest.mark.parametrize("wrong", [False, True])
def test_a_key_typed_in_is_drawn_on_no_page(wrong, own_store):  # noqa: F811 - a fixture
    fault = (lambda asked, number: "401") if wrong else (lambda asked, number: None)
    with Echoing(fault=fault).running() as server:
        reader = Reader("use_case").pick("What should the model do?", "general_chatbots")
        reader.go("texts").paste("One text\nAnother text")
        reader.go("options").compete("base").fill("text_input", "Model address", server.url)
        reader.fill("text_input", "Model name", "m").fill("text_input", "Key", KEY)
        next(b for b in reader.at.button if b.label == "Test").click().run()
        assert any(KEY in headers.get("authorization", "") for headers in server.headers)
        assert KEY not in " ".join(texts(reader.at._tree))
        for page in PAGES:
            reader.go(page)
            assert KEY not in " ".join(texts(reader.at._tree)), page
    written = b"".join(path.read_bytes() for path in own_store.parent.glob("cases.db*"))
    assert written
    assert not holds(written)


@pytest.mark.parametrize("fault", ["echo", "401"])
def test_the_hosts_key_is_on_no_page_and_in_no_file(
    fault,
    host,
    own_store,  # noqa: F811 - a fixture
    monkeypatch,
):
    monkeypatch.setenv("WT_CANARY", KEY)
    with Echoing(fault=lambda asked, number: fault).running() as server:
        host(endpoints=json.dumps({"ours": {"url": server.url, "key_env": "WT_CANARY"}}))
        changed = {"brief": Brief(use_case="brand_voice")}
        case = case_at("host:ours", 3).model_copy(update=changed)
        ended = compare(case, session.store(), {})
        assert any(KEY in headers.get("authorization", "") for headers in server.headers)
    for page in PAGES:
        reader = Reader(page, case_id=ended.case_id)
        assert not reader.at.exception
        assert KEY not in " ".join(texts(reader.at._tree)), page
    assert not holds(repr(ended).encode())
    assert not holds(write_file(session.store().take_out(ended.case_id), NOW))
    assert not holds(b"".join(path.read_bytes() for path in own_store.parent.glob("cases.db*")))


def test_the_search_finds_what_it_is_for():
    assert all(holds(b"x" + form + b"y") for form in forms(KEY))
    assert holds(f"an error that quotes {KEY}.".encode())
