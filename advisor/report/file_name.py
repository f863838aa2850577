"""The name of a file that is taken away: the decision's title and the day, safe on any system."""

import re
from datetime import date
from unicodedata import category, normalize
from urllib.parse import quote

_LONGEST = 120
"""Bytes of the title: a file system takes 255 for the whole name."""


def file_name(title: str, made_on: date, ending: str) -> str:
    """Of a file about a decision, as in "Clinic notes-2026-11-30.pdf".

    Letters of any script, their marks and digits stay; whatever else may have a meaning to a
    system (a slash, a colon, a line's end, a mark that turns the direction) becomes a hyphen.

    Args:
        title: as the reader wrote it; where nothing of it is left, "worth-tuning" stands for it.
        made_on: the day.
        ending: without a dot.
    """
    kept = "".join(c if category(c)[0] in "LMN" or c in " -_" else "-" for c in _plain(title))
    short = re.sub(r"[\s-]*-[\s-]*", "-", kept).encode()[:_LONGEST].decode("utf-8", "ignore")
    name = short.strip(" -_")
    return f"{name or 'worth-tuning'}-{made_on.isoformat()}.{ending}"


def _plain(title: str) -> str:
    return re.sub(r"\s+", " ", normalize("NFC", title))


def disposition(name: str) -> str:
    """The header that names a file shown in the browser; in ASCII too, for who reads no other.

    Source: RFC 6266, section 4.3 and appendix D.
    """
    ascii_only = re.sub(r"-{2,}", "-", re.sub(r"[^A-Za-z0-9 ._-]", "-", name)).lstrip("-")
    given = f'inline; filename="{ascii_only}"'
    return given if ascii_only == name else f"{given}; filename*=UTF-8''{quote(name, safe='')}"
