"""Upload bombs: any file is read or refused in one sentence, in bounded time and memory."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from advisor.store.archive.file import MAX_VALUES, read_file
from tests.safety.bomb import BOMBS, MEMORY_MB

ROOT = Path(__file__).parents[2]
MOST_S = {"csv": 10, "jsonl": 10, "txt": 10, "decision": 10, "training": 45}
"""Processor time. Measured on 2 cores: 1.5 s at most, 10 s for as many examples as are read."""
MOST_MB = {"csv": 400, "jsonl": 400, "txt": 400, "decision": 400, "training": 1_000}
"""Beside the file itself of up to 49 MB. Measured: 294 MB at most, and 462 MB for examples."""


FOR_LINES = ("one huge line", "nothing but odd line ends", "nothing but rules", "a million rows")
FOR_JSON = (
    *("one huge JSON text", "nothing but line ends", "deeply nested JSON", "a gzip", "NULs"),
    *("nested once too often on each line", "millions of numbers", "half a UTF-16"),
    "a number of a million digits",
)
CHOSEN = [
    *((named, bomb) for named in ("csv", "decision") for bomb in BOMBS),
    *(("jsonl", bomb) for bomb in FOR_JSON),
    *(("txt", bomb) for bomb in FOR_LINES),
    *(("training", bomb) for bomb in (*FOR_JSON, *FOR_LINES, "as many examples as are read")),
]
"""Reader and bomb."""
CHOSEN.sort(key=lambda chosen: chosen[1])  # those of one bomb together, so that it is made once


@pytest.fixture(scope="module")
def process() -> Iterator[tuple[IO[str], IO[str]]]:
    """What reads bombs, each in a fork: where to name one, and where its answer comes."""
    command = [sys.executable, "-m", "tests.safety.bomb"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as started:
        assert started.stdin
        assert started.stdout
        yield started.stdin, started.stdout
        started.kill()


@pytest.mark.parametrize(("named", "bomb"), CHOSEN)
def test_a_bomb_is_read_or_refused_in_a_sentence_in_time(process, named, bomb):
    asked, answered = process
    print(named, bomb, sep="\t", file=asked, flush=True)
    found = json.loads(answered.readline())
    assert "ended" not in found, "the process ended badly, see its traceback"
    assert found["s"] < MOST_S[named]
    assert found["mb"] < MOST_MB[named] < MEMORY_MB
    said = found["said"]
    assert len(said) < 600
    assert "Traceback" not in said
    if found["refused"]:
        assert said.endswith((".", "}."))
        assert "\n" not in said


def test_a_long_decision_is_not_taken_for_a_bomb():
    # Marks inside a text are no values: answers may be programs.
    text = json.dumps({"what": "x", "text": "[{,}]" * MAX_VALUES}).encode()
    with pytest.raises(Exception, match="not a decision's file"):
        read_file(text)
