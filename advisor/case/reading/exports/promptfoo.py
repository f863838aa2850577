"""promptfoo (0.123): the CSV of its tests, and the results of an evaluation as JSON and CSV."""

import re
from typing import Any

from advisor.case.reading import columns as roles
from advisor.case.reading import values
from advisor.case.reading.drafts import Draft
from advisor.case.reading.exports.export import Export
from advisor.case.reading.exports.flat import FlatRow, dig, flat_table
from advisor.case.reading.table import Table
from advisor.words import count

_CHECK = re.compile(r"\s*(not-)?([a-z][a-z-]*)(?:\([^)]*\))?\s*:\s*(.*)", re.S | re.I)
_WHOLE = {"equals", "similar", "factuality", "closedqa", "model-graded-closedqa"}
"""Checks that name a whole answer."""
_PART = {"contains", "icontains", "starts-with"}
"""Checks that name words of an answer."""
_OTHERS = frozenset(
    (
        *("contains-any", "contains-all", "icontains-any", "icontains-all", "regex", "is-json"),
        *("javascript", "fn", "eval", "python", "file", "llm-rubric", "grade", "latency", "cost"),
        *("rouge-n", "bleu", "levenshtein", "contains-json", "is-refusal", "answer-relevance"),
    )
)


def promptfoo_tests(value: Table) -> Export | None:
    """Read the CSV of tests; None = it is another file."""
    expected = [c for c in value.columns if re.fullmatch(r"__expected\d*", c.strip())]
    if not expected:
        return None
    variables = [column for column in value.columns if not column.startswith("__")]
    text = roles.guess_roles(Table(tuple(variables), value.rows, value.container, value.place))
    chosen = [name for name, role in text.items() if role == roles.TEXT] or variables[:1]
    if not chosen:
        return None
    drafts, parts, others = [], 0, 0
    for row in value.rows:
        where = value.where(row)
        approved: list[str] = []
        for column in expected:
            words, kind = _approved(values.plain(row.values.get(column), where))
            parts += kind == "part"
            others += kind == "other"
            approved += [words] if words else []
        found = values.text_in(row.values.get(chosen[0]), where)
        drafts.append(Draft(where, found, references=tuple(dict.fromkeys(approved))))
    remarks = []
    if parts:
        remarks.append(
            f"{parts:,} of the checks name only words of an answer (contains): the approved answer is "
            "those words."
        )
    if others:
        remarks.append(
            f"{count(others, 'check')} of another kind left out: only words can be an approved answer."
        )
    taken = {chosen[0]: roles.TEXT, **dict.fromkeys(expected, roles.REFERENCE)}
    unread = tuple(column for column in value.columns if column not in taken)
    form = f"promptfoo tests ({value.container})"
    return Export(form, tuple(drafts), taken, unread, tuple(remarks))


def _approved(check: str) -> tuple[str, str]:
    """The approved answer that a check names, and what kind of check it is."""
    found = _CHECK.fullmatch(check)
    kind = found[2].lower() if found else ""
    if found is None or kind not in _WHOLE | _PART | _OTHERS:
        return check, "whole"  # words without a check are compared as they are
    if found[1] or kind in _OTHERS:
        return "", "other"
    return found[3].strip(), "part" if kind in _PART else "whole"


def promptfoo_results(value: Any) -> Table | None:
    """The tests of an evaluation with what each provider answered; None = it is another file."""
    results = dig(value, "results", "results")
    if not isinstance(results, list) or not results or dig(value, "results", "version") is None:
        return None
    if not all(isinstance(one, dict) and "vars" in one for one in results):
        return None
    prompts = {str(dig(one, "prompt", "label")) for one in results}
    rows: dict[int, FlatRow] = {}
    others = 0
    for number, one in enumerate(results):
        at = one.get("testIdx") if isinstance(one.get("testIdx"), int) else number
        if at not in rows:
            variables, left_out = _variables(one)
            others += left_out
            rows[at] = FlatRow(at + 1, variables)
        provider = str(dig(one, "provider", "label") or dig(one, "provider", "id") or "the model")
        column = f"[{provider}] {dig(one, 'prompt', 'label')}" if len(prompts) > 1 else provider
        said = dig(one, "response", "output")
        if said:
            rows[at].answers[column[:200]] = said
    remarks = [f"{count(others, 'check')} left out: only words can be an approved answer."]
    return flat_table("promptfoo results", "JSON", "test", rows.values(), remarks if others else ())


def _variables(result: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """The variables of a test with its approved answers, and how many of its checks are none."""
    approved, others = [], 0
    checks = dig(result, "testCase", "assert")
    for check in checks if isinstance(checks, list) else ():
        kind = check.get("type") if isinstance(check, dict) else None
        said = check.get("value") if isinstance(check, dict) else None
        if kind in _WHOLE | _PART and isinstance(said, str):
            approved.append(said)
        else:
            others += 1
    found = result["vars"] if isinstance(result["vars"], dict) else {}
    return {**found, "references": approved} if approved else dict(found), others
