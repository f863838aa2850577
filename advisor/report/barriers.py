"""What keeps two options from being compared, and how to mend it, in words."""

from advisor.evidence.model import Barrier, Cause, Lacking, OneModel
from advisor.report.labels import Names, in_a_sentence, option_name
from advisor.words import lower_first

_BECAUSE: dict[Cause, str] = {
    "thinking": "the model spent its limit thinking",
    "unclosed": "the model's thinking came to no end",
    "empty": "the model sent nothing",
    "window": "the server did not read the whole text, as its window is too small",
    "failed": "the calls failed",
    "cut": "{they} met the limit",
    "end_unknown": "we can't tell whether {they} {were} whole",
}
_MEND: dict[Cause, str] = {
    "thinking": "raise “Longest answer” on Compare and continue",
    "unclosed": "raise “Longest answer” on Compare, or ask it to think less, and continue",
    "empty": "ask the model once by hand to see why, and continue on Compare",
    "window": "start the server with a larger one (num_ctx, --ctx-size) and continue on Compare",
    "failed": "once that is mended, continue on Compare",
    "cut": "raise “Longest answer” on Compare and continue",
    "end_unknown": "run them again on Compare",
}

_MEND_IN_A_RUN: dict[Cause, str] = {
    "thinking": "allow longer answers and continue",
    "unclosed": "allow longer answers, or ask it to think less, and continue",
    "empty": "ask the model once by hand to see why, and continue",
    "window": "start the server with a larger one (num_ctx, --ctx-size) and continue",
}
"""The same for those who may read it on the command line."""


def barrier_words(barrier: Barrier, names: Names) -> str:
    """What is wrong, as one sentence.

    Args:
        barrier: what keeps options from being compared.
        names: what each option is called.
    """
    if isinstance(barrier, OneModel):
        one, other = (in_a_sentence(option_name(option, names)) for option in barrier.options)
        return (
            f"One model, “{barrier.served}”, answered for both {one} and {other}: there is nothing "
            "to compare."
        )
    return f"{_how_many(barrier, names)}: {_because(barrier)}."


def in_short(barrier: Barrier) -> str:
    """What is wrong, as a part of a sentence."""
    if isinstance(barrier, OneModel):
        return "one model answered for both"
    return f"too many answers are {_what(barrier)}"


def mend_in_a_run(lacking: Lacking, names: Names) -> str:
    """What is wrong and what to do, where a run has come to its end without these answers."""
    return f"{barrier_words(lacking, names)[:-1]}; {_MEND_IN_A_RUN.get(lacking.cause, 'continue')}."


def _because(lacking: Lacking) -> str:
    """Why the answers are missing; of calls that failed, the sentence without what it quotes."""
    if lacking.cause == "failed" and (why := lacking.said.partition(": ")[0].rstrip(".")):
        return lower_first(why) if why.startswith(("The ", "This ", "There ", "Nothing ")) else why
    one = lacking.missing + lacking.cut == 1
    they = ("it", "was") if one else ("they", "were")
    return _BECAUSE[lacking.cause].format(they=they[0], were=they[1])


def mend(barrier: Barrier, names: Names) -> str:
    """What is wrong and what to do, as the next step."""
    if isinstance(barrier, OneModel):
        return (
            f"{barrier_words(barrier, names)} Check on Options which model the server has loaded; "
            "if they are two models, give each a name of its own."
        )
    return f"{barrier_words(barrier, names)[:-1]}; {_MEND[barrier.cause]}."


def _how_many(lacking: Lacking, names: Names) -> str:
    adjective = in_a_sentence(option_name(lacking.option, names))
    missing, cut = lacking.missing, lacking.cut
    both = missing + cut
    if missing == lacking.of:
        return f"No {adjective} answer came"
    are = "is" if both == 1 else "are"
    noun = "answer" if lacking.of == 1 else "answers"
    return f"{both:,} of {lacking.of:,} {adjective} {noun} {are} {_what(lacking)}"


def _what(lacking: Lacking) -> str:
    if lacking.missing and lacking.cut:
        return "missing or cut off"
    return "missing" if lacking.missing else "cut off"
