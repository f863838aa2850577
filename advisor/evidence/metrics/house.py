"""House rules: facts, terms, style and length, as the reader asked for them."""

from advisor.case.checks import Glossary, Style, Tense
from advisor.evidence.metrics.registry import metric
from advisor.evidence.metrics.tokens import holds, sentences, words

_FIRST = frozenset(["i", "me", "my", "mine", "myself", "we", "us", "our", "ours", "ourselves"])
_SECOND = frozenset(["you", "your", "yours", "yourself", "yourselves"])
_TENSES = {
    "past": frozenset(["was", "were", "had", "did"]),
    "present": frozenset(["am", "is", "are", "has", "does"]),
}
_MOSTLY = 0.8
_LONG_WORD = 6  # letters; a longer one is long


@metric(
    "Must-haves",
    "How many of the facts you listed stand in the answer.",
    needs=("facts",),
)
def must_haves(answer: str, facts: tuple[str, ...]) -> float:
    """Share of facts whose words stand in the answer in a row, 0 to 1.

    A fact that is denied ("no fever") counts as present, and so does a copy of the text.
    """
    return sum(holds(answer, fact) for fact in facts) / len(facts)


@metric(
    "Must-haves left out",
    "How many of the facts you listed are not in the answer.",
    better="lower",
    needs=("facts",),
    unit="count",
)
def left_out(answer: str, facts: tuple[str, ...]) -> float:
    """Facts whose words do not stand in the answer in a row, 0 to all of them."""
    return float(sum(not holds(answer, fact) for fact in facts))


@metric(
    "House terms",
    "How many of your rules for terms the answer keeps: those to use and those to avoid.",
    needs=("glossary",),
)
def glossary_use(answer: str, glossary: Glossary) -> float:
    """Rules kept / rules, 0 to 1: each term to use that is there, each to avoid that is not."""
    used = [holds(answer, term) for term in glossary.required]
    avoided = [not holds(answer, term) for term in glossary.forbidden]
    return sum(used + avoided) / len(used + avoided)


@metric(
    "House style",
    "How many of your rules of style are kept: banned words, I/you/they, tense, long sentences.",
    needs=("style",),
)
def style_rules(answer: str, style: Style) -> float:
    """Rules kept / rules, 0 to 1; each banned word is a rule. An empty answer keeps most."""
    kept = [not holds(answer, term) for term in style.banned]
    if style.person is not None:
        said = set(words(answer))
        kept.append(
            {
                "first": bool(said & _FIRST),
                "second": bool(said & _SECOND) and not said & {"i", "me", "my", "mine", "myself"},
                "third": not said & (_FIRST | _SECOND),
            }[style.person]
        )
    if style.tense is not None:
        kept.append(_is_in(style.tense, words(answer)))
    if style.longest_sentence is not None:
        kept.append(longest_sentence(answer) <= style.longest_sentence)
    return sum(kept) / len(kept)


@metric(
    "Length",
    "How many words the answer has; neither more nor fewer is better by itself.",
    better="neither",
    needs=(),
    unit="words",
)
def length(answer: str) -> float:
    """Words, from 0; in Chinese and Japanese, signs."""
    return float(len(words(answer)))


@metric(
    "Longest sentence",
    "How many words the longest sentence has; long ones are hard to read.",
    better="lower",
    needs=(),
    unit="words",
)
def longest_sentence(answer: str) -> float:
    """Words, from 0; a line ends a sentence too."""
    return float(max((len(words(sentence)) for sentence in sentences(answer)), default=0))


@metric(
    "Words a sentence",
    "How long the sentences are on average; short ones are easier to read.",
    better="lower",
    needs=(),
    unit="words",
)
def words_a_sentence(answer: str) -> float | None:
    """Words / sentences; None for an answer without a word."""
    parts = sentences(answer)
    return len(words(answer)) / len(parts) if parts else None


@metric(
    "Readability (LIX)",
    "How hard it is to read, by long sentences and long words: under 40 is easy, over 50 hard.",
    better="lower",
    needs=(),
    unit="points",
)
def lix(answer: str) -> float | None:
    """Words / sentences + 100 x words of more than 6 letters / words (Björnsson 1968), from 1.

    For any language that parts words by spaces; None for an answer without a word. A line ends a
    sentence, so a list reads easier than the same words in a row.
    """
    said, parts = words(answer), sentences(answer)
    if not parts:
        return None
    long = sum(len(word) > _LONG_WORD for word in said)
    return len(said) / len(parts) + 100 * long / len(said)


def _is_in(tense: Tense, said: tuple[str, ...]) -> bool:
    """English: four of five of the forms of be, have and do are of this tense, or there is none."""
    met = {name: sum(word in forms for word in said) for name, forms in _TENSES.items()}
    return met[tense] >= _MOSTLY * sum(met.values())
