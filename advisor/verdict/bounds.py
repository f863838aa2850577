"""Bounds: where the texts may go, how long an answer may take, and which options stay within both.

An option that does not is ruled out of the recommendation; it may stay in the test. What is not
known rules out as well, until the reader confirms it for that option.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.endpoints import is_inside, placed, profile_of
from advisor.case.options import Kind, Model, OptionId, Role
from advisor.evidence.speed import Speed
from pricing.offers import find_provider, matching_offers
from pricing.regions import Region

SiteKind = Literal["vendor", "own", "rented", "unknown"]
BarredBy = Literal[
    "no_contract", "vendor", "elsewhere", "slow",
    "unknown_host", "perhaps_rented", "no_region_said", "region_unknown",
]  # fmt: skip
"""What rules an option out; a vendor: where the texts may go to machines only."""
UNCERTAIN: tuple[BarredBy, ...] = (
    "unknown_host",
    "perhaps_rented",
    "no_region_said",
    "region_unknown",
)
BINDING = ("under_contract", "region", "own_or_rented", "own_machines")
"""Answers that rule anything out."""


@dataclass(frozen=True, slots=True)
class Site:
    """Somewhere an option's texts go."""

    name: str
    """The vendor, or the host of an address."""
    kind: SiteKind
    """unknown: whoever runs that host."""
    provider: str | None = None
    """As in `pricing/data/<provider>.toml`."""
    regions: tuple[Region, ...] | None = None
    """Those it can keep texts in; None = not known."""


@dataclass(frozen=True, slots=True)
class Sites:
    """Where one option's texts go: where it is bought, and where it answers."""

    kind: Kind = "base"

    bought: Site | None = None
    answers: Site | None = None
    confirmed: bool = False
    """The reader has looked, and the texts stay where they may go."""


@dataclass(frozen=True, slots=True)
class RuledOut:
    """An option that can't be recommended."""

    grounds: BarredBy
    site: Site | None = None
    """Where its texts would go; None = that is not why."""
    speed: Speed | None = None
    """How long its answers take; None = that is not why."""

    @property
    def certain(self) -> bool:
        """False: it is not known, and the reader may confirm that the texts may go there."""
        return self.grounds not in UNCERTAIN

    @property
    def by(self) -> Literal["place", "speed"]:
        """Why: by where its texts go, or by how long its answers take."""
        return "speed" if self.grounds == "slow" else "place"


def sites_of(case: Case) -> dict[OptionId, Sites]:
    """Where each option's texts go, by its offer and its address."""
    return {
        name: Sites(
            case.kind_of(name),
            _bought(case.arms[name], trains=case.kind_of(name) == "tuned"),
            _answers(case.arms[name]),
            confirmed=case.arms[name].where_confirmed,
        )
        for name in case.options
    }


def ruled_out(brief: Brief, sites: Mapping[OptionId, Sites]) -> dict[OptionId, RuledOut]:
    """The options that can't be recommended because of where the texts may go."""
    found = {arm: _of_option(brief, given) for arm, given in sites.items()}
    return {arm: barred for arm, barred in found.items() if barred is not None}


def too_slow(speeds: Mapping[OptionId, Speed]) -> dict[OptionId, RuledOut]:
    """The options that can't be recommended because their answers take too long."""
    return {
        option: RuledOut("slow", speed=found)
        for option, found in speeds.items()
        if found.word == "out"
    }


def of_model(brief: Brief, model: Model) -> RuledOut | None:
    """Why a model that is asked, such as the judge, may not have the texts; None = it may."""
    return _of_option(brief, Sites("base", _bought(model, trains=False), _answers(model)))


def asked_though_barred(case: Case) -> dict[Role, RuledOut]:
    """The options, and the judge, that are asked although the texts may not go there."""
    barred = ruled_out(case.brief, sites_of(case))
    found: dict[Role, RuledOut] = {
        option: barred[option]
        for option in case.options
        if option in barred and case.arms[option].answers and not case.arms[option].recorded
    }
    judge = case.judge
    if judge is not None and judge.answers and not judge.recorded:
        of_judge = of_model(case.brief, judge)
        if of_judge is not None:
            found["judge"] = of_judge
    return found


def _bought(model: Model, *, trains: bool) -> Site | None:
    """The seller; regions of an offer are those of training, which a base option does not need."""
    if not model.offer:
        return None
    vendor = model.offer.partition(":")[0]
    sheet, offers = find_provider(vendor), matching_offers(model.offer)
    name, provider = (sheet.name, sheet.provider) if sheet else (vendor, None)
    if sheet is not None and sheet.data_stays:
        return Site(name, "rented" if any(o.rented for o in offers) else "own", provider)
    regions = offers[0].regions if trains and len(offers) == 1 else None
    return Site(name, "vendor", provider, regions)


def _answers(model: Model) -> Site | None:
    endpoint = model.endpoint.strip()
    if not endpoint or model.recorded:
        return None
    try:
        host = (urlsplit(endpoint).hostname or "").lower()
    except ValueError:
        host = ""
    if host and is_inside(host):
        return Site(host, "own")
    profile = profile_of(endpoint)
    if not profile.company:
        return Site(host or endpoint, "unknown")
    sheet = find_provider(profile.id)
    provider = sheet.provider if sheet else None
    return Site(profile.company, "vendor", provider, placed(endpoint).regions)


def _of_option(brief: Brief, sites: Sites) -> RuledOut | None:
    if brief.data_may_go not in BINDING:
        return None
    given = [site for site in (sites.bought, sites.answers) if site is not None]
    found = [barred for site in given if (barred := _of_site(brief, site)) is not None]
    if certain := next((barred for barred in found if barred.certain), None):
        return certain
    answers = sites.answers
    told = brief.data_may_go == "region" and brief.regions
    if told and answers is not None and answers.regions is not None:
        return None  # the address says where, whatever is known of the seller
    return None if sites.confirmed or not found else found[0]


def _of_site(brief: Brief, site: Site) -> RuledOut | None:
    """Whether texts may not go there, or nobody knows whether they may; None = they may."""
    rule = brief.data_may_go
    if site.kind == "own":
        return None
    if rule == "under_contract":
        new = site.provider is not None and brief.customer_of.get(site.provider) == "new"
        return RuledOut("no_contract", site) if new else None
    if rule == "region":
        return _by_region(brief, site)
    if site.kind == "vendor":
        return RuledOut("vendor", site)
    if site.kind == "unknown":
        return RuledOut("unknown_host", site)
    if rule == "own_machines":
        return RuledOut("perhaps_rented", site)
    return None


def _by_region(brief: Brief, site: Site) -> RuledOut | None:
    if not brief.regions:
        return RuledOut("no_region_said", site)
    if site.regions is None:
        return RuledOut("region_unknown", site)
    return RuledOut("elsewhere", site) if set(site.regions).isdisjoint(brief.regions) else None
