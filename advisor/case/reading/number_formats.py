"""How a sheet displays a number: its format code, as ECMA-376 (18.8.30 and 18.8.31) writes it."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

BUILT_IN = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss",
    48: "##0.0E+0",
}
"""Codes that a workbook names only by number. The dates among them (14 to 17, 22, 47) are displayed
by the settings of whoever opens the file, so they are left to ISO 8601."""

_TOKEN = re.compile(
    r"""
    "(?P<quoted>[^"]*)" | \\(?P<escaped>.) | _(?P<gap>.) | \*(?P<fill>.)
    | \[\$(?P<currency>[^\]-]*)(?P<locale>-[^\]]*)?\] | \[(?P<elapsed>h+|m+|s+)\]
    | \[(?P<aside>[^\]]*)\]
    | (?P<ampm>AM/PM|A/P) | (?P<part>y+|m+|d+|h+|s+(?:\.0+)?)
    | (?P<digits>[0\#?,.]+) | (?P<exponent>E[+-]) | (?P<percent>%) | (?P<slash>/)
    | (?P<general>General) | (?P<other>.)
    """,
    re.X | re.I | re.S,
)
_Token = tuple[str, str]
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August"),
    *("September", "October", "November", "December"),
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MOST_DIGITS = 30
_LONGEST = 255
"""Characters of a code, as Excel takes them."""
_DAY_ONE = date(1900, 1, 1)


def displayed(value: object, code: str) -> str | None:
    """A value as a sheet displays it by a format code.

    Returns:
        None where the code says nothing of its own ("General", "@"), or more than is read here,
        such as conditions and the names of months in another language.
    """
    sections = [_tokens(section) for section in _sections(code[:_LONGEST])]
    if any(kind == "aside" and text[:1] in "<>=" for one in sections for kind, text in one):
        return None
    if isinstance(value, bool) or not sections or not sections[0]:
        return None
    if isinstance(value, datetime | date | time | timedelta):
        return _moment(value, sections[0])
    if not isinstance(value, int | float) or value != value or abs(value) > 1e15:
        return None
    try:
        return _number(value, sections)
    except ArithmeticError:  # more digits than a figure has
        return None


def _sections(code: str) -> list[str]:
    """Its parts for positive and negative numbers, zero and text."""
    return re.findall(r'(?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[])+', code)[:4] if code.strip() else []


def _tokens(section: str) -> list[_Token]:
    found = []
    for match in _TOKEN.finditer(section):
        kind = str(match.lastgroup)
        if kind == "locale":
            found.append(("currency", match["currency"]))
        found.append((kind, match[kind] or ""))
    return found


def _number(value: float, sections: Sequence[list[_Token]]) -> str | None:
    """By the section for its sign; a section of its own for negative numbers writes no minus."""
    tokens, sign = sections[0], "-" if value < 0 else ""
    if value < 0 and len(sections) > 1:
        tokens, sign = sections[1], ""
    elif value == 0 and len(sections) > 2:
        tokens = sections[2]
    kinds = [kind for kind, _ in tokens]
    if "general" in kinds or "part" in kinds or ("other", "@") in tokens:
        return None
    exact = abs(Decimal(repr(value)))
    exact *= 100 ** kinds.count("percent")
    if "slash" in kinds and kinds.count("digits") >= 2:
        said = _fraction(exact, tokens)
    elif "exponent" in kinds:
        said = _scientific(exact, tokens)
    else:
        said = _plain(exact, tokens)
    if said is None:
        return None
    shown = " ".join(said.split())
    return f"{sign}{shown}" if re.search("[1-9]", shown) else shown


def _literal(kind: str, text: str) -> str:
    if kind in ("quoted", "escaped", "currency", "other"):
        return text
    return {"gap": " ", "percent": "%", "slash": "/"}.get(kind, "")


def _plain(exact: Decimal, tokens: list[_Token]) -> str | None:
    patterns = [text for kind, text in tokens if kind == "digits"]
    if len(patterns) > 1 and any("." in text for text in patterns[:-1]):
        return None
    if not patterns:
        return "".join(_literal(*token) for token in tokens)
    if len(patterns) > 1:  # digits with marks between them, such as 000-00-0000
        return _with_marks(exact, tokens)
    return "".join(
        _digits(exact, text) if kind == "digits" else _literal(kind, text) for kind, text in tokens
    )


def _digits(exact: Decimal, pattern: str) -> str:
    """By a pattern such as #,##0.00; a comma after the last digit divides by a thousand."""
    whole, _, part = pattern.partition(".")
    scaled = re.search(r",+$", part or whole)
    if scaled:
        exact /= 1000 ** len(scaled[0])
        whole, part = whole.rstrip(","), part.rstrip(",")
    most, least = min(len(part), _MOST_DIGITS), len(part.rstrip("#?"))
    rounded = exact.quantize(Decimal(1).scaleb(-most), rounding=ROUND_HALF_UP)
    front, _, back = f"{rounded:f}".partition(".")
    front = "" if front == "0" else front
    front = front.rjust(whole.count("0"), "0")
    if "," in whole.strip(","):
        front = _thousands(front)
    back = back[:least] + back[least:].rstrip("0")
    return front + ("." + back if part else "")


def _thousands(front: str) -> str:
    return ",".join(front[max(0, at - 3) : at] for at in sorted(range(len(front), 0, -3)))


def _with_marks(exact: Decimal, tokens: list[_Token]) -> str:
    """Digits from the right into every place of the pattern; what is left over stands first."""
    left = str(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    said: list[str] = []
    places = sum(len(text) for kind, text in tokens if kind == "digits")
    left = left.rjust(places, "0")
    for kind, text in reversed(tokens):
        if kind != "digits":
            said.append(_literal(kind, text))
            continue
        places -= len(text)
        cut = len(left) - len(text) if places else 0
        said.append(left[cut:])
        left = left[:cut]
    return "".join(reversed(said))


def _scientific(exact: Decimal, tokens: list[_Token]) -> str | None:
    at = [kind for kind, _ in tokens].index("exponent")
    if at == 0 or at + 1 >= len(tokens) or tokens[at - 1][0] != "digits":
        return None
    mantissa, power = tokens[at - 1][1], tokens[at + 1][1]
    step = max(1, len(mantissa.partition(".")[0].replace(",", "")))
    exponent = exact.adjusted() if exact else 0
    exponent -= exponent % step if step > 1 else 0
    digits = len(mantissa.partition(".")[2])
    rounded = exact.scaleb(-exponent).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    if rounded >= 10**step:
        rounded, exponent = rounded / 10**step, exponent + step
    sign = "-" if exponent < 0 else "+" if tokens[at][1].endswith("+") else ""
    figure = _digits(rounded, mantissa)
    said = f"{figure}E{sign}{str(abs(exponent)).rjust(power.count('0'), '0')}"
    before = "".join(_literal(*token) for token in tokens[: at - 1])
    return before + said + "".join(_literal(*token) for token in tokens[at + 2 :])


def _fraction(exact: Decimal, tokens: list[_Token]) -> str | None:
    """A whole number and a fraction, such as 1 1/2; the denominator has as many digits as asked."""
    patterns = [text for kind, text in tokens if kind == "digits"]
    fixed = re.search(r"/\s*([1-9]\d*)", "".join(text for _, text in tokens))
    if fixed:
        return None
    most = 10 ** len(patterns[-1]) - 1
    near = Fraction(exact).limit_denominator(most)
    whole, rest = divmod(near, 1) if len(patterns) > 2 else (0, near)
    said = f"{rest.numerator}/{rest.denominator}" if rest else ""
    return " ".join(filter(None, [str(whole) if whole or not rest else "", said]))


def _moment(value: datetime | date | time | timedelta, tokens: list[_Token]) -> str | None:
    """A date, a time or a span by the parts of a code."""
    parts = [text.lower() for kind, text in tokens if kind == "part"]
    elapsed = any(kind == "elapsed" for kind, _ in tokens)
    if not parts and not elapsed:
        return None
    if any(len(part) >= 3 and part[0] in "md" for part in parts) and _foreign(tokens):
        return None
    if isinstance(value, timedelta) and not elapsed:
        value = datetime.combine(_DAY_ONE, time()) + value
    if isinstance(value, time):
        value = datetime.combine(_DAY_ONE, value)
    if not isinstance(value, timedelta | datetime):
        value = datetime.combine(value, time())
    said = []
    halved = any(kind == "ampm" for kind, _ in tokens)
    for at, (kind, text) in enumerate(tokens):
        if kind == "elapsed":
            said.append(_span(value, text))
        elif kind == "ampm" and isinstance(value, datetime):
            said.append(("AM", "PM")[value.hour >= 12])
        elif kind == "part":
            minutes = text[0] in "mM" and _beside_clock(tokens, at)
            said.append(_part(value, text.lower(), minutes, halved))
        elif kind == "digits":
            said.append(text if text in ",." else "")
        elif (kind, text) != ("other", "@"):
            said.append(_literal(kind, text))
    return " ".join("".join(said).split())


def _foreign(tokens: list[_Token]) -> bool:
    """Names of months and days are asked for in another language than English (LCIDs end in 09)."""
    return any(kind == "locale" and not text.endswith("09") for kind, text in tokens)


def _beside_clock(tokens: list[_Token], at: int) -> bool:
    """An m after hours or before seconds is minutes."""
    parts = [
        (place, text[0].lower())
        for place, (kind, text) in enumerate(tokens)
        if kind in ("part", "elapsed")
    ]
    own = next(n for n, (place, _) in enumerate(parts) if place == at)
    before = parts[own - 1][1] if own else ""
    after = parts[own + 1][1] if own + 1 < len(parts) else ""
    return len(tokens[at][1]) <= 2 and (before == "h" or after == "s")


def _span(value: datetime | timedelta, unit: str) -> str:
    """Whole hours, minutes or seconds that have passed."""
    span = (
        value
        if isinstance(value, timedelta)
        else timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    )
    seconds = round(span.total_seconds())
    per = {"h": 3600, "m": 60, "s": 1}[unit[0].lower()]
    return str(seconds // per).rjust(len(unit), "0")


def _part(value: datetime | timedelta, part: str, minutes: bool, halved: bool) -> str:
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        found = seconds // 60 % 60 if minutes or part[0] == "m" else seconds % 60
        return str(found).rjust(len(part), "0")
    kind, width = part[0], len(part)
    if kind == "y":
        return f"{value.year:04}" if width > 2 else f"{value.year % 100:02}"
    if kind == "d" or (kind == "m" and not minutes):
        number = value.day if kind == "d" else value.month
        name = _DAYS[value.weekday()] if kind == "d" else _MONTHS[value.month - 1]
        return {1: str(number), 2: f"{number:02}", 3: name[:3], 5: name[:1]}.get(width, name)
    if kind == "s":
        return str(value.second).rjust(2 if width > 1 else 1, "0")
    number = value.minute if minutes else value.hour
    if kind == "h" and halved:
        number = number % 12 or 12
    return str(number).rjust(width, "0")
