"""What models have turned away, so that they need not be asked in that way again."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusals:
    """What one model at one address does not take."""

    parameters: frozenset[str] = frozenset()
    above: int | None = None
    """A bound of an answer above so many tokens; None = none is known."""
    instruction: bool = False
    """An instruction apart from the text."""
    lacks: str | None = None
    """The address without this at its end, such as "/v1"; "" = it lacks nothing, None = not known."""

    def then(self, later: "Refusals") -> "Refusals":
        """Merge with later refusals, which win where the two differ."""
        return Refusals(
            self.parameters | later.parameters,
            self.above if later.above is None else later.above,
            self.instruction or later.instruction,
            self.lacks if later.lacks is None else later.lacks,
        )
