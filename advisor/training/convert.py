"""Convert a training file to what another vendor takes: each line whole, or named with the reason."""

import json
from dataclasses import dataclass

from advisor.training.formats.carry import CannotCarry
from advisor.training.formats.detect import read_row
from advisor.training.formats.model import WrongLine
from advisor.training.formats.write import Target, write_row
from advisor.training.lines import example_of, parse_line
from advisor.training.read import lines_of, refuse_others
from advisor.training.rules import load_training_rules


@dataclass(frozen=True, slots=True)
class Converted:
    """A file in another format."""

    content: bytes
    """The lines that could be written."""
    written: int
    lost: tuple[str, ...]
    """A sentence for each line that could not, or was no example to begin with."""


def convert(content: bytes, name: str, to: Target) -> Converted:
    """Every line in another format, as far as that format can carry it.

    Args:
        content: JSONL in any of the formats that are read.
        name: of the file, for sentences.
        to: the format.

    Raises:
        BadTrainingFile: it is no JSONL at all.
    """
    limits = load_training_rules().limits
    refuse_others(content, name, limits)
    lines: list[bytes] = []
    lost: list[str] = []
    for number, raw in lines_of(content, 0, len(content)):
        try:
            row = read_row(parse_line(raw, number, limits.line_mb * 1024 * 1024), number)
            example_of(row, number, len)  # what is no example here is none there
            written = write_row(row, to)
        except WrongLine as wrong:
            lost.append(wrong.words)
        except CannotCarry as missing:
            lost.append(f"Line {number}: {missing}.")
        else:
            lines.append(json.dumps(written, ensure_ascii=False).encode("utf-8", "replace"))
    return Converted(b"".join(line + b"\n" for line in lines), len(lines), tuple(lost))
