"""Voting by link: nothing on the wire tells the options apart before the vote; two people at once."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, WebSocket, expect

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import Arm
from advisor.case.run_spec import spec_of
from advisor.case.texts import Prompt
from advisor.evidence.model import Output
from advisor.evidence.people.blind import sides_of
from advisor.store.repository import Store
from tests.bench.person import Person

from .server import running, settled

pytestmark = pytest.mark.e2e

TEXTS = 3
MARKERS = (
    "alder-31x",
    "birch-31x",
    "secret-address-31x",
    "Title 31x",
    "Instruction 31x",
    "prompt-31x",
    "claude",
    "gpt",
)
"""What names the options, their models and where they answer, in the case below and in general."""
ASKS = "Which answer would you rather send?"


def voted_case(folder: Path) -> tuple[str, str]:
    """A case whose texts both options have answered, in the app's store; ids of case and run."""
    arms = {
        name: Arm(
            endpoint=f"http://secret-address-31x.example/{model}",
            model=model,
            system_prompt=f"Instruction 31x of {name}",
        )
        for name, model in (("base", "alder-31x"), ("tuned", "birch-31x"))
    }
    case = Case(
        title="Title 31x: alder-31x against birch-31x",
        brief=Brief(use_case="domain_summarization"),
        prompts=tuple(
            Prompt(id=f"prompt-31x-{n}", text=f"Question number {n}", reference=f"Approved {n}")
            for n in range(TEXTS)
        ),
        arms=arms,
    )
    folder.mkdir(parents=True, exist_ok=True)
    store = Store.open(folder / "cases.db")
    case_id = store.save_case(case)
    run_id = store.start_run(case_id, spec_of(case), case.run)
    for call in spec_of(case).calls():
        said = f"{'Short' if call.arm == 'base' else 'Long'} reply to: {call.text}"
        store.keep_calls(
            run_id, ended=[(call, Output(call.prompt_id, call.arm, 0, "answered", said), None)]
        )
    store.set_status(run_id, "done")
    store.close()
    return case_id, run_id


def make_link(folder: Path, run_id: str, voter: str = "Anna") -> str:
    store = Store.open(folder / "cases.db")
    token = store.make_ballots(run_id, [voter], datetime.now(UTC), asked_by="Mo")[voter]
    store.close()
    return f"vote?ballot={token}"


def listen(page: Page) -> list[bytes]:
    """Every frame the server sends to this page from now on."""
    frames: list[bytes] = []

    def heard(payload: str | bytes) -> None:
        frames.append(payload.encode() if isinstance(payload, str) else payload)

    def opened(socket: WebSocket) -> None:
        socket.on("framereceived", heard)

    page.on("websocket", opened)
    return frames


def named(content: str | bytes) -> set[str]:
    """Names of options and models in what a browser got."""
    raw = content.encode() if isinstance(content, str) else content
    found = {marker for marker in MARKERS if marker.lower().encode() in raw.lower()}
    # As words: "database" and the like name nothing.
    words = rb"(?i)(?<![a-z])(base|tuned|fine.tuned|base_examples|replay)(?![a-z])"
    return found | {word.decode() for word in re.findall(words, raw)}


def without_comments(html: str) -> str:
    """Streamlit's own page has comments, one on a "base URL path"."""
    return re.sub(r"<!--.*?-->", "", html, flags=re.DOTALL)


def test_the_search_finds_what_it_is_for():
    assert named(b"\x12\x0fprompt-31x:base\x1a") == {"prompt-31x", "base"}
    assert named("left:send database") == set()


def test_a_link_is_the_first_request_of_a_fresh_server_and_names_nothing_before_the_end(
    page: Page, tmp_path: Path, port: int
):
    _, run_id = voted_case(tmp_path)
    link = make_link(tmp_path, run_id)
    with running(tmp_path, port) as fresh:
        frames = listen(page)
        page.goto(f"{fresh}/{link}")
        settled(page, ASKS)
        expect(page.get_by_text("Mo asks you, Anna, to read two answers")).to_be_visible()
        expect(page.get_by_text("3 texts, about 4 minutes")).to_be_visible()
        expect(page.get_by_test_id("stTopNavLinkContainer")).to_have_count(0)
        expect(page.get_by_role("link", name="Verdict")).to_have_count(0)
        for number in range(TEXTS):
            expect(page.get_by_text(f"{number} of 3 texts voted on.")).to_be_visible()
            settled(page)
            assert named(b"".join(frames)) == set()
            assert named(without_comments(page.content())) == set()
            if number == 0:
                page.get_by_text("Small edits", exact=True).first.click()
                settled(page)
            page.keyboard.press("1")
        expect(page.get_by_text("You have voted on 3 of 3 texts.")).to_be_visible()
        settled(page)
        assert b"Long reply" in b"".join(frames)
        assert named(b"".join(frames)) == set()
        page.get_by_role("button", name="Show me which was which").click()
        expect(page.get_by_text("you chose fine-tuned")).to_be_visible()
        page.goto("about:blank")
    store = Store.open(tmp_path / "cases.db")
    votes = {vote.prompt_id: vote for vote in store.votes(run_id)}
    store.close()
    assert len(votes) == TEXTS
    for prompt_id, vote in votes.items():
        assert vote.preference == sides_of(run_id, prompt_id, "Anna")[0]
    assert [q for v in votes.values() for q in (v.base_quality, v.tuned_quality) if q] == [
        "small_edits"
    ]


def test_the_owner_invites_and_sees_how_far_a_stranger_is(
    page: Page, stranger: Page, folder: Path, url: str
):
    case_id, _ = voted_case(folder)
    page.goto(f"{url}/compare?case={case_id}")
    settled(page, "Compare")
    page.get_by_role("button", name="Ask others").click()
    page.get_by_label("Voters, one name a line").fill("Anna\nBen")
    page.get_by_role("button", name="Make the links").click()
    expect(page.get_by_text("This link opens only on your computer")).to_be_visible()
    settled(page)
    links = page.get_by_test_id("stCode").all_inner_texts()
    assert [link.strip().startswith(f"{url}/vote?ballot=") for link in links] == [True, True]
    stranger.goto(links[0].strip())
    settled(stranger, ASKS)
    text = stranger.get_by_text(re.compile(r"^Question number \d$"))
    first = text.inner_text()
    stranger.keyboard.press("s")
    expect(text).not_to_have_text(first)
    for done, key in enumerate(("2", "3", "4")):
        expect(stranger.get_by_text(f"{done} of 3 texts voted on.")).to_be_visible()
        settled(stranger)
        stranger.keyboard.press(key)
        if done == 1:
            expect(text).to_have_text(first)  # what was skipped comes last
    expect(stranger.get_by_text("You have voted on 3 of 3 texts.")).to_be_visible()
    expect(page.get_by_text("3 of 3 texts, link works until")).to_be_visible()
    stranger.get_by_role("button", name="Show me which was which").click()
    expect(stranger.get_by_text("In 3 texts you chose")).to_be_visible()
    page.reload()
    settled(page, "Compare")
    page.get_by_role("button", name="Ask others").click()
    expect(page.get_by_text("3 of 3 texts, done on")).to_be_visible()
    page.get_by_role("button", name="Revoke").first.click()
    expect(page.get_by_text(re.compile("3 of 3 texts, done on .*, link closed on"))).to_be_visible()
    stranger.reload()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This link takes no votes")


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_the_voters_page_is_usable_by_all_and_on_a_phone(
    page: Page, folder: Path, url: str, colours: str
):
    _, run_id = voted_case(folder)
    link = make_link(folder, run_id)
    page.emulate_media(color_scheme=colours)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{url}/{link}")
    settled(page, ASKS)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == []
    width = page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth")
    assert width <= 390
    for name in ("Left", "Right", "No difference", "Neither is good", "Skip"):
        button = page.get_by_role("button", name=name)
        button.scroll_into_view_if_needed()
        expect(button).to_be_in_viewport()


def test_the_owner_votes_as_blind_as_a_voter_until_the_names_are_asked_for(
    page: Page, folder: Path, url: str
):
    case_id, run_id = voted_case(folder)
    frames = listen(page)
    page.goto(f"{url}/compare?case={case_id}")
    settled(page, "Compare")
    frames.clear()  # the page itself says what is compared, by name
    voting, bar = page.locator(".st-key-voting"), page.locator(".st-key-vote_bar")
    for number in range(TEXTS):
        expect(voting.get_by_text(f"{number} of 3 texts voted on.")).to_be_visible()
        settled(page)
        assert named(b"".join(frames)) == set()
        assert named(voting.inner_html() + bar.inner_html()) == set()
        if number == 1:  # what was voted on stays blind, and may be changed
            page.keyboard.press("p")
            expect(bar.get_by_text("You chose the left one. You can still change")).to_be_visible()
            settled(page)  # else the key may meet the buttons of the text before
            page.keyboard.press("2")
            expect(bar.get_by_text("You chose the right one.")).to_be_visible()
            assert named(voting.inner_html() + bar.inner_html()) == set()
            settled(page)
            page.keyboard.press("n")
            expect(voting.get_by_label("Text, 1 to 3")).to_have_value("2")
            expect(bar.get_by_role("button", name="Skip")).to_be_visible()
            settled(page)
        page.keyboard.press("1")
    expect(voting.get_by_text("You have voted on 3 texts without knowing")).to_be_visible()
    settled(page)
    assert b"Long reply" in b"".join(frames)
    assert named(b"".join(frames)) == set()
    page.reload()
    settled(page, "Compare")
    assert named(voting.inner_html() + bar.inner_html()) == set()
    voting.get_by_role("button", name="Show me which was which").click()
    expect(voting.get_by_text(re.compile("^Left: (Base|Fine-tuned)"))).to_be_visible()
    expect(voting.get_by_text("You have seen the names, so your vote is final.")).to_be_visible()
    expect(bar.get_by_role("button", name="No difference")).to_have_count(0)
    store = Store.open(folder / "cases.db")
    votes = {vote.prompt_id: vote for vote in store.votes(run_id)}
    store.close()
    assert sorted(
        sides_of(run_id, prompt_id).index(vote.preference) for prompt_id, vote in votes.items()
    ) == [0, 0, 1]


def test_a_second_tab_takes_no_vote_on_a_text_whose_names_were_shown_in_the_first(
    page: Page, folder: Path, url: str
):
    case_id, run_id = voted_case(folder)
    other = page.context.new_page()
    for tab in (page, other):
        tab.goto(f"{url}/compare?case={case_id}")
        settled(tab, "Compare")
    page.get_by_role("button", name="Show names").click()
    page.get_by_role("button", name="Show the names of this text").click()
    expect(page.get_by_text(re.compile("^Left: (Base|Fine-tuned)"))).to_be_visible()
    other.get_by_role("button", name="Left").click()
    expect(other.get_by_text("takes no vote from you any more; a vote")).to_be_visible()
    expect(other.get_by_text(re.compile("^Left: (Base|Fine-tuned)"))).to_be_visible()
    store = Store.open(folder / "cases.db")
    assert store.votes(run_id) == []
    store.close()


def test_a_vote_that_is_the_first_thing_a_new_session_hears_is_kept(tmp_path: Path):
    _, run_id = voted_case(tmp_path)
    page, _, query = make_link(tmp_path, run_id).partition("?")

    async def vote(url: str) -> list[str]:
        before = Person(url)
        await before.arrive(query, page)
        left = before.buttons["Left"]
        await before.leave()
        after = Person(url)
        await after.arrive(query, page, left)
        await after.leave()
        return after.says

    with running(tmp_path) as url, ThreadPoolExecutor() as beside:
        says = beside.submit(lambda: asyncio.run(vote(url))).result()
    assert "1 of 3 texts voted on" in " ".join(says)
    assert voted_on(tmp_path, run_id) == 1


def voted_on(folder: Path, run_id: str) -> int:
    store = Store.open(folder / "cases.db")
    votes = store.votes(run_id)
    store.close()
    return len(votes)


def test_a_vote_pressed_while_the_page_looks_for_another_server_is_kept(
    stranger: Page, tmp_path: Path, port: int
):
    _, run_id = voted_case(tmp_path)
    link = make_link(tmp_path, run_id)
    # A browser whose console may say that the server is gone.
    with running(tmp_path, port) as url:
        stranger.goto(f"{url}/{link}")
        settled(stranger, ASKS)
        expect(stranger.get_by_text("0 of 3 texts voted on.")).to_be_visible()
    left = stranger.get_by_role("button", name="Left")
    expect(left).to_be_disabled()  # what can't be heard can't be pressed
    with running(tmp_path, port):
        left.click()  # as soon as it can be
        expect(stranger.get_by_text("1 of 3 texts voted on.")).to_be_visible()
    assert voted_on(tmp_path, run_id) == 1
