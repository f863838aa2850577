"""Personal data and secrets in texts, found by patterns: where they stand, never what they are.

Patterns are those of kept detectors: presidio-analyzer's for personal data (as data, because the
library needs spaCy), the libraries phonenumbers and detect-secrets for the rest. A pattern can't
tell a name from another word, so names and addresses are not looked for.
"""

import ipaddress
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import chain
from typing import Any

from advisor.case.texts import Prompt
from advisor.memo import memoised_by_value
from advisor.training.model import Private
from advisor.training.rules import load_training_rules

NOT_FOUND = "Names, addresses and dates of birth can't be found by a pattern; read for them."
"""What must be said beside any result, also an empty one."""
_SHOWN = 5
_WINDOW = 400
"""Characters looked at around a sign of something: no pattern can run away on a hostile text."""
_PHONE_REGIONS = ("US", "GB", "DE", "FR")
"""Where a number without a country's code may be from."""
_DIGITS = re.compile(r"(?<!\w)[+(]?\d[\d ()./-]{5,40}\d(?!\w)")
_IBAN_SIGN = re.compile(r"[A-Z]{2}\d{2}[ -]?[A-Z0-9]{4}")
_SHORTEST = 13
_SECRET_SIGN = re.compile(
    r"(?<![A-Za-z0-9_+-])(?=[A-Za-z_+-]{0,60}\d)[A-Za-z0-9_+-]{13,}|://[^\s/@]{3,}@"
)
_KEY_FILE = re.compile(r"BEGIN [A-Z0-9 ]{0,20}PRIVATE KEY(?: BLOCK)?|PuTTY-User-Key-File-2")
_DATE = re.compile(r"(?:\d{4}([./-])\d\d\1\d\d|\d\d?([./-])\d\d?\2(?:19|20)\d\d)\b")
_SEPARATED = re.compile(r"\d[ ()./-]+\d+[ ()./-]+\d|^\+")


def find_private(texts: Iterable[tuple[str, str]]) -> tuple[Private, ...]:
    """Kinds of personal data and secrets in texts, the most frequent first.

    Args:
        texts: (line number or id, text).
    """
    found: dict[tuple[bool, str], list[str]] = defaultdict(list)
    for where, text in texts:
        for kind in _kinds(text):
            found[kind].append(where)
    return tuple(
        Private(kind, secret, len(where), tuple(where[:_SHOWN]))
        for (secret, kind), where in sorted(
            found.items(), key=lambda item: (not item[0][0], -len(item[1]), item[0][1])
        )
    )


@memoised_by_value(16)
def private_in(prompts: tuple[Prompt, ...]) -> tuple[Private, ...]:
    """What stands in texts of a comparison: the text, what was looked up, all that is approved."""
    return find_private(
        (prompt.id, "\n".join((prompt.text, prompt.passages or "", prompt.approved_words)))
        for prompt in prompts
    )


@memoised_by_value(20_000)
def _kinds(text: str) -> frozenset[tuple[bool, str]]:
    """(is it a secret, kind) of everything found in one text."""
    secrets = (
        (True, kind)
        for around in _suspects(text)
        for kind, patterns in _secrets()
        if _any(patterns, around)
    )
    return frozenset(chain(((False, kind) for kind in _personal(text)), secrets))


def _suspects(text: str) -> Iterator[str]:
    """Pieces that may hold a secret: around a long word with a digit, a password in an address,
    the head of a key file."""
    at = 0
    for word in [word for word in text.split() if len(word) >= _SHORTEST]:
        if len(word) > _WINDOW:
            for sign in _SECRET_SIGN.finditer(word):
                yield word[max(0, sign.start() - 40) : min(sign.start(), sign.end()) + _WINDOW]
        elif _SECRET_SIGN.search(word):
            start = text.find(word, at)
            at = start + len(word)
            yield text[max(0, start - 40) : start + len(word) + 60]
    for head in _KEY_FILE.finditer(text):
        yield head[0]


def _personal(text: str) -> Iterator[str]:
    mail, *_ = patterns = _patterns()
    for at in re.finditer("@", text) if "@" in text else ():
        if mail[1].search(text[max(0, at.start() - 65) : at.start() + 255]):
            yield mail[0]
            break
    if _IBAN_SIGN.search(text):
        yield from _matching(text, [p for p in patterns if p[2] is _is_iban])
    for found in _DIGITS.finditer(text):
        number = found[0]
        kinds = list(_matching(number, [p for p in patterns[1:] if p[2] is not _is_iban]))
        yield from kinds or (["phone number"] if _is_phone(number) else ())


def _matching(
    text: str, patterns: Iterable[tuple[str, re.Pattern[str], Callable[[str], bool]]]
) -> Iterator[str]:
    for kind, pattern, check in patterns:
        if any(check(match[0]) for match in pattern.finditer(text)):
            yield kind


def _any(patterns: Iterable[re.Pattern[str]], text: str) -> bool:
    return any(pattern.search(text) for pattern in patterns)


def _is_phone(number: str) -> bool:
    """A valid number: with its country's code, or written as one writes numbers at home."""
    import phonenumbers

    if not _SEPARATED.search(number) or _DATE.match(number):
        return False
    if sum(map(str.isdigit, number)) < 8:
        return False
    regions = (None,) if number.startswith("+") else _PHONE_REGIONS
    strict = phonenumbers.Leniency.STRICT_GROUPING
    return any(
        phonenumbers.PhoneNumberMatcher(number, region, leniency=strict).has_next()
        for region in regions
    )


def _is_card(number: str) -> bool:
    """Luhn's check digit, ISO/IEC 7812-1."""
    digits = [int(sign) for sign in reversed(number) if sign.isdigit()]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return len(set(digits)) > 1 and (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _is_iban(text: str) -> bool:
    """The check digits of ISO 13616: letters are 10 to 35, and the whole is 1 modulo 97."""
    plain = re.sub(r"[ -]", "", text)
    # The pattern may take in the word behind: the number is then one of its beginnings.
    return any(
        int("".join(str(int(sign, 36)) for sign in plain[4:end] + plain[:4])) % 97 == 1
        for end in range(len(plain), 14, -1)
    )


def _is_ssn(text: str) -> bool:
    """Numbers that were never issued, or that stand in leaflets, are none."""
    digits = re.sub(r"\D", "", text)
    return (
        len(set(re.sub(r"\d", "", text))) == 1
        and len(set(digits)) > 1
        and digits[:3] not in ("000", "666")
        and digits[3:5] != "00"
        and digits[5:] != "0000"
        and digits not in ("123456789", "987654320", "078051120")
    )


def _is_address(text: str) -> bool:
    """An address of the internet: those of a home network or of examples are nobody's."""
    return ipaddress.ip_address(text).is_global if _plain_address(text) else False


def _plain_address(text: str) -> bool:
    return all(part == "0" or not part.startswith("0") for part in text.split("."))


_CHECKS: dict[str | None, Callable[[str], bool]] = {
    None: bool,
    "luhn": _is_card,
    "iban": _is_iban,
    "ssn": _is_ssn,
    "ip": _is_address,
}


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...]:
    """(kind, pattern, check) of personal data; e-mail comes first."""
    return tuple(
        (given.kind, re.compile(given.pattern), _CHECKS[given.check])
        for given in load_training_rules().personal
    )


@cache
def _secrets() -> tuple[tuple[str, tuple[re.Pattern[str], ...]], ...]:
    """(kind, patterns) of secrets: the detectors of detect-secrets, and ours."""
    from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class

    rules = load_training_rules()
    detectors: dict[str, Any] = dict(get_mapping_from_secret_type_to_class())
    found: dict[str, tuple[re.Pattern[str], ...]] = {
        kind: tuple(detector.denylist)  # each detector kept has a denylist
        for kind, detector in detectors.items()
        if kind in rules.detectors
    }
    for ours in rules.secret:
        found[ours.kind] = (*found.get(ours.kind, ()), re.compile(ours.pattern))
    return tuple(found.items())
