"""Numbers: those that a text names, in digits or in English words, spoken ones included."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_SMALL = _listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENS = _listed("twenty thirty forty fifty sixty seventy eighty ninety")
_ORDINALS = _listed(
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_VALUES: dict[str, int] = {
    **{word: i for i, word in enumerate(_SMALL)},
    **{word: 10 * i for i, word in enumerate(_TENS, start=2)},
    **{word: i for i, word in enumerate(_ORDINALS)},
    **{word[:-1] + "ieth": 10 * i for i, word in enumerate(_TENS, start=2)},
    "once": 1,
    "twice": 2,
    "thrice": 3,
}
_LOOSE = {"a": 1, "an": 1, "single": 1, "oh": 0, "o": 0, "couple": 2, "pair": 2, "both": 2}
"""Said for a number, but not a claim of one."""
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "dozen": 12}
_SINGULAR = {word + "s": word for word in _SCALES}


def _run_of(*kinds: Iterable[str]) -> re.Pattern[str]:
    word = f"(?:{'|'.join(sorted({word for kind in kinds for word in kind}, reverse=True))})"
    return re.compile(rf"(?<![^\W\d_]){word}(?:(?:\s|-)+{word})*(?![^\W\d_])")


_NAMED = _run_of(_VALUES, _SCALES, _SINGULAR)
_HEARD = _run_of(_VALUES, _SCALES, _SINGULAR, _LOOSE, ("point", "and"))
_LONGEST_RUN = 8
_LONGEST_COMPOSED = 40
"""Words; more are no number that anybody writes in full, and its digits could not be counted."""

# Not within a name such as A1c, L5 or COVID-19; a unit may follow at once.
_CLAIMED = re.compile(r"(?<![\w.,])(?<![A-Za-z]-)(\d[\d,]*(?:\.\d+)?|\.\d+)")
_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+")
# "2." or "19 Examination" at the head of a line counts the lines; so does a number by a bullet.
_LIST_MARK = re.compile(r"^[ \t]*\d+(?=[.):]?[ \t]*[•*\-–]|[.):](?!\d)|[ \t]+[A-Z])", re.M)


def claimed(text: str) -> Iterator[tuple[str, str]]:
    """(as written, value) of each number a text claims; 1 in words claims nothing."""
    text = _LIST_MARK.sub("", text)
    for found in _CLAIMED.finditer(text):
        yield found[0].rstrip(","), _value(found[0])
    for run in _runs(text, _NAMED):
        if run != ["one"]:
            yield " ".join(run), (_composed(run) or _spoken(run))


@lru_cache(maxsize=1_000)
def heard(text: str) -> frozenset[str]:
    """Values of all numbers that a text may be read to name: "one twenty" is 1, 20 and 120."""
    values = {_value(found) for found in _DIGITS.findall(text)}
    for run in _runs(text, _HEARD):
        for first in range(len(run)):
            for last in range(first + 1, min(len(run), first + _LONGEST_RUN) + 1):
                part = run[first:last]
                values |= {_composed(part), _spoken(part)}
    return frozenset(values - {""})


def _value(digits: str) -> str:
    whole, _, rest = digits.replace(",", "").partition(".")
    rest = rest.rstrip("0")
    return (whole.lstrip("0") or "0") + (f".{rest}" if rest else "")


def _runs(text: str, wanted: re.Pattern[str]) -> Iterator[list[str]]:
    """Number words that stand side by side."""
    for run in wanted.findall(text.lower()):
        yield [_SINGULAR.get(word, word) for word in run.replace("-", " ").split()]


def _composed(run: list[str]) -> str:
    """As written in full: "two hundred and five"; "" where it is not."""
    total, current, seen = 0, 0, False
    if len(run) > _LONGEST_COMPOSED:
        return ""
    for word in run:
        number = _VALUES.get(word, _LOOSE.get(word))
        if word in _SCALES:
            scale = _SCALES[word]
            current = max(current, 1) * scale
            if scale >= 1_000:
                total, current = total + current, 0
        elif number is not None:
            if current % 100 and not (current % 100 >= 20 and current % 10 == 0 and number < 10):
                return ""
            current += number
        elif word == "point":
            return ""
        seen = True
    return str(total + current) if seen else ""


def _spoken(run: list[str]) -> str:
    """As said in pieces: "one twenty", "ninety eight point four", "twenty twenty one"."""
    said = ""
    tens = False
    for word in run:
        number = _VALUES.get(word, _LOOSE.get(word))
        if word == "point":
            said, tens = said + ".", False
        elif number is None:
            return ""
        elif tens and 0 < number < 10:
            said = said[:-1] + str(number)
            tens = False
        else:
            said, tens = said + str(number), number >= 20
    return _value(said) if re.search(r"\d", said) and said.count(".") < 2 else ""
