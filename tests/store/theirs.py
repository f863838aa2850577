"""What the first owner of a store has: a row in every table, each with a secret in its texts."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from advisor.case.case import Case, Judgment
from advisor.case.refusals import Refusals
from advisor.case.run_spec import PlannedCall, spec_of
from advisor.evidence.instruction_search import SearchFinding, SearchPlan
from advisor.evidence.model import Output, Vote
from advisor.evidence.receipt import receipt_of
from advisor.evidence.run_state import RunState
from advisor.report.summary import DecisionSummary
from advisor.store.budgets import House
from advisor.store.cases import StoredCase
from advisor.store.queued import Chunk
from advisor.store.repository import Store
from advisor.store.tables import metadata
from advisor.verdict.rules import load_rules
from tests.make import case_at

SECRET = "canary-of-the-first-owner"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class Theirs:
    """What the first owner has, by id."""

    case: Case
    case_id: str
    run_id: str
    run: RunState
    calls: list[PlannedCall]
    runner: str
    voter: str
    snapshot_id: str
    reserved_id: str
    standing: DecisionSummary
    chunk: Chunk
    kept: Any

    def arguments(self) -> dict[str, Any]:
        """A value for every name of an argument that the store's methods have."""
        call = self.calls[0]
        forged = Output(call.prompt_id, call.arm, call.sample, "answered", "forged")
        judgment = Judgment(
            prompt_id=call.prompt_id,
            preference="tie",
            judge="forger",
            order="base_first",
            base_sha256="a" * 64,
            tuned_sha256="b" * 64,
        )
        own = case_at("http://localhost:2/v1", prompts=1)
        return {
            "answers": [(call, forged)],
            "endpoint": "http://localhost:1/v1",
            "found": SearchFinding(instruction="forged"),
            "model": "forged",
            "option": "base",
            "options": ("base", "tuned"),
            "plan": SearchPlan(
                option="base", scored_by="overlap", learn=own.prompts, held_out=own.prompts, calls=1
            ),
            "refused": {("http://localhost:1/v1", "forged"): Refusals(frozenset({"stop"}))},
            "arms": ["base", "tuned"],
            "begun": [call],
            "asked_by": "forger",
            "body": "{}",
            "call": call,
            "call_hashes": [one.call_hash for one in self.calls],
            "calls": [[(call.prompt_id, call.arm, call.sample)]],
            "cap": Decimal(10),
            "case": own,
            "case_id": self.case_id,
            "case_ids": [self.case_id],
            "chunk": self.chunk,
            "claimed_by": self.runner,
            "cost_usd": Decimal(1),
            "days": 7,
            "defer": lambda connection, runner: None,
            "edit": lambda case: own,
            "ended": [(call, forged, Decimal(1))],
            "given": [judgment],
            "highest": Decimal("0.01"),
            "judges": self.run_id,
            "kept": self.kept,
            "last": True,
            "limit": 20,
            "house": House(),
            "may_copy": True,
            "most": Decimal(1),
            "name": "x",
            "now": NOW + timedelta(hours=1),
            "number": 0,
            "outcome": "answered",
            "outcomes": ("answered", "no_answer"),
            "pair": ("base", "tuned"),
            "prompt_id": call.prompt_id,
            "prompt_ids": [call.prompt_id],
            "read": StoredCase(self.case_id, self.case, NOW, None),
            "reason": "forged",
            "receipt": receipt_of(own, load_rules().evidence, NOW),
            "report_sha256": "0" * 64,
            "reserved_id": self.reserved_id,
            "reused": False,
            "run": self.run,
            "run_id": self.run_id,
            "runner": self.runner,
            "dead": lambda runner, heard: True,
            "sentences": ["forged"],
            "settings": own.run,
            "sign_in_sha256": "2" * 64,
            "since": datetime(2020, 1, 1, tzinfo=UTC),
            "snapshot_id": self.snapshot_id,
            "spec": spec_of(own),
            "spec_hash": spec_of(self.case).spec_hash,
            "standing": self.standing.model_copy(update={"headline": "forged"}),
            "status": "cancelled",
            "stop_reason": "forged",
            "stopped": {"base": "forged"},
            "title": "forged",
            "vote": Vote(call.prompt_id, "tuned", self.voter),
            "voter": self.voter,
            "voters": ["Forger"],
            "with_texts": True,
        }


def fill(store: Store) -> Theirs:
    """A row of the first owner in every table, each with the secret in its texts."""
    case = case_at("http://localhost:1/v1", prompts=3)
    prompts = tuple(
        p.model_copy(update={"text": f"{SECRET} {p.text}", "reference": SECRET})
        for p in case.prompts
    )
    case = case.model_copy(update={"title": SECRET, "prompts": prompts})
    case_id = store.save_case(case)
    standing = DecisionSummary(
        digest="0" * 64,
        decided_on=date(2026, 11, 22),
        recommendation="base",
        firmness="rule_of_thumb",
        firmness_label=SECRET,
        headline=SECRET,
    )
    store.keep_standing(case_id, standing)
    spec = spec_of(case)
    run_id = store.start_run(case_id, spec, case.run)
    store.claim_run(run_id, "their runner", lambda runner, heard: True)
    calls = list(spec.calls())
    for call in calls[:-1]:
        answer = Output(call.prompt_id, call.arm, call.sample, "answered", SECRET, error=SECRET)
        store.keep_calls(run_id, ended=[(call, answer, Decimal("0.5"))])
    store.keep_calls(run_id, begun=[calls[-1]])
    store.add_vote(run_id, Vote(calls[0].prompt_id, "base", "Anna"))
    store.show_names(run_id, [case.prompts[1].id], "Anna", NOW)
    judged = {"base_sha256": "a" * 64, "tuned_sha256": "b" * 64, "order": "tuned_first"}
    judgment = Judgment(prompt_id=calls[0].prompt_id, preference="base", judge=SECRET, **judged)
    store.add_judgments(run_id, [judgment])
    store.make_ballots(run_id, ["Anna"], NOW, asked_by=SECRET)
    store.share(case_id, f'"{SECRET}"', NOW, title=SECRET, report_sha256="1" * 64)
    store.sign_out("2" * 64, NOW)
    store.keep_refused({("http://localhost:1/v1", SECRET): Refusals(frozenset({"stop"}))})
    reserved = store.reserve(run_id, Decimal(3), Decimal(10), NOW).id
    assert reserved is not None
    return Theirs(
        case=case,
        case_id=case_id,
        run_id=run_id,
        run=store.run_state(run_id),
        calls=calls,
        runner="their runner",
        voter="Anna",
        snapshot_id=store.shared(case_id)[0].id,
        reserved_id=reserved,
        standing=standing,
        chunk=_chunk(store, run_id, calls[-1]),
        kept=store.take_out(case_id),
    )


def _chunk(store: Store, run_id: str, call: PlannedCall) -> Chunk:
    """A row of the table that workers share, as they would have written it."""
    table = metadata.tables["chunks"]
    row = {
        "run_id": run_id,
        "number": 0,
        "owner": store.owner,
        "runner": "their runner",
        "worker": "their worker",
        "calls": [[call.prompt_id, call.arm, call.sample]],
        "stopped": {"base": SECRET},
    }
    with store.engine.begin() as connection:
        connection.execute(table.insert().values(**row))
    key = (call.prompt_id, call.arm, call.sample)
    return Chunk(run_id, "their runner", 0, "their worker", frozenset([key]))
