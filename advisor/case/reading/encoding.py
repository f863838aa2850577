"""The characters of a file: UTF-8 and UTF-16 by their marks, else what Windows saves by default."""

import re

from advisor.errors import BadImport

_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_SAMPLE = 64_000
"""Bytes that an encoding is guessed from."""
_WORDS = {
    "cp1252": "Windows-1252 (Western European)",
    "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}
# Signs such as ³ or ¿ hardly stand within a word of a Western language; read so, they are letters
# of another one.
_ODD = re.compile("[A-Za-zÀ-ÿ][¡-©«-¶¸¹»-¿×÷][a-zà-ÿ]|[À-ß]{6}|[à-ÿ]{6}")


def decode(content: bytes, name: str) -> tuple[str, str | None]:
    """The text of a file, and what to say about its encoding; None = it left no doubt.

    Raises:
        BadImport: it is no text.
    """
    encoding = next((found for mark, found in _MARKS if content.startswith(mark)), None)
    if encoding is not None:
        return _checked(_strict(content, encoding, name), name), None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        start = error.start
    else:
        if "\x00" not in text:
            return text, None
        start = content.index(b"\x00")
    guessed = _guess(content, start)
    if guessed is None:
        raise _no_text(content, start, name)
    text = _checked(_strict(content, guessed, name), name)
    if guessed.startswith("utf-16"):
        return text, None
    said = _WORDS.get(guessed, guessed)
    return text, (
        f"{name} does not say how its letters are stored; we read it as {said}. "
        "Check that accents and umlauts look right."
    )


def _guess(content: bytes, start: int) -> str | None:
    """The likely encoding of bytes that are not UTF-8 from `start` on."""
    sample = content[max(0, start - _SAMPLE // 2) & ~1 : start + _SAMPLE // 2]
    if b"\x00" in sample:
        even, odd = sample[::2].count(0), sample[1::2].count(0)
        half = max(1, len(sample) // 2)
        if odd > 0.3 * half and even < 0.05 * half:
            return "utf-16-le"
        if even > 0.3 * half and odd < 0.05 * half:
            return "utf-16-be"
        return None
    if re.search(rb"[\x01-\x08\x0e-\x1a]", sample):  # controls: a picture, an archive, a program
        return None
    try:
        western = sample.decode("cp1252")
    except UnicodeDecodeError:
        pass
    else:
        if not _ODD.search(western):
            return "cp1252"
    from charset_normalizer import from_bytes  # few files need it, and it is slow to load

    best = from_bytes(sample).best()
    return best.encoding if best is not None else None


def _strict(content: bytes, encoding: str, name: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise _no_text(content, error.start, name) from error
    return text.removeprefix("\ufeff")


def _checked(text: str, name: str) -> str:
    if "\x00" in text:
        raise BadImport(f"{name} holds binary data, not text; save it as a .csv, .xlsx or .jsonl.")
    return text


def _no_text(content: bytes, start: int, name: str) -> BadImport:
    if b"\x00" in content[max(0, start - _SAMPLE) : start + _SAMPLE]:
        return BadImport(f"{name} holds binary data, not text; save it as a .csv, .xlsx or .jsonl.")
    line = content.count(b"\n", 0, start) + 1
    return BadImport(
        f"Line {line:,} of {name} is not text in an encoding we know; save the file as UTF-8 and "
        "upload it again."
    )
