"""Merge two concurrent edits of one case, and list the fields in which they conflict.

Both begin at the same case. What only one of them changed is as that one has it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from advisor.case.case import Case
from advisor.case.options import MOST_OPTIONS, OptionId
from advisor.case.texts import Prompt
from advisor.case.variants import in_step, leader_of, own_fields
from advisor.errors import AdvisorError

Path = tuple[str | tuple[str, str], ...]
"""The way to a field: `("volume", "horizon_months")`; a text goes by its id and itself."""

TEXTS: Path = ("texts",)
"""The whole of the texts, where one side brought others and the other side edited those."""
_TEXT_FIELDS = ("prompts", "examples", "judgments")
_WHOLE = {"currency", "training", "checks"}
"""Fields that mean something only as one: a rate belongs to its currency and its day."""
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that both changed, each to something else."""

    path: Path
    mine: Any
    theirs: Any
    """What the merged case has, until somebody chooses."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A case with both changes."""

    case: Case
    conflicts: tuple[Conflict, ...] = ()


def merge(base: Case, mine: Case, theirs: Case) -> Merged:
    """Both changes of a case in one.

    Args:
        base: what both began with.
        mine: what one made of it.
        theirs: what the other made of it; it stands where the two contradict each other.
    """
    if theirs == base:
        return Merged(mine)
    found: list[Conflict] = []
    followers = {*_followers(mine), *_followers(theirs)}
    merged = {
        name: _merge(
            [getattr(case, name) for case in (base, mine, theirs)], (name,), found, followers
        )
        for name in Case.model_fields
        if name not in _TEXT_FIELDS
    }
    merged |= _merge_texts(base, mine, theirs, found)
    whole = _no_more_than_fit(theirs.model_copy(update=merged), mine, theirs, found)
    conflicts = tuple(one for one in found if not _is_led(one.path, whole, followers))
    return Merged(in_step(in_step(whole, mine), theirs), conflicts)


def keep_mine(case: Case, conflict: Conflict) -> Case:
    """The case with the other value of a conflict; a text that is gone stays gone.

    Raises:
        AdvisorError: it would have one option too many.
    """
    kept = _put(case, conflict.path, conflict.mine)
    if len(kept.arms) > MOST_OPTIONS:
        raise AdvisorError(
            f"{MOST_OPTIONS} options are as many as can be compared; take one out first."
        )
    return in_step(kept, case)


def value_at(case: Case, path: Path) -> Any:
    """What a case has there; None where there is nothing."""
    if path == TEXTS:
        return tuple(getattr(case, name) for name in _TEXT_FIELDS)
    node: Any = case
    for part in path:
        if isinstance(part, tuple):
            node = next((text for text in node if (text.id, text.text) == part), None)
        else:
            node = node.get(part) if isinstance(node, dict) else getattr(node, part, None)
    return node


def _merge(
    sides: Sequence[Any], path: Path, found: list[Conflict], followers: Collection[str] = ()
) -> Any:
    """One field of base, mine and theirs, and of the fields within it."""
    base, mine, theirs = sides
    if mine in (theirs, base):
        return theirs
    if theirs == base:
        return mine
    if path[-1] in _WHOLE:
        pass
    elif isinstance(mine, BaseModel) and type(mine) is type(theirs):
        start = base if type(base) is type(mine) else type(mine)()
        names = type(mine).model_fields
        return mine.model_copy(
            update={
                name: _merge(
                    [getattr(m, name) for m in (start, mine, theirs)], (*path, name), found
                )
                for name in names
            }
        )
    elif isinstance(mine, dict) and isinstance(theirs, dict):
        merged = {
            name: _merge(
                [side.get(name, _ABSENT) for side in sides], (*path, name), found, followers
            )
            for name in dict.fromkeys((*theirs, *mine))
        }
        return {name: value for name, value in merged.items() if value is not _ABSENT}
    elif _ABSENT in (mine, theirs) and _only_followed(sides, path, followers):
        return _ABSENT  # one side took it out, and for the other it only followed another option
    found.append(Conflict(path, *(None if v is _ABSENT else v for v in (mine, theirs))))
    return theirs


def _merge_texts(base: Case, mine: Case, theirs: Case, found: list[Conflict]) -> dict[str, Any]:
    """The texts: which there are as one side has it, and what was entered for each as both have."""
    start, ours, other = (value_at(case, TEXTS) for case in (base, mine, theirs))
    if ours in (other, start):
        return {}
    if other == start:
        return dict(zip(_TEXT_FIELDS, ours, strict=True))
    sides = [_by_text((*case.prompts, *case.examples)) for case in (base, mine, theirs)]
    of_base, of_mine, of_theirs = sides
    kept = theirs if _names(mine) == _names(base) else mine
    edited, there = (of_mine, of_theirs) if kept is theirs else (of_theirs, of_mine)
    gone = [key for key, text in edited.items() if key not in there and text != of_base.get(key)]
    if gone or (kept is mine and _names(theirs) != _names(base)):
        found.append(Conflict(TEXTS, ours, other))
        return {}

    def both(field: str) -> tuple[Prompt, ...]:
        merged = []
        for text in getattr(kept, field):
            key = (text.id, text.text)
            three = [side.get(key, text) for side in sides]
            merged.append(_merge(three, ("prompts", key), found))
        return tuple(merged)

    judged = theirs if mine.judgments == base.judgments else mine
    return {
        "prompts": both("prompts"),
        "examples": both("examples"),
        "judgments": judged.judgments,
    }


def _by_text(texts: Iterable[Prompt]) -> dict[tuple[str, str], Prompt]:
    return {(text.id, text.text): text for text in texts}


def _names(case: Case) -> tuple[list[tuple[str, str]], ...]:
    """Which texts there are, and which of them are shown as examples."""
    return tuple([(t.id, t.text) for t in texts] for texts in (case.prompts, case.examples))


def _put(node: Any, path: Path, value: Any) -> Any:
    """A copy with the value at this path replaced; None removes the entry."""
    if path == TEXTS:
        return node.model_copy(update=dict(zip(_TEXT_FIELDS, value, strict=True)))
    part, rest = path[0], path[1:]
    if node is None:
        return None
    if isinstance(part, tuple):
        return tuple(_put(t, rest, value) if (t.id, t.text) == part else t for t in node)
    if isinstance(node, dict):
        child = _put(node.get(part), rest, value) if rest else value
        others = {name: kept for name, kept in node.items() if name != part or child is not None}
        return others | ({part: child} if child is not None else {})
    return node.model_copy(update={part: _put(getattr(node, part), rest, value) if rest else value})


def _followers(case: Case) -> list[OptionId]:
    return [option for option in case.options if leader_of(case, option) is not None]


def _no_more_than_fit(case: Case, mine: Case, theirs: Case, found: list[Conflict]) -> Case:
    """The case without options that only one side added and that are too many together."""
    over = len(case.arms) - MOST_OPTIONS
    added = [option for option in case.arms if option in mine.arms and option not in theirs.arms]
    for option in added[-over:] if over > 0 else ():
        found.append(Conflict(("arms", option), mine.arms[option], None))
        case = case.without(option)
    for option, arm in case.arms.items():
        if arm.follows is not None and arm.follows not in case.arms:
            case = case.put(option, arm.model_copy(update={"follows": None}))
    return case


def _only_followed(sides: Sequence[Any], path: Path, followers: Collection[str]) -> bool:
    """Whether an option that one side took out is with the other as it was, but for its leader."""
    if len(path) != 2 or path[0] != "arms" or path[1] not in followers:
        return False
    base, there = sides[0], next(arm for arm in sides[1:] if arm is not _ABSENT)
    own = own_fields(there, str(path[1]))
    return base is not _ABSENT and all(getattr(base, n) == getattr(there, n) for n in own)


def _is_led(path: Path, case: Case, followers: Collection[str]) -> bool:
    """Whether an option takes this field from the option it follows."""
    if len(path) < 3 or path[0] != "arms" or path[1] not in followers or path[1] not in case.arms:
        return False
    option = str(path[1])
    return path[2] not in own_fields(case.arms[option], option)
