"""Move overlapping labels of a chart apart, as little as it takes."""

from collections.abc import Sequence


def apart(wanted: Sequence[float], least: float, low: float, high: float) -> tuple[float, ...]:
    """Where labels stand that want to be at these heights, in the order given.

    Labels keep the order of their heights; equal ones keep the order given.

    Args:
        wanted: a height for each, in any unit.
        least: how far two of them have to be apart.
        low: no label stands lower.
        high: nor higher; where there is no room for all of them, they share what there is evenly.
    """
    if len(wanted) > 1:
        least = min(least, (high - low) / (len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    placed = [0.0] * len(wanted)
    floor = low
    for at in order:
        placed[at] = max(wanted[at], floor)
        floor = placed[at] + least
    ceiling = high
    for at in reversed(order):
        placed[at] = min(placed[at], ceiling)
        ceiling = placed[at] - least
    return tuple(placed)
