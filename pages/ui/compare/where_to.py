"""Where the texts of a case go, before a run sends any: this server, each address, judge, voters."""

from advisor.case.case import Case
from advisor.case.endpoints import profile_of
from advisor.host.endpoints import host_behind
from advisor.host.settings import Hosting
from advisor.report.first_page_values import Line
from advisor.report.for_legal import OWN_MACHINE, host_of
from advisor.report.labels import in_a_sentence
from advisor.store.erasing import UNDO_DAYS
from advisor.words import count, listed

UNKNOWN_REGION = "in which region is not known here"


def where_texts_go(case: Case, host: Hosting, voters: int) -> tuple[Line, ...]:
    """Who will have the texts, one line each; companies and hosts, never a whole address.

    Args:
        case: with options and judge.
        host: how long it keeps what, and where.
        voters: how many people were invited to vote.
    """
    asked: dict[str, list[str]] = {}
    for option in case.options:
        arm = case.arms[option]
        if arm.answers and not arm.recorded:
            called = in_a_sentence(case.name_of(option))
            asked.setdefault(arm.endpoint, []).append(called)
    judge = case.judge
    if judge is not None and judge.answers and not judge.recorded:
        asked.setdefault(judge.endpoint, []).append("the judge, with the answers")
    judged = "" if judge is not None and judge.answers else "none, people only"
    return (
        Line("This server", kept_here(host)),
        *(
            Line(_company(address), f"{_region(address)}; asked as {listed(who)}")
            for address, who in asked.items()
        ),
        *([Line("Judge", judged)] if judged else []),
        Line("Voters", _voters(voters)),
    )


def kept_here(host: Hosting) -> str:
    """What this server keeps, until when, and how to end it."""
    where = f" in {host.server_region}" if host.server_region else ""
    until = "until you delete them"
    if host.keep_days is not None:
        until = f"until {count(host.keep_days, 'day')} after the last change"
    return (
        f"keeps texts, answers, votes and judgments{where} {until}. “Delete permanently” erases "
        f"them at once; what you move to the bin is erased {UNDO_DAYS} days later"
    )


def _company(address: str) -> str:
    """Whose it is: the company by its host name, else the host."""
    found = host_behind(address)
    url = address if found is None else found.url
    company = profile_of(url).company
    host = host_of(url)
    named = f"{company}, {host.rpartition(', ')[2]}" if company and ", " in host else host
    return named[:1].upper() + named[1:] if named == OWN_MACHINE else named


def _region(address: str) -> str:
    """As the host has configured it."""
    found = host_behind(address)
    url = address if found is None else found.url
    if found is not None and found.region:
        return f"in {found.region}"
    return "they reach no other company" if host_of(url) == OWN_MACHINE else UNKNOWN_REGION


def _voters(invited: int) -> str:
    if not invited:
        return "nobody is invited; people you invite read the texts and both answers"
    readers = count(invited, "invited reader")
    return f"{readers} can read the texts and both answers by a link, until you close it"
