"""The open case, and the report on it as things stand: the only state the pages share."""

import gc
import importlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NoReturn, TypeVar

import streamlit as st

from advisor.case.case import Case
from advisor.case.merge import Conflict, Merged, keep_mine, merge, value_at
from advisor.errors import AdvisorError, DatabaseAway, UnknownCase
from advisor.host.endpoints import host_addresses
from advisor.report.summary import digest_of, summarise
from pages.ui import sign_in
from pages.ui.everyone import everyone
from pages.ui.open_case import OpenCase, as_stored, reloaded
from pricing.base_prices import fetched_at
from pricing.editions import edition_in_use

if TYPE_CHECKING:
    from advisor.evidence.pairs import Pair
    from advisor.evidence.run_state import RunState
    from advisor.store.repository import Store
    from advisor.store.voting import BlindVote, OpenBallot
    from advisor.verdict.decision import Decision

T = TypeVar("T")
EVERY_S = 10
"""How often the decision is worked out anew while a run goes on, seconds."""
_NO_FULL_COLLECTION = 1_000_000


def warm_up() -> None:
    """Import the heavy libraries before a page needs them, and keep them from the garbage collector.

    A full collection would walk every object they made and all that sessions hold, some 100 ms in
    which nobody's page moves: it comes once a minute, see `pages.ui.server.operations`.
    """
    importlib.import_module("advisor.verdict.decision")
    importlib.import_module("scipy.stats")  # which a decision imports where it needs it
    importlib.import_module("advisor.runs.inline")  # and with it the client that asks models
    importlib.import_module("advisor.report.pdf.render")
    importlib.import_module("pages.ui.verdict.money_charts")
    importlib.import_module("pages.ui.verdict.evidence_charts")
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _NO_FULL_COLLECTION)


def store() -> "Store":
    """The store as this reader may see it.

    Raises:
        NotSignedIn: there is a sign-in, and this visitor has not used it.
    """
    owner, whole = sign_in.owner(), everyone()
    kept: Store | None = st.session_state.get("store")
    if kept is not None and kept.owner != owner:
        st.session_state.clear()  # somebody else reads on: nothing of the first stays, keys least
    if kept is None or kept.owner != owner or kept.engine is not whole.engine:
        st.session_state["store"] = kept = whole.for_owner(owner)
    return kept


def today() -> date:
    """The day the verdict is worked for."""
    return datetime.now(UTC).date()


def current() -> OpenCase | None:
    """The case this session has open, from the session or from `?case=` after a reload."""
    mine = store()
    case_id = st.session_state.get("case_id") or st.query_params.get("case")
    if not case_id:
        return None
    opened: OpenCase | None = st.session_state.get("opened")
    if opened is None or opened.id != case_id:
        try:
            opened = as_stored(mine.stored_case(case_id))
        except DatabaseAway:
            raise  # it may be back at the next click
        except AdvisorError:
            close()
            st.session_state["no_such_case"] = True
            return None
        st.session_state["case_id"], st.session_state["opened"] = case_id, opened
    return opened


def forget_what_was_asked_for() -> None:
    """Forget, at the start of a run, what the URL of the run before asked for."""
    st.session_state.pop("no_such_case", None)


def no_such_case() -> bool:
    """The address names a case that is not here, or is somebody else's: no answer tells which."""
    return bool(st.session_state.get("no_such_case"))


def open_case(case_id: str) -> None:
    """Make a stored case the open one."""
    st.session_state["case_id"] = case_id
    st.session_state.pop("opened", None)


def bring_answers(have: bool) -> None:
    """Note whether the reader has the answers already, and will bring them with the texts."""
    st.session_state["brings_answers"] = have


def has_answers() -> bool:
    """The reader said so on Start."""
    return bool(st.session_state.get("brings_answers"))


def close() -> None:
    """Leave the open case; it stays in the store. Answers that are no case yet are dropped."""
    let_go()
    st.session_state.pop("case_id", None)
    st.session_state.pop("opened", None)
    st.query_params.pop("case", None)


def let_go() -> None:
    """Drop answers that are no case yet."""
    for name in ("use_case:pending", "use_case:screen"):
        st.session_state.pop(name, None)


def leave_nothing() -> None:
    """Leave the open case and all that this session worked out of it; keys and reader stay."""
    stays = {
        name: st.session_state[name] for name in ("keys", "visitor") if name in st.session_state
    }
    st.session_state.clear()
    st.session_state.update(stays)
    st.query_params.pop("case", None)


def forget(case_id: str) -> None:
    """Read the case again if it is the open one: it was changed outside its own pages."""
    if st.session_state.get("case_id") == case_id:
        st.session_state.pop("opened", None)


def save(case: Case, *, entered: bool = False) -> OpenCase:
    """Store the open case, or a new one where none is open.

    Args:
        case: as it is from now on.
        entered: it is what the page's widgets hold, so they stay as they are.
    """
    kept: OpenCase | None = st.session_state.get("opened")
    case_id = st.session_state.get("case_id")
    if case_id is None:
        case_id = store().save_case(case)
        opened = OpenCase(case_id, case, datetime.now(UTC), store().revision(case_id))
    else:
        opened = _save_over(case_id, case, kept, entered=entered)
    st.session_state["case_id"], st.session_state["opened"] = case_id, opened
    return opened


def _save_over(case_id: str, case: Case, kept: OpenCase | None, *, entered: bool) -> OpenCase:
    """Write what was changed since the case was read; what others changed meanwhile stays."""
    read = kept.stored if kept is not None and kept.id == case_id else None
    found: list[Conflict] = []

    def both(now: Case) -> Case:
        merged = Merged(case) if read is None else merge(read.case, case, now)
        found[:] = merged.conflicts
        return merged.case

    try:
        stored = store().edit_case(case_id, both, read)
    except UnknownCase:
        _say_gone()
    opened = as_stored(stored)
    if read is None or kept is None:
        return opened
    chosen = [c for c in conflicts() if value_at(read.case, c.path) != value_at(case, c.path)]
    paths = {conflict.path for conflict in (*chosen, *found)}
    left = [conflict for conflict in conflicts() if conflict.path not in paths]
    st.session_state["conflicts"] = (case_id, [*left, *found])
    shown = kept if entered else replace(kept, loads=reloaded(kept.loads, read.case, case))
    return replace(opened, loads=reloaded(shown.loads, case, stored.case))


def catch_up() -> None:
    """Show what another window has made of the open case, once this page has kept its own."""
    opened: OpenCase | None = st.session_state.get("opened")
    if opened is None:
        return
    try:
        if store().revision(opened.id) == opened.revision:
            return
        now = as_stored(store().stored_case(opened.id))
    except UnknownCase:
        _say_gone()
    except AdvisorError:
        return  # away, or written by a newer version: the page has said so, or the next click will
    loads = reloaded(opened.loads, opened.case, now.case)
    st.session_state["opened"] = replace(now, loads=loads)
    st.rerun()


def _say_gone() -> NoReturn:
    """Leave a case that was deleted in another window, and say so at the head of the page."""
    close()
    st.session_state["gone"] = (
        "This decision was deleted, in another window or because its time was up. Your last change "
        "was not kept. Undo the deletion there, or start a new decision."
    )
    st.rerun()


def conflicts() -> list[Conflict]:
    """Fields of the open case that another window changed too, until the reader has chosen."""
    case_id, found = st.session_state.get("conflicts", (None, []))
    return list(found) if case_id == st.session_state.get("case_id") else []


def settle(conflict: Conflict, *, mine: bool) -> None:
    """Keep one of the two values of a field; the store has the other window's."""
    opened = current()
    if opened is None:
        return
    left = [one for one in conflicts() if one is not conflict]
    st.session_state["conflicts"] = (opened.id, left)
    if mine:
        save(keep_mine(opened.case, conflict))


def keep_case_in_address() -> None:
    """Set `?case=` again: a click in the navigation drops it, and a reload needs it."""
    opened = current()
    if opened is not None and st.query_params.get("case") != opened.id:
        st.query_params["case"] = opened.id


def ballot(token: str) -> "OpenBallot | None":
    """What a stranger's link allows, and nothing else; None = the link works no more."""
    now = datetime.now(UTC)
    kept: tuple[str, OpenBallot] | None = st.session_state.get("ballot")
    if kept is not None and kept[0] == token:
        return kept[1] if kept[1].works(now) else None
    found = everyone().open_ballot(token, now)
    if found is not None:
        st.session_state["ballot"] = (token, found)
    return found


def own_vote(run_id: str, pair: "Pair") -> "BlindVote":
    """The reader's own blind vote on a run of the open case; its texts are read once."""
    opened = current()
    assert opened is not None  # noqa: S101 - a run is of an open case
    asked = (run_id, opened.id, pair)
    kept: tuple[object, BlindVote] | None = st.session_state.get("own_vote")
    if kept is None or kept[0] != asked:
        st.session_state["own_vote"] = kept = (asked, store().own_vote(*asked))
    return kept[1]


def voted_blind(decision: "Decision") -> int:
    """Texts that the owner voted on without having been told yet which answer is whose."""
    from advisor.evidence.people.blind import OWNER

    found = run()
    voted = {vote.prompt_id for vote in decision.record.votes if vote.voter == OWNER}
    if found is None or not voted:
        return 0
    return len(voted & store().still_blind(found.id, OWNER)) and len(voted)


def run() -> "RunState | None":
    """The run of the open case as it is asked now: another text or model makes another run."""
    opened = current()
    if opened is None or not opened.case.prompts:
        return None
    return _asked_once(opened, "run", lambda: store().find_state(opened.spec_hash, opened.id))


@contextmanager
def one_look() -> Iterator[None]:
    """Ask the store only once, within this context, how the run stands: frame and page agree.

    What changes a run is done in a callback, which comes before it; a part of a page that is drawn
    anew by itself comes after it.
    """
    st.session_state["look"] = {}
    try:
        yield
    finally:
        st.session_state.pop("look", None)


def _asked_once(opened: OpenCase, what: str, ask: Callable[[], T]) -> T:
    look = st.session_state.get("look", {})
    kept = look.get(what)
    if kept is None or kept[0] is not opened:
        look[what] = kept = (opened, ask())
    found: T = kept[1]
    return found


def decision() -> "Decision | None":
    """The decision on the open case as things stand now; None when none is open.

    Worked out again only when the case, its run, its votes, the day, the list of base prices or the
    edition of the other prices have changed; while answers come in, every few seconds.
    """
    from advisor.store.records import record_of
    from advisor.verdict.decision import decide_case

    opened = current()
    if opened is None:
        return None
    found = run()
    stands = None
    if found is not None:
        stand = _asked_once(opened, "stand", lambda: store().stand(found.id))
        going_on = found.status == "running"
        far = int(time.monotonic() / EVERY_S) if going_on else stand.outputs
        stands = (found.id, found.status, far, stand.votes, stand.judgments)
    version = (stands, today(), fetched_at(), edition_in_use())
    kept = st.session_state.get("decision")
    if kept is None or kept[0] is not opened.case or kept[1] != version:
        made = decide_case(
            opened.case,
            record_of(store(), found, opened.id),
            today=today(),
            made_at=datetime.now(UTC).replace(microsecond=0),
            hosts=host_addresses(),
        )
        st.session_state["decision"] = kept = (opened.case, version, made)
        if found is None or found.status != "running":
            standing = summarise(made, digest_of(opened.digest, made.record))
            with suppress(UnknownCase):  # another window has deleted the case
                store().decided(opened.id, standing)
    return kept[2]


def decide_anew() -> None:
    """Work the decision out again: something was found that is in neither case nor run."""
    st.session_state.pop("decision", None)


def decided_today(case_id: str) -> "Decision":
    """The decision on any case of the store, worked out as of today; nothing of it is kept."""
    from advisor.store.records import record_of
    from advisor.verdict.decision import decide_case

    opened = OpenCase(case_id, store().load_case(case_id))
    found = store().find_state(opened.spec_hash, case_id) if opened.case.prompts else None
    made_at = datetime.now(UTC).replace(microsecond=0)
    return decide_case(
        opened.case,
        record_of(store(), found, case_id),
        today=today(),
        made_at=made_at,
        hosts=host_addresses(),
    )


def once(name: str, decision: "Decision", make: "Callable[[Decision], T]") -> T:
    """Memoise `make(decision)` in the session until the decision changes."""
    kept = st.session_state.get(name)
    if kept is None or kept[0] is not decision:
        st.session_state[name] = kept = (decision, make(decision))
    return kept[1]
