"""For whoever runs the server: whether it lives, whether it is ready, its numbers; and its end."""

import asyncio
import gc
import logging
import sys
import tomllib
from collections.abc import AsyncIterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from ctypes import CDLL
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import Any, cast

import streamlit as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from streamlit import runtime
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.session_manager import SessionStorage

from advisor.errors import AdvisorError, BadSettings, DatabaseAway
from advisor.host.endpoints import host_endpoints
from advisor.host.settings import exposure, hosting, settings
from advisor.llm.upkeep.look import LATEST, kept_folder
from pages.ui import sign_in
from pages.ui.server import slow

FIRST_SWEEP_S = 60.0
"""So that the first visitor need not wait for it, seconds."""
SWEEP_S = 3600.0
"""How often what is past its time is erased, seconds."""
COLLECT_S = 60.0
"""How often objects that hold each other are looked for among the old ones, seconds: sessions that
have ended are such, at a megabyte each."""
FACTS_S = 6 * 3600.0
"""How often newer prices and dates are looked for, seconds."""
READY_S = 3.0
"""How long the database may take to answer whether it is there: less than a proxy waits, seconds."""
_asked: "Future[bool] | None" = None
_LOG = logging.getLogger(__name__)


def check_settings() -> None:
    """End the process with one sentence where a setting can't be read, before anybody comes."""
    try:
        _check_secrets()
        st.secrets.load_if_toml_exists()  # its plain values are settings, as the environment's are
        for read in (hosting, exposure, settings, host_endpoints):
            read()
        if exposure().allowed_addresses:
            from advisor.llm.reach import reach  # only here: it takes time that most starts save

            reach()
        if exposure().ca_file:
            from advisor.llm.outside import tls  # only here, as above

            tls()
        sign_in.check()
        _require_sign_in()
    except BadSettings as error:
        sys.exit(str(error))


def _check_secrets() -> None:
    """Streamlit goes on without a file of secrets that it can't read, and so without a sign-in.

    Raises:
        BadSettings: there is such a file; the message holds nothing of what stands in it.
    """
    for named in st.get_option("secrets.files"):
        file = Path(named)
        try:
            if file.is_file():
                tomllib.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no TOML"
            raise BadSettings(
                f"The secrets in {file} can't be read ({why}). Mend the file, and let the user that "
                "runs this app read it."
            ) from None


def _require_sign_in() -> None:
    """Nobody opens an app to strangers by forgetting a setting.

    Raises:
        BadSettings: strangers use it, and nothing is said of a sign-in.
    """
    if not exposure().to_strangers or hosting().sign_in_rule == "none":
        return
    if not sign_in.is_set_up():
        raise BadSettings(
            "Strangers can reach this app and no sign-in is set up. Set the five "
            "WORTH_TUNING_OIDC_… variables, or WORTH_TUNING_SIGN_IN=none to leave it open."
        )


def script_failed(error: Exception) -> bool:
    """A page, or a part of it, ended in an error; True = the reader was told in a sentence of ours."""
    from advisor.host import telemetry
    from pages.ui import errors

    if isinstance(error, DatabaseAway):
        with errors.expected_errors():
            raise error
        return True
    telemetry.script_failed(error)
    return False


async def healthz(_: Request) -> Response:
    """Liveness probe: the process answers."""
    return PlainTextResponse("ok\n")


async def readyz(_: Request) -> Response:
    """Readiness probe: the database can be reached and is of this version."""
    try:
        ready = await asyncio.wait_for(_is_ready(), READY_S)
    except (AdvisorError, TimeoutError):
        ready = False
    if ready:
        return PlainTextResponse("ready\n")
    return PlainTextResponse("the database can't be reached, or is of another version\n", 503)


def _is_ready() -> "asyncio.Future[bool]":
    """What the database says; whoever asks while it has not answered yet waits for that answer."""
    global _asked
    if _asked is None or _asked.done():
        _asked = Future()
        # A thread of its own, for which nobody waits: it may hang at the database for long.
        Thread(target=_ask, args=(_asked,), name="ready", daemon=True).start()
    return asyncio.shield(asyncio.wrap_future(_asked))


def _ask(answer: "Future[bool]") -> None:
    from pages.ui.everyone import everyone

    try:
        answer.set_result(everyone().is_current())
    except Exception as error:  # noqa: BLE001 - whoever asked gets it
        answer.set_exception(error)


async def metrics(request: Request) -> Response:
    """The numbers, for whoever sends the host's token; for all others there is no such page."""
    from advisor.host.telemetry import exposition, may_read

    if not may_read(request.headers.get("authorization", "")):
        return PlainTextResponse("Not Found\n", 404)
    text, kind = exposition()
    return Response(text, headers={"Content-Type": kind, "Cache-Control": "no-store"})


@asynccontextmanager
async def looked_after() -> AsyncIterator[None]:
    """While the server runs it is kept tidy; when it ends its runs are left whole."""
    going = [
        asyncio.create_task(_sweep_for_ever()),
        asyncio.create_task(_collect_for_ever()),
        asyncio.create_task(slow.tell_for_ever()),
        asyncio.create_task(_look_after_facts()),
    ]
    yield
    for task in going:
        task.cancel()
    await asyncio.wait(going)
    # Not one of the threads that all share: those may hang at the database.
    await asyncio.get_running_loop().run_in_executor(ThreadPoolExecutor(1), _leave)


async def _sweep_for_ever() -> None:
    from pages.ui.everyone import everyone

    def sweep() -> int:
        return everyone().sweep(hosting().keep_days, datetime.now(UTC))

    await asyncio.sleep(FIRST_SWEEP_S)
    while True:
        try:
            if gone := await asyncio.to_thread(sweep):
                _LOG.info("erased", extra={"cases": gone})
        except AdvisorError:
            _LOG.warning("nothing could be erased", exc_info=True)
        await asyncio.sleep(SWEEP_S)


async def _look_after_facts() -> None:
    """Take newer prices and dates in, at the start and then every few hours, in a thread."""
    if not hosting().facts and not (kept_folder() / LATEST).is_file():
        return
    from advisor.llm.upkeep import feed

    await asyncio.to_thread(feed.open_kept)
    while hosting().facts:
        await asyncio.to_thread(feed.look_for_newer)
        await asyncio.sleep(FACTS_S)


async def _collect_for_ever() -> None:
    """Every `COLLECT_S` seconds drop abandoned sessions and collect garbage in full.

    What is free then is given back to the system: the C library would keep what files took that
    readers brought, for as long as the process lives.
    """
    give_back = getattr(CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    while True:
        await asyncio.sleep(COLLECT_S)
        sessions = runtime.get_instance()._session_mgr
        let_go(getattr(sessions, "_session_storage", None))
        gc.collect()
        if give_back is not None:
            give_back(0)


def let_go(storage: SessionStorage | None) -> None:
    """Drop sessions whose readers have left for too long to come back, and with them their files.

    Streamlit's storage does so only when the next session is put there.
    """
    if not isinstance(storage, MemorySessionStorage):
        return
    kept = cast(Any, storage._cache)
    stored = dict(kept._data)
    kept.expire()
    for number, info in stored.items():
        if number not in kept:
            info.session.shutdown()


def _leave() -> None:
    """Let runs finish the calls in flight, for a while, and mark them as interrupted."""
    from advisor.runs import inline

    left = inline.interrupt_all(hosting().stop_grace_s)
    if left:
        _LOG.info("stopped", extra={"runs_interrupted": left})
