"""The app: `streamlit run app.py` serves it, and each run of this script draws one page."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter
from urllib.parse import urlsplit

import streamlit as st
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from advisor.host import logs, telemetry
from pages.ui import clicks, frame, other_windows, session, sign_in, steps_done
from pages.ui.look_up import library_pages
from pages.ui.server import (
    headers,
    in_order,
    operations,
    provider,
    rates,
    refused,
    requests,
    served,
    signing_out,
    uploads,
)
from pricing.editions import held_edition

PUBLIC = {"vote": "Vote", "report": "Shared report"}
"""Pages for whoever has a link, by path: no navigation, and nothing of the open case."""

MOVED = {"prompts": "texts", "models": "options"}
"""Addresses of before, and the steps that they lead on to."""

FIRST_PAGE_S = 1.5
"""What the first page gets before anything else is imported, seconds."""


def draw() -> None:
    """The frame: page config, navigation, the verdict so far, and the page under it."""
    st.set_page_config(
        page_title="Worth Tuning",
        page_icon="static/icon.png",
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    began, asked = perf_counter(), st.query_params.to_dict()
    hidden = asked_for_public() or sign_in.needed()
    with held_edition(), clicks.heard(), session.one_look():
        if not hidden:
            session.forget_what_was_asked_for()
        done: steps_done.Done = frozenset() if hidden else steps_done.of_open_case()
        page = st.navigation(pages(done), position="hidden" if hidden else "top")
        if page.url_path in MOVED:
            st.switch_page(frame.STEPS[MOVED[page.url_path]][0], query_params=asked)
        centred = st.container(horizontal_alignment="center")
        with telemetry.rerun(page.url_path, began), centred, st.container(width=1080):
            draw_page(page)


def pages(done: steps_done.Done) -> dict[str, list[st.Page]]:
    """Every page by its group in the navigation, the steps that are done marked."""
    steps = enumerate(frame.STEPS.items(), 1)
    return {
        "": [
            st.Page("pages/steps/start.py", title="Worth Tuning", default=True),
            *(steps_done.page(n, name, *of_step, done) for n, (name, of_step) in steps),
        ],
        "Look up": [
            *(
                st.Page(page.file, title=page.title, url_path=page.url_path)
                for page in library_pages()
            ),
            *(
                st.Page(f"pages/public/{name}.py", title=title, url_path=name, visibility="hidden")
                for name, title in PUBLIC.items()
            ),
            *(
                st.Page(frame.STEPS[step][0], title=old, url_path=old, visibility="hidden")
                for old, step in MOVED.items()
            ),
        ],
    }


def draw_page(page: st.Page) -> None:
    """The page, under the frame unless it is one for strangers; or the sign-in in its place."""
    if page.url_path in PUBLIC:
        page.run()
        return
    if sign_in.needed():
        sign_in.ask()
        return
    session.keep_case_in_address()
    sign_in.line()
    frame.frame_line(with_verdict=page.url_path != "verdict")
    other_windows.what_happened()
    with clicks.carried_out():
        page.run()
        session.catch_up()


def asked_for_public() -> bool:
    """Whether the address is that of a page for strangers: those have no navigation."""
    return urlsplit(st.context.url or "").path.rstrip("/").rpartition("/")[2] in PUBLIC


@asynccontextmanager
async def ready(_: st.App) -> AsyncIterator[None]:
    """What must hold before the first visitor comes, and what is better done by then."""
    # A folder called `pages` makes Streamlit take a deep link on a fresh process for a page it
    # does not know, and say so over the right page; the folder is named by st.navigation instead.
    PagesManager.uses_pages_directory = False
    in_order.keep()
    warming = asyncio.create_task(warm_up())
    async with operations.looked_after():
        yield
    warming.cancel()
    await asyncio.wait([warming])


async def warm_up() -> None:
    """Import what later pages need, once the first page had the processor to itself."""
    await asyncio.sleep(FIRST_PAGE_S)
    await asyncio.to_thread(session.warm_up)


if st.runtime.exists():
    draw()
else:
    operations.check_settings()
    logs.configure()
    provider.by_the_way_out()
    provider.ask_whom_the_token_does_not_name()
    app = st.App(
        __file__,
        secrets=sign_in.secrets_from_environment(),
        lifespan=ready,
        middleware=[
            Middleware(requests.Requests),
            *headers.middleware(),
            Middleware(rates.Rates),
            Middleware(refused.RefusedSignIn),
            Middleware(signing_out.SigningOut),
            Middleware(uploads.Uploads),
        ],
        routes=served.routes(),
        on_script_error=operations.script_failed,
    )
