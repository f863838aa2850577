"""Running a comparison: make the calls that are missing, keep every answer, buy none twice."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

import httpx2

from advisor.case.case import RunSettings
from advisor.case.options import Role
from advisor.case.run_spec import PlannedCall, Price, shuffled
from advisor.errors import NothingToRun, UnpricedCap
from advisor.evidence.model import Cause, Lacking, Outcome, Output
from advisor.evidence.run_state import Progress, Status
from advisor.llm.limits import EndpointLimit
from advisor.llm.replay import replayed_sample
from advisor.report.barriers import barrier_words, mend_in_a_run
from advisor.runs.budget import Budget
from advisor.runs.endpoints import open_sides
from advisor.runs.live import LiveText, StopSignal
from advisor.runs.process import is_dead, new_runner_id
from advisor.runs.work import Work
from advisor.store.queued import CallKey
from advisor.store.repository import Run, Store


@dataclass(frozen=True, slots=True)
class RunResult:
    """How a run stands after an execution."""

    run_id: str
    status: Status
    stop_reason: str | None
    progress: Progress


def unknown_price(
    arm: Role, input_tokens: int, output_tokens: int, cached_tokens: int = 0, /
) -> None:
    """The price of everything, where the caller knows none."""


@dataclass(frozen=True, slots=True)
class Means:
    """With what a run is gone on with, its judge too: keys, money, and a way to stop it."""

    keys: Mapping[Role, str] = field(default_factory=dict, repr=False)
    """Each arm's key, and the judge's; held in memory only."""
    settings: RunSettings | None = None
    """Concurrency, time-out and cap; None = the run's own."""
    price: Price = unknown_price
    """Of one request, USD."""
    stop: StopSignal = field(default_factory=StopSignal)
    """Pauses or cancels it, from any thread."""
    live: LiveText = field(default_factory=LiveText)
    """Gets the text in flight."""
    transports: Mapping[Role, httpx2.AsyncBaseTransport] = field(default_factory=dict)
    """Stand in for the network, by arm."""


class Execution:
    """One runner's work on one run. Making it claims the run; `run` does the work."""

    def __init__(
        self,
        store: Store,
        run_id: str,
        means: Means,
        before_end: Callable[[], None] | None = None,
        came: Callable[[Output], str | None] | None = None,
    ) -> None:
        """Check and claim the run.

        `before_end` runs before the last status; `came` is handed each output once it is stored.

        Raises:
            UnknownRun, RunIsLive, NothingToRun, BadEndpoint, UnpricedCap: nothing was sent.
        """
        run = store.run(run_id)
        self._store = store
        self._run: Run = run
        self._settings = means.settings or run.settings
        self._before_end = before_end
        if not run.spec.planned:
            raise NothingToRun(
                "There is nothing to run: add texts, and an address and a model for one option."
            )
        sides = open_sides(
            run.spec,
            self._settings,
            means.keys,
            means.transports,
            store.server_url,
            store.refused(),
        )
        bought = [name for name, side in sides.items() if not side.replayed]
        require_prices(run, self._settings, bought, means.price)
        self._runner = new_runner_id()
        store.claim_run(run_id, self._runner, is_dead)
        beat = partial(store.beat, run_id, self._runner)
        self._work = Work(store, run, sides, means.price, beat, means.stop, means.live, came)

    async def run(self) -> RunResult:
        """Make the missing calls; the run's status is written however this ends."""
        work, run_id = self._work, self._run.id
        status: Status = "interrupted"
        reason: str | None = "The program stopped while this run was going on."
        try:
            missing, spent = await work.in_thread(self._missing)
            cap = self._settings.cap_usd
            budget = Budget(None if cap is None else Decimal(str(cap)), spent, work.begin)
            if missing:
                await work.make(missing, min(self._settings.concurrency, len(missing)), budget)
            status, reason, progress = await work.in_thread(self._outcome)
            await work.in_thread(partial(self._store.carry_votes, run_id))
        except asyncio.CancelledError:
            work.hurry()
            raise
        finally:
            # Behind all writes that wait in the thread, so nothing comes after the last status.
            if self._before_end is not None:
                await work.in_thread(self._before_end)
            await work.in_thread(
                partial(self._store.set_status, run_id, status, reason, self._runner)
            )
            await work.close()
        return RunResult(run_id, status, reason, progress)

    @property
    def limits(self) -> list[EndpointLimit]:
        """How fast each option's endpoint is asked."""
        return [side.endpoint.limit for side in self._work.sides.values()]

    def _missing(self) -> tuple[list[PlannedCall], Decimal]:
        """The calls to make, and what the run has cost so far."""
        missing = self._work.reuse(missing_calls(self._store, self._run))
        return missing, self._store.spent(self._run.id)

    def _outcome(self) -> tuple[Status, str | None, Progress]:
        stopped = {name: s.stopped for name, s in self._work.sides.items() if s.stopped}
        return outcome(self._store, self._run.id, self._work.end, stopped)


def missing_calls(
    store: Store, run: Run, among: Collection[CallKey] | None = None
) -> list[PlannedCall]:
    """The calls of a run without an answer or a refusal, in the order in which they are made.

    Args:
        store: where the run is.
        run: the run.
        among: keys of the calls looked at; None = all.
    """
    settled = store.settled(run.id)

    def missing(key: CallKey) -> bool:
        return key not in settled and (among is None or key in among)

    order = store.kept_order(run, (prompt.group or prompt.id for prompt in run.spec.prompts))
    return shuffled(run.spec.calls(missing), run.order_seed, order)


def outcome(
    store: Store, run_id: str, end: tuple[Status, str] | None, stopped: Mapping[Role, str]
) -> tuple[Status, str | None, Progress]:
    """How a run stands once nobody makes calls for it any more.

    Args:
        store: where the run is.
        run_id: the run.
        end: what ended it before its last call.
        stopped: arms that were given up, each with the reason.
    """
    progress = store.progress(run_id)
    if progress.missing == 0:
        return "done", None, progress
    if progress.missing == progress.no_answer:  # every call came to its end, some without an answer
        return "done", _why_no_answers(store, run_id), progress
    if end is not None:
        return *end, progress
    if stopped:
        run = store.run(run_id)
        called = dict(zip(stopped, store.called(run.case_id, tuple(stopped)), strict=True))
        return "partial", _why_stopped(stopped, run.spec.arms, called), progress
    return "partial", _commonest(store, run_id, "failed"), progress


def _why_no_answers(store: Store, run_id: str) -> str:
    """Of which options answers are missing, why, and what to do; a sentence for each."""
    run = store.run(run_id)
    ended: Counter[Role] = Counter()
    whys: dict[Role, Counter[Cause]] = {}
    for output in store.outputs(run_id):
        ended[output.arm] += 1
        if output.outcome == "no_answer":
            whys.setdefault(output.arm, Counter())[output.why or "empty"] += 1
    options = tuple(option for option in whys if option != "judge")
    called = dict(zip(options, store.called(run.case_id, options), strict=True))
    called["judge"] = "judge's"
    said = []
    for option, why in whys.items():
        lacking = Lacking(option, why.total(), 0, ended[option], why.most_common(1)[0][0])
        recorded = replayed_sample(run.spec.arms[option].endpoint) is not None
        said.append((barrier_words if recorded else mend_in_a_run)(lacking, called))
    return " ".join(said)


def _commonest(store: Store, run_id: str, outcome: Outcome) -> str | None:
    """What is said most often of the calls with this outcome."""
    said = Counter(o.error for o in store.outputs(run_id) if o.outcome == outcome and o.error)
    return next((error for error, _ in said.most_common(1)), None)


def _why_stopped(
    stopped: Mapping[Role, str], asked: Collection[Role], called: Mapping[Role, str]
) -> str:
    """Which options could not go on, and why; only the reason where it was every one's."""
    reasons = list(dict.fromkeys(stopped.values()))
    if len(reasons) == 1 and len(stopped) == len(asked):
        return reasons[0]
    return " ".join(f"{called[option]}: {why}" for option, why in stopped.items())


def require_prices(run: Run, settings: RunSettings, arms: Iterable[Role], price: Price) -> None:
    """Refuse a cap that can't be kept, as one of these arms has no price.

    Raises:
        UnpricedCap: a price it needs is not known.
    """
    if settings.cap_usd is None:
        return
    for name in arms:
        if price(name, 1, 1) is None:
            raise UnpricedCap(
                f"A run can't be held to a cap while the price of “{run.spec.arms[name].model}” "
                "is not known; enter its price or take the cap off."
            )
