"""For legal: which texts stand in the document, who received them, and by whose permission."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from advisor.case import questions
from advisor.case.case import Case
from advisor.case.endpoints import is_inside, profile_of
from advisor.case.training_summary import PrivateKind
from advisor.evidence.model import Output, Vote
from advisor.report.first_page_values import Line
from advisor.report.labels import in_a_sentence
from advisor.training.model import Private
from advisor.verdict.decision import Decision
from advisor.words import count, listed

NOT_ADVICE = "This is not legal advice."
OWN_MACHINE = "your own machine or network"
NONE_SAID = "None in the approved answers, as answered in this case."
ME = "me"
"""The voter who owns the case."""


def legal_lines(found: Decision, shown: int) -> tuple[Line, ...]:
    """What a lawyer asks first.

    Args:
        found: the decision.
        shown: how many texts the document quotes.
    """
    case, record = found.case.at(found.hosts), found.record
    received = _received(case, record.outputs, record.votes, found.evidence.judges)
    return (
        Line("Texts in this document", _in_document(case, shown)),
        Line("Who received the texts", received),
        Line("Where they may go", _may_go(case)),
        Line("Personal data", _personal(case, found.private_in_texts)),
        Line("Permission to train", _permission(case)),
    )


def _in_document(case: Case, shown: int) -> str:
    if not shown:
        return "None. No text and no answer of the test is quoted here."
    if case.recorded:
        return f"{count(shown, 'text')} of the sample with both answers; none of your own."
    return f"{count(shown, 'text')} of your own with both answers, because you chose to quote them."


def _received(
    case: Case, outputs: Sequence[Output], votes: Sequence[Vote], judges: Sequence[str]
) -> str:
    """Companies and hosts, never a whole address."""
    answered = case.in_order({output.arm for output in outputs} - {"judge"})
    asked = [arm for arm in answered if arm in case.arms and not case.arms[arm].recorded]
    gone = sum(arm not in case.arms for arm in answered)
    voters = len({vote.voter for vote in votes if vote.voter != ME})
    if not asked and not gone and not voters:
        if answered or case.recorded:
            if any(arm.given for arm in case.arms.values()):
                return "Nobody: the answers came with the texts, and no model was asked here."
            whose = "the sample's answers" if case.recorded else "the answers"
            return f"Nobody: {whose} were recorded before and are replayed."
        planned = sorted(
            {host_of(a.endpoint) for a in case.arms.values() if a.answers and not a.recorded}
        )
        would = f" A test would send them to {listed(planned)}." if planned else ""
        return f"Nobody yet: no test was run.{would}"
    parts: dict[str, list[str]] = {}
    for arm in asked:
        parts.setdefault(host_of(case.arms[arm].endpoint), []).append(
            in_a_sentence(case.name_of(arm))
        )
    judge = case.judge
    if judge is not None and judge.model.strip() in judges and not judge.recorded:
        parts.setdefault(host_of(judge.endpoint), []).append("the judge")
    said = [f"{host} ({listed(who)})" for host, who in parts.items()]
    if gone:
        said.append(f"{count(gone, 'option')} no longer in this case, whose address is not kept")
    if voters:
        said.append(f"{count(voters, 'invited reader')}")
    abroad = gone or set(parts) - {OWN_MACHINE}
    regions = " In which region is not recorded here." if abroad else ""
    received = listed(said)
    if received.startswith(OWN_MACHINE):
        received = f"Your{received.removeprefix('your')}"
    return f"{received}; and this app's server, which keeps them.{regions}"


def host_of(endpoint: str) -> str:
    """Who answers at an address, as company and kind of host: no path, no key, no account's name."""
    try:
        host = (urlsplit(endpoint.strip()).hostname or "").lower()
    except ValueError:
        host = ""
    if not host or is_inside(host):
        return OWN_MACHINE
    profile = profile_of(endpoint)
    end = next((e for e in profile.hosts if host == e or (e[0] == "." and host.endswith(e))), "")
    return f"{profile.name}, {end.lstrip('.')}" if end else host


def _may_go(case: Case) -> str:
    if case.recorded:
        return "Anywhere the sample's licence allows."
    said = case.brief.data_may_go
    if said is None:
        return ""
    which = case.brief.regions if said == "region" else None
    named = f": {questions.label('regions', which)}" if which else ""
    return f"{questions.label('data_may_go', said)}{named}, as answered in this case."


def _personal(case: Case, in_texts: Sequence[Private]) -> str:
    if case.recorded:
        return "The sample's texts are published for anyone to read."
    answered = case.brief.training_permission == "nothing_personal"
    looked_at, found = _looked_for(case, in_texts)
    if not looked_at:
        return f"{NONE_SAID} There were no texts to check." if answered else ""
    if found:
        but = "“Nothing personal” was answered, but the" if answered else "The"
        said = f"{but} automatic check found {'; and '.join(found)}."
    else:
        first = f"{NONE_SAID} " if answered else ""
        said = f"{first}The automatic check of {listed(looked_at)} found none."
    return f"{said} It can't spot names, addresses or dates of birth: someone has to read for them."


def _looked_for(case: Case, in_texts: Sequence[Private]) -> tuple[list[str], list[str]]:
    """What was checked for personal data, and what was found where: kinds and counts only."""
    looked_at, found = [], []
    if case.prompts:
        texts = count(len(case.prompts), "text")
        looked_at.append(f"the {texts} of the comparison")
        if in_texts:
            found.append(f"in the {texts} of the comparison {_kinds(in_texts, 'text')}")
    if case.training is not None and case.training.private is not None:
        looked_at.append("the training file")
        if case.training.private:
            found.append(f"in the training file {_kinds(case.training.private, 'example')}")
    return looked_at, found


def _kinds(found: Sequence[Private | PrivateKind], one: str) -> str:
    return listed([f"{kind.kind} ({count(kind.texts, one)})" for kind in found])


def _permission(case: Case) -> str:
    """What was answered; who gave it and when is for the paper."""
    if case.recorded:
        return "Not asked for: they are published."
    return {
        "yes": "Yes, confirmed, as answered in this case. Given by, on:",
        "nothing_personal": "Not asked for: nothing personal is in them, as answered in this case.",
        "not_asked": "Not asked yet.",
        "no": "No. The texts may not be used to train.",
        None: "",
    }[case.brief.training_permission]
