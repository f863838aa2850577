"""What keeps two options from being compared, and how to mend it, in words."""

from advisor.case.options import KIND_WORDS
from advisor.evidence.model import Barrier, Cause, Lacking, OneModel
from advisor.report.labels import Names, in_a_sentence, option_name

_BECAUSE: dict[Cause, str] = {
    "thinking": "the model spent its limit thinking",
    "unclosed": "the model's thinking came to no end",
    "empty": "the model sent nothing",
    "window": "the server did not read the whole text, as its window is too small",
    "failed": "the calls failed",
    "cut": "they met the limit",
    "end_unknown": "we can't tell whether they were whole",
}
_MEND: dict[Cause, str] = {
    "thinking": "raise “Longest answer” on Compare and continue",
    "unclosed": "raise “Longest answer” on Compare, or ask it to think less, and continue",
    "empty": "ask the model once by hand to see why, and continue on Compare",
    "window": "start the server with a larger one (num_ctx, --ctx-size) and continue on Compare",
    "failed": "see on Compare why, mend it and continue",
    "cut": "raise “Longest answer” on Compare and continue",
    "end_unknown": "run them again on Compare",
}


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
    return f"{_how_many(barrier, names)}: {_BECAUSE[barrier.cause]}."


def mend(barrier: Barrier, names: Names) -> str:
    """What is wrong and what to do, as the next step."""
    if isinstance(barrier, OneModel):
        return (
            f"{barrier_words(barrier, names)} Check on Options which model the server has loaded; "
            "if they are two models, give each a name of its own."
        )
    return f"{barrier_words(barrier, names)[:-1]}; {_MEND[barrier.cause]}."


def _how_many(lacking: Lacking, names: Names) -> str:
    name = option_name(lacking.option, names)
    adjective = "fine-tuned" if name == KIND_WORDS["tuned"] else name
    missing, cut = lacking.missing, lacking.cut
    both = missing + cut
    are = "is" if both == 1 else "are"
    what = "missing or cut off" if missing and cut else "missing" if missing else "cut off"
    noun = "answer" if lacking.of == 1 else "answers"
    return f"{both:,} of {lacking.of:,} {adjective} {noun} {are} {what}"
