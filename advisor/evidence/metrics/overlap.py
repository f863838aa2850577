"""Overlap: how much of the approved answer's wording an answer shares."""

from collections import Counter
from functools import cache, lru_cache

from rapidfuzz.distance import LCSseq

from advisor.evidence.metrics.registry import metric
from advisor.evidence.metrics.tokens import stems, words

_MOST_PAIRS = 10_000_000
"""Words of one text times those of the other: two seconds and 80 MB."""
_ARTICLES = frozenset({"a", "an", "the"})


@metric(
    "ROUGE-1",
    "How many single words the answer and the approved answer share.",
    win_by=0.01,
    primary=True,
    words="overlap of words with the approved answer",
    overlap=True,
)
def rouge1(answer: str, reference: str) -> float:
    """F measure of shared stems, 0 to 1 (Lin 2004), by rouge-score."""
    return float(_rouge().score(reference, answer)["rouge1"].fmeasure)


@metric(
    "ROUGE-2",
    "How many pairs of neighbouring words the answer and the approved answer share.",
    win_by=0.01,
    primary=True,
    words="overlap of pairs of words with the approved answer",
    overlap=True,
)
def rouge2(answer: str, reference: str) -> float:
    """F measure of shared pairs of stems, 0 to 1 (Lin 2004), by rouge-score."""
    return float(_rouge("rouge2").score(reference, answer)["rouge2"].fmeasure)


@metric(
    "ROUGE-L",
    "How long a chain of words stands in both answers in the same order.",
    win_by=0.01,
    primary=True,
    words="words in the order of the approved answer",
    overlap=True,
)
def rouge_l(answer: str, reference: str) -> float:
    """F measure of the longest common subsequence of stems, 0 to 1 (Lin 2004), by rapidfuzz."""
    given, wanted = stems(answer), stems(reference)
    return _f(LCSseq.similarity(given, wanted), len(given), len(wanted))


@metric(
    "ROUGE-Lsum",
    "As ROUGE-L, line by line: which words of each approved line the answer has in order.",
    win_by=0.01,
    primary=True,
    words="words in the order of the approved answer, line by line",
    overlap=True,
)
def rouge_lsum(answer: str, reference: str) -> float | None:
    """F measure of the union of common subsequences over lines, 0 to 1 (Lin 2004), by rouge-score.

    Slow: about 25 ms for two notes of 2,500 characters. None for two texts of thousands of words,
    which would take minutes and all memory.
    """
    if len(stems(answer)) * len(stems(reference)) > _MOST_PAIRS:
        return None
    return float(_rouge("rougeLsum").score(reference, answer)["rougeLsum"].fmeasure)


@metric(
    "chrF",
    "How many short strings of letters both answers share, so endings and typing count little.",
    win_by=0.01,
    overlap=True,
)
def chrf(answer: str, reference: str) -> float:
    """F2 of character n-grams up to 6, 0 to 1 (Popović 2015), by sacrebleu.

    It counts what is there twice as much as what is too much: a copy of a long text beats a short
    good answer by it, so it does not decide.
    """
    return float(_chrf().sentence_score(answer, [reference]).score) / 100


@metric(
    "Word overlap (token F1)",
    "How many words both answers share, whatever the case, punctuation and articles.",
    win_by=0.01,
    primary=True,
    words="overlap of words with the approved answer, but for articles",
    overlap=True,
)
def token_f1(answer: str, reference: str) -> float:
    """F measure of shared words, 0 to 1, as for SQuAD (Rajpurkar et al. 2016)."""
    given, wanted = _normalised(answer), _normalised(reference)
    if not given or not wanted:
        return float(given == wanted)
    return _f((Counter(given) & Counter(wanted)).total(), len(given), len(wanted))


@metric(
    "Exact match",
    "Whether both answers are the same but for case and spaces.",
    primary=True,
    words="same words as the approved answer",
)
def exact_match(answer: str, reference: str) -> float:
    """0 or 1."""
    return float(answer.casefold().split() == reference.casefold().split())


@metric(
    "Normalised match",
    "Whether both answers have the same words, whatever the case, punctuation and articles.",
    primary=True,
    words="same words as the approved answer, but for articles and punctuation",
)
def normalised_match(answer: str, reference: str) -> float:
    """0 or 1, as SQuAD's exact match (Rajpurkar et al. 2016)."""
    return float(_normalised(answer) == _normalised(reference))


@metric("Contains", "Whether the approved answer stands within the answer, word for word.")
def contains(answer: str, reference: str) -> float | None:
    """0 or 1; None where the approved answer has no word. A copy of the text may do well by it."""
    wanted = " ".join(("", *_normalised(reference), ""))
    return float(wanted in " ".join(("", *_normalised(answer), ""))) if wanted.strip() else None


def _normalised(text: str) -> tuple[str, ...]:
    return tuple(word for word in words(text) if word not in _ARTICLES)


def _f(shared: int, given: int, wanted: int) -> float:
    return 2 * shared / (given + wanted) if shared else 0.0


class _Stems:
    """Our tokens, for rouge-score."""

    def tokenize(self, text: str) -> list[str]:
        return list(stems(text))


@cache
def _rouge(kind: str = "rouge1"):  # type: ignore[no-untyped-def]  # rouge_score has no types
    from rouge_score.rouge_scorer import RougeScorer

    return RougeScorer([kind], tokenizer=_Stems())


@cache
def _chrf():  # type: ignore[no-untyped-def]  # imported where used: it takes 0.1 s
    from sacrebleu.metrics.chrf import CHRF

    class Chrf(CHRF):
        """An approved answer is taken apart once for all options that stand beside it."""

        def _extract_reference_info(self, refs):  # type: ignore[no-untyped-def]
            return taken_apart(tuple(refs))

    plain = CHRF()
    taken_apart = lru_cache(maxsize=4)(plain._extract_reference_info)  # 1 MB each
    return Chrf()
