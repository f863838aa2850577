"""Regions: where an offer or an address keeps the texts it is sent."""

from collections.abc import Iterable
from datetime import date
from typing import Literal, Self, get_args

from pydantic import HttpUrl, model_validator

from pricing.entries import Row

Region = Literal["us", "eu", "uk", "ch", "ca", "au", "jp", "in", "sg", "kr", "global"]
""""global": wherever the provider has room, and no region can be chosen."""

REGION_NAMES: dict[Region, str] = {
    "us": "United States",
    "eu": "European Union",
    "uk": "United Kingdom",
    "ch": "Switzerland",
    "ca": "Canada",
    "au": "Australia",
    "jp": "Japan",
    "in": "India",
    "sg": "Singapore",
    "kr": "South Korea",
    "global": "anywhere in the world",
}
_WITH_ARTICLE = ("us", "eu", "uk")
CHOICES: tuple[Region, ...] = tuple(code for code in get_args(Region) if code != "global")
"""The regions a reader may bind their texts to."""


def within_a_sentence(regions: Iterable[Region]) -> str:
    """Regions as they stand within a sentence: "the European Union or Switzerland"."""
    return " or ".join(
        f"{'the ' if region in _WITH_ARTICLE else ''}{REGION_NAMES[region]}" for region in regions
    )


class Placed(Row):
    """Something that texts are sent to, and the regions it can keep them in."""

    regions: tuple[Region, ...] | None = None
    """Those the texts can be kept in, at the reader's choice; None = not known."""
    regions_source: HttpUrl | None = None
    regions_checked: date | None = None

    @model_validator(mode="after")
    def _regions_have_a_source(self) -> Self:
        given = [self.regions, self.regions_source, self.regions_checked]
        if any(value is not None for value in given) and None in given:
            raise ValueError("regions, regions_source and regions_checked go together")
        if self.regions is not None and (not self.regions or "global" in self.regions[1:]):
            raise ValueError("regions names at least one; global stands alone")
        return self

    def keeps_in(self, wanted: tuple[Region, ...]) -> bool | None:
        """Whether the texts can be kept in one of these regions; None = not known."""
        return None if self.regions is None else not set(self.regions).isdisjoint(wanted)
