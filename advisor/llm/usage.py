"""Tokens as a reply counts them."""

from dataclasses import dataclass
from typing import Any

_MOST_TOKENS = 1_000_000_000
_CACHED = ("prompt_cache_hit_tokens", "cache_read_input_tokens", "cached_tokens")
"""Where a server counts tokens that it had read before."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the endpoint reports them; None = it did not say."""

    input: int | None = None
    cached: int | None = None
    output: int | None = None
    reasoning: int | None = None

    def grown(self, later: "Usage") -> "Usage":
        """The element-wise maximum of two counts."""
        return Usage(
            _larger(self.input, later.input),
            _larger(self.cached, later.cached),
            _larger(self.output, later.output),
            _larger(self.reasoning, later.reasoning),
        )


def usage_of(said: dict[str, Any]) -> Usage:
    """What a reply says that it has used, by whichever names."""
    given = _first(said, "prompt_tokens", "input_tokens")
    answered = _first(said, "completion_tokens", "output_tokens")
    total = _count(said, "total_tokens")
    if given is not None and answered is not None and total is not None:
        answered = max(answered, total - given)  # some leave reasoning out of completion_tokens
    found = (
        _count(said.get("prompt_tokens_details"), "cached_tokens"),
        _count(said.get("input_tokens_details"), "cached_tokens"),
        *(_count(said, name) for name in _CACHED),
    )
    cached = max((many for many in found if many is not None), default=None)
    if given and cached is not None and cached > given:
        given += cached  # counted beside the others, not among them
    return Usage(
        input=given or None,  # no prompt has 0 tokens: the server did not count
        cached=cached,
        output=answered,
        reasoning=_count(said.get("completion_tokens_details"), "reasoning_tokens"),
    )


def _larger(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else max(one, other)


def _first(said: dict[str, Any], *names: str) -> int | None:
    counts = (_count(said, name) for name in names)
    return next((n for n in counts if n is not None), None)


def _count(said: object, name: str) -> int | None:
    """A number of tokens, also one written as 11.0 or "11"; None = none, or none that can be."""
    value = said.get(name) if isinstance(said, dict) else None
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 12:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if not 0 <= value <= _MOST_TOKENS or value != int(value):
        return None
    return int(value)
