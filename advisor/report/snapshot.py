"""Snapshots: a report as it stood when it was shared, and the case that others may start from it.

A snapshot is canonical JSON: sorted keys, no white space, the number of its format. Keys, model
addresses and the owner are in none; texts and instructions only where the owner said so.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any, Self

from pydantic import TypeAdapter, ValidationError

from advisor.case.case import Case
from advisor.case.options import Arm
from advisor.errors import BadSnapshot
from advisor.report.agreement import without_names
from advisor.report.firmness import on_one_scale
from advisor.report.model import Report

FORMAT = 1
"""Goes up when a snapshot can no longer be read as those before it."""

OF_A_CASE = ("title", "brief", "arms", "volume", "currency")
"""What others may start from. A field that is in none of these lists is passed on to nobody."""
OF_AN_ARM = (
    "kind", "variant", "follows", "label",
    "model", "offer", "price", "discount_percent", "reasoning_multiplier",
)  # fmt: skip
HELD_BACK = ("endpoint", "api_key_env", "where_confirmed", "corrected_share")
"""Whoever starts from it has to look for themselves where their texts go, and has people of their
own."""
WITH_TEXTS = ("prompts", "examples", "checks")
"""What of a case holds the owner's own words, or is about them."""
_MOMENT = ("made_at", "today", "prices_sha256")
"""Fields of a report that change though nothing in it does."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A frozen report."""

    report: Report
    start: Case | None = None
    """What others may start their own case from; None = the owner keeps it."""

    def to_json(self) -> str:
        """The canonical text: equal snapshots give the same."""
        start = None
        if self.start is not None:
            hidden = {"arms": {"__all__": set(HELD_BACK)}}
            start = self.start.model_dump(
                mode="json", include={*OF_A_CASE, *WITH_TEXTS}, exclude=hidden
            )
        return _canonical({"format": FORMAT, "report": _plain(self.report), "start": start})

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a snapshot of this format or an older one.

        A field that is no longer known is left out, one that was not known yet takes its default.
        A case that can't be read any more is one that nobody starts from.

        Raises:
            BadSnapshot: it is no snapshot, or one of a newer version of the app.
        """
        try:
            value = json.loads(text)
            report = _reports().validate_python(on_one_scale(value["report"]))
        except (ValueError, KeyError, TypeError) as error:
            raise BadSnapshot(
                "This report was frozen by another version of the app and can't be shown here; "
                "ask the sender for the PDF."
            ) from error
        return cls(report, _start(value.get("start")))


def handed_on(text: str) -> Snapshot:
    """A snapshot as whoever holds its link reads it: one frozen with voters' names is without them.

    Raises:
        BadSnapshot: it is no snapshot, or one of a newer version of the app.
    """
    found = Snapshot.from_json(text)
    return replace(found, report=without_names(found.report))


def freeze(case: Case, report: Report, *, with_texts: bool, may_copy: bool) -> Snapshot:
    """What is shared of a decision.

    Args:
        case: what was asked.
        report: the decision on it, worded with texts or without.
        with_texts: the owner lets texts and answers in; a sample's are public, and may be in.
        may_copy: let others start their own case from this one.

    Raises:
        ValueError: the report quotes the owner's texts, and they were not let in.
    """
    if report.excerpts and not (with_texts or case.recorded):
        raise ValueError("the report quotes texts that its owner keeps: word it without them")
    return Snapshot(report, copy_of(case, with_texts=with_texts) if may_copy else None)


def copy_of(case: Case, *, with_texts: bool) -> Case:
    """The questions, the models and the volume of a case, and with texts also its texts.

    No address and no name of a key is in it; instructions, schemas and stop words count as texts.
    """
    arms = {}
    for name, arm in case.arms.items():
        of_arm = {field: getattr(arm, field) for field in OF_AN_ARM}
        # What is passed on as it is may hold anything, and a schema the owner's own words.
        hidden: dict[str, Any] = {"extra": {}} | (
            {} if with_texts else {"response_format": None, "stop": ()}
        )
        arms[name] = Arm(
            **of_arm,
            system_prompt=arm.system_prompt if with_texts else "",
            parameters=arm.parameters.model_copy(update=hidden),
        )
    wanted = (*OF_A_CASE, *WITH_TEXTS) if with_texts else OF_A_CASE
    kept: dict[str, Any] = {field: getattr(case, field) for field in wanted} | {"arms": arms}
    return Case(**kept)


def report_sha256(report: Report) -> str:
    """Of what a report says, whenever it was made and whether or not it quotes texts.

    What a quote says can't change without a figure or a run changing with it.
    """
    said = _plain(replace(report, excerpts=()))
    for field in _MOMENT:
        del said[field]
    said.get("first_page", {}).pop("legal", None)  # says how many texts are quoted
    return hashlib.sha256(_canonical(said).encode()).hexdigest()


@cache
def _reports() -> TypeAdapter[Report]:
    return TypeAdapter(Report)


def _plain(report: Report) -> dict[str, Any]:
    plain: dict[str, Any] = _reports().dump_python(report, mode="json")
    return plain


def _start(value: object) -> Case | None:
    if value is None:
        return None
    try:
        return Case.model_validate(value, extra="ignore")
    except ValidationError:
        return None


def _canonical(value: object) -> str:
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


@dataclass(frozen=True, slots=True)
class SharedRow:
    """A link as its owner sees it; the token is not kept."""

    id: str
    title: str
    report_sha256: str
    with_texts: bool
    may_copy: bool
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def works(self, now: datetime) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_at is None and now < self.expires_at
