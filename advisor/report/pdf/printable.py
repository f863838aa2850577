"""Any text made fit to print: what the fonts can show, in one line, free to break where it must."""

import re
import struct
import unicodedata
from functools import cache
from itertools import pairwise
from pathlib import Path

FONTS = Path(__file__).with_name("fonts")
RUN_CHARS = 24
"""A run without a space may break after so many characters."""

REPLACEMENT = "\N{WHITE SQUARE}"
BREAK = "\N{ZERO WIDTH SPACE}"
# Needs no glyph: it joins characters, parts them or chooses their shape.
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f")
# Marks that reorder the text around them: a reader would see another text than the one stored.
_BIDI_CONTROLS = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
_ORDINARY = re.compile("[ -~]*")
# A run without a space. Chinese, Japanese and Korean break anywhere, by rules of their own.
_RUN = re.compile(
    rf"[^\s{BREAK}\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]{{{RUN_CHARS + 1},}}"
)


def cut(text: str, most: int) -> str:
    """At most this many characters, with the cut marked; after a word where one ends nearby."""
    if len(text) <= most:
        return text
    return re.sub(r"\s\S{,20}$", "", text[: most - 2]) + "\N{NO-BREAK SPACE}…"


def plain(text: str) -> str:
    """One line without control characters and marks that reorder it, in composed form.

    A number and its per cent sign stay on one line.
    """
    line = text
    if not _ORDINARY.fullmatch(text):
        line = " ".join(unicodedata.normalize("NFC", text).splitlines()).replace("\t", " ")
        line = "".join(
            character
            for character in line
            if character not in _BIDI_CONTROLS
            and unicodedata.category(character) not in ("Cc", "Cs")
        )
    return re.sub(r"(?<=\d) %", "\N{NO-BREAK SPACE}%", re.sub(" +", " ", line))


def breakable(text: str) -> str:
    """Text that can break inside a run too long for a line, never before a combining mark."""
    return _RUN.sub(lambda run: _break_run(run.group()), text)


def _break_run(run: str) -> str:
    pieces, piece = [], run[0]
    for before, character in pairwise(run):
        joined = "\u200d" in (before, character) or unicodedata.category(character)[0] == "M"
        if len(piece) >= RUN_CHARS and not joined:
            pieces.append(piece)
            piece = ""
        piece += character
    return BREAK.join([*pieces, piece])


@cache
def characters() -> frozenset[str]:
    """Every character that some font of ours can print, or that needs no font."""
    return _INVISIBLE.union(*(_covered(path.name) for path in FONTS.glob("*-Regular.?tf")))


@cache
def _covered(font: str) -> frozenset[str]:
    """The characters of one font: its character map of format 12.

    The layout is in https://learn.microsoft.com/typography/opentype/spec/cmap.
    """
    font_bytes = (FONTS / font).read_bytes()
    (tables,) = struct.unpack_from(">H", font_bytes, 4)
    offsets = {
        tag: offset
        for tag, _, offset, _ in (
            struct.unpack_from(">4sLLL", font_bytes, 12 + 16 * table) for table in range(tables)
        )
    }
    cmap = offsets[b"cmap"]
    (maps,) = struct.unpack_from(">H", font_bytes, cmap + 2)
    for index in range(maps):
        (offset,) = struct.unpack_from(">L", font_bytes, cmap + 4 + 8 * index + 4)
        map_format, _, _, _, groups = struct.unpack_from(">HHLLL", font_bytes, cmap + offset)
        if map_format == 12:
            ranges = (
                struct.unpack_from(">LL", font_bytes, cmap + offset + 16 + 12 * group)
                for group in range(groups)
            )
            return frozenset(chr(code) for first, last in ranges for code in range(first, last + 1))
    raise ValueError(f"{font} has no character map of format 12")
