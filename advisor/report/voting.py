"""What is said to those who vote, and of them; and when a test is settled before it is over."""

from collections import Counter
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from advisor.case.options import NAMED, OptionId, name_by_id
from advisor.evidence.model import Evidence, Quality
from advisor.evidence.people.ballots import BallotRow, Told
from advisor.evidence.people.blind import Said, Sides
from advisor.report.labels import Names, in_a_sentence, option_name
from advisor.words import count, day, duration

SECONDS_A_TEXT = 90
"""To read a text with two answers and to vote: 60 texts take about 90 minutes."""
QUALITY_WORDS: dict[Quality, str] = {"as_is": "As it is", "small_edits": "Small edits", "no": "No"}
"""Would the reader send an answer: it measures how much is left to gain."""
CHOICE_WORDS = {
    "left": "the left one",
    "right": "the right one",
    "tie": "no difference",
    "both_bad": "neither",
}


def effort(texts: int) -> str:
    """What voting takes of a person: "40 texts, about 60 minutes"."""
    return f"{count(texts, 'text')}, about {duration(texts * SECONDS_A_TEXT)}"


def invitation(voter: str, asked_by: str, texts: int) -> str:
    """Who asks, what to do, and how long it takes, before a stranger begins."""
    asks = f"{asked_by} asks you, {voter}," if asked_by else f"{voter}, you are asked"
    return (
        f"{asks} to read two answers to the same text and to say which you would rather send. "
        f"{effort(texts)}; you can stop at any time and come back to this link."
    )


def progress_of(voted: int, ready: int, texts: int) -> str:
    """How far a voter is; texts whose answers are not in yet are named."""
    said = f"{voted:,} of {count(ready, 'text')} voted on."
    if ready < texts:
        said += f" {count(texts - ready, 'more text')} may follow once answered."
    return said


def before_the_end(voted: int, ready: int) -> str:
    """What being done means, before it is said."""
    left = f" {count(ready - voted, 'text')} would stay without your vote." if voted < ready else ""
    return (
        f"You have voted on {voted:,} of {count(ready, 'text')}.{left} Once you see which answer "
        "was whose, your votes are final and you can give no more."
    )


def before_the_names(voted: int, blind: int) -> str:
    """What it means for its owner to be shown the names of the texts voted on.

    Args:
        voted: texts voted on of which no name was shown yet.
        blind: all texts of which no name was shown yet.
    """
    left = blind - voted
    said = (
        f"You have voted on {count(voted, 'text')} without knowing which answer is whose. Once you "
        f"see it, {'this vote is' if voted == 1 else 'these votes are'} final."
    )
    return f"{said} The other {count(left, 'text')} can still be voted on." if left else said


def before_one_name(given: Said | None) -> str:
    """What it means to be shown the names of one text."""
    if given is None:
        return (
            "You have not voted on this text. Once you see which answer is whose, it takes no "
            "vote from you: a vote given with the names in view is not blind."
        )
    return "Your vote on this text is then final."


def told_of(given: Said | None, sides: Sides) -> str:
    """What was said of a text whose names are told."""
    if given is None:
        return "You have seen the names of this text, so it takes no vote from you any more."
    chosen = {"left": sides[0], "right": sides[1]}.get(given.choice)
    words = CHOICE_WORDS[given.choice]
    name = f": {in_a_sentence(name_by_id(chosen))}" if chosen else ""
    return f"You chose {words}{name}. You have seen the names, so your vote is final."


def before_names_stand(blind: int) -> str:
    """Said before a page shows answers under their options' names."""
    return (
        f"This names the option behind each answer. You have not yet been shown the names of "
        f"{count(blind, 'text')}; once you are, {'it takes' if blind == 1 else 'they take'} no "
        "more votes from you. Votes you have given stay."
    )


def thanks(told: list[Told]) -> str:
    """What a voter preferred, told at the end."""
    chosen = Counter(told_row(one)[3] for one in told)
    options = sorted({one.left for one in told} | {one.right for one in told}, key=_place)
    words = {name_by_id(option): in_a_sentence(name_by_id(option)) for option in options[::-1]}
    words |= {"No difference": "no difference", "Neither": "neither"}
    said = ", ".join(f"{word} {count(chosen[name], 'time')}" for name, word in words.items())
    return f"In {count(len(told), 'text')} you chose {said}."


def _place(option: OptionId) -> tuple[int, str]:
    return (NAMED.index(option) if option in NAMED else len(NAMED), option)


def told_row(told: Told) -> tuple[str, str, str, str]:
    """One text at the end: its beginning, what was left, what was right, what was chosen."""
    left, right = name_by_id(told.left), name_by_id(told.right)
    text = " ".join(told.text.split())
    start = text if len(text) <= 80 else text[:79].rstrip() + "…"
    chosen = {"left": left, "right": right, "tie": "No difference", "both_bad": "Neither"}
    return start, left, right, chosen[told.said.choice]


def ballot_state(row: BallotRow, ready: int, now: datetime) -> str:
    """How a voter's link stands, for its owner."""
    far = f"{row.votes:,} of {count(ready, 'text')}"
    if row.revealed_at is not None:
        far = f"{far}, done on {day(row.revealed_at.date())}"
    if row.revoked_at is not None:
        return f"{far}, link closed on {day(row.revoked_at.date())}"
    if row.revealed_at is not None:
        return far
    if row.expires_at is not None and row.expires_at <= now:
        return f"{far}, link ran out on {day(row.expires_at.date())}"
    until = f", link works until {day(row.expires_at.date())}" if row.expires_at else ""
    return far + until


def only_here(address: str) -> str | None:
    """Said of a link that others can't open: it was made on a private address."""
    host = urlsplit(address).hostname or "localhost"
    try:
        number = ip_address(host)
    except ValueError:
        number = None
    if host == "localhost" or (number is not None and number.is_loopback):
        return "This link opens only on your computer: the app runs on it."
    private = number.is_private if number is not None else "." not in host
    if private or host.endswith(".local"):
        return "This link opens only within your network."
    return None


def while_blind(voted: int, texts: int) -> tuple[str, str]:
    """What stands in the place of the verdict so far while its owner votes blind, and why."""
    return (
        f"{voted:,} of {count(texts, 'text')} voted on",
        "the verdict so far is on Verdict; once you look, these votes are final",
    )


def settled_so_far(evidence: Evidence, names: Names) -> str | None:
    """That what has been answered or voted on already decides; None = it does not.

    Args:
        evidence: as it stands.
        names: what each option is called.
    """
    side = evidence.would_decide
    if side is None:
        return None
    if evidence.source == "votes":  # a count that moves with a vote would tell whose answer it was
        return (
            "This is settled by the votes. You may stop here and save the rest; looking early was "
            "allowed for. The verdict will say which option it is for, and that the test was "
            "stopped early."
        )
    base, tuned = (
        in_a_sentence(option_name(option, names))
        for option in (evidence.base_arm, evidence.tuned_arm)
    )
    name, tally = tuned if side == "tuned" else base, evidence.tally
    return (
        f"This is settled: {name}. In {count(tally.scored, 'text')} it is {tuned} {tally.wins:,}, "
        f"{base} {tally.losses:,}, no difference {tally.ties + tally.both_bad:,}. You may stop here "
        "and save the rest; looking early was allowed for. The verdict will say that the test was "
        "stopped early."
    )


def votes_settle(evidence: Evidence, ready: int) -> str | None:
    """That the votes given so far decide although texts are left; None = they do not."""
    left = ready - evidence.tally.scored
    if evidence.word != "decides" or evidence.source != "votes" or left <= 0:
        return None
    return (
        f"This is settled by the votes. Nobody has to vote on the other {count(left, 'text')}; "
        "looking early was allowed for. The verdict says which option it is for."
    )


def chosen_words(said: Said) -> str:
    """What a voter chose, by side."""
    return CHOICE_WORDS[said.choice]
