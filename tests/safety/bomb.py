"""Reads hostile files, each in a process of its own: `python -m tests.safety.bomb`.

Each line it is given names a reader and a bomb. For each it prints, as JSON, what came of it, its
processor time (s) and the memory it took at most (MB). The processes are forks of one that has
imported the readers: an import takes longer than most files.
"""

import gzip
import io
import json
import os
import resource
import sys
import time
import zipfile
from collections.abc import Callable
from functools import lru_cache

MB = 1024 * 1024
FULL = 49 * MB
"""Just under the most that a file of texts or a decision may have."""
MEMORY_MB = 1_500
"""More than that the process is not given: it would fail, not the machine."""
LONGEST_S = 150
"""Of processor time; then the process is ended."""


def zipped(plain: bytes) -> bytes:
    """A zip file that unpacks to this."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", plain)
    return file.getvalue()


BOMBS: dict[str, Callable[[], bytes]] = {
    "one huge line": lambda: b"prompt\n" + b"x" * FULL,
    "one huge line without an end": lambda: b'prompt\n"' + b"x" * FULL,
    "one huge JSON text": lambda: b'{"prompt": "' + b"x" * FULL + b'"}',
    "a million rows": lambda: b"prompt\n" + b"".join(b"row %d\n" % n for n in range(1_000_000)),
    "a million equal rows": lambda: b"prompt\n" + b"the same\n" * 1_000_000,
    "nothing but line ends": lambda: b"prompt\n" + b"\n" * FULL,
    "nothing but odd line ends": lambda: b"prompt\n" + b"\x0b" * FULL,
    "nothing but rules": lambda: b"prompt\n" + b"---\n" * (FULL // 4),
    "NULs": lambda: b"prompt\n" + b"\0" * FULL,
    "bad UTF-8": lambda: b"prompt\n" + b"\xff\xfe\xc0\x80" * (FULL // 4),
    "half a UTF-16": lambda: b"\xff\xfe" + b"\xd8" * FULL,
    "a zip": lambda: zipped(b"0" * 100 * MB),
    "a gzip": lambda: gzip.compress(b"prompt\n" + b"0" * 100 * MB),
    "ten thousand columns": lambda: (
        b",".join(b"c%d" % n for n in range(10_000))
        + b",prompt\n"
        + (b"," * 10_000 + b"x\n") * 4_000
    ),
    "ten thousand equal ids": lambda: (
        b"id,prompt\n" + b"".join(b"same,text %d\n" % n for n in range(10_000))
    ),
    "huge other columns": lambda: (
        b"prompt,reference,cluster,passages\n"
        + b"x,"
        + b"y" * (FULL // 3)
        + b","
        + b"z" * (FULL // 3)
        + b","
        + b"w" * (FULL // 3 - 99)
    ),
    "deeply nested JSON": lambda: b'{"prompt": ' + b"[" * (FULL // 2) + b"]" * (FULL // 2) + b"}",
    "nested once too often on each line": lambda: (
        (b'{"prompt": ' + b"[" * 900 + b"]" * 900 + b"}\n") * 5_000
    ),
    "many repeated keys": lambda: (
        b'{"what": "worth-tuning decision", '
        + b", ".join(b'"a%d": "lol"' % (n % 9) for n in range(FULL // 13))
        + b"}"
    ),
    "millions of empty lists": lambda: (
        b'{"what": "worth-tuning decision", "runs": [' + b"[]," * (FULL // 3) + b"[]]}"
    ),
    "millions of numbers": lambda: b'{"prompt": [' + b"1," * (FULL // 2) + b"1]}",
    "a number of a million digits": lambda: b'{"prompt": ' + b"9" * 1_000_000 + b"}",
    "as many examples as are read": lambda: b"".join(
        b'{"prompt": "p %d", "completion": "a"}\n' % n for n in range(250_000)
    ),
    "commas": lambda: b"," * FULL,
    "quotes": lambda: b"prompt\n" + b'"' * FULL,
}
"""Files of a few bytes to 50 MB that would take a careless reader's time or memory."""


def reader(name: str) -> Callable[[bytes], str]:
    """What takes a file from a visitor, by name; each gives what it read in a word."""
    if name == "decision":
        from advisor.store.archive.file import read_file

        return lambda content: read_file(content).case.title
    if name == "training":
        from advisor.training.check import check_training_file

        return lambda content: f"{check_training_file(content, 'a.jsonl').lines} lines"
    from advisor.case.reading.read import read_texts

    return lambda content: f"{len(read_texts(content, f'a.{name}').prompts)} texts"


@lru_cache(maxsize=1)
def content_of(bomb: str) -> bytes:
    """Kept for the next reader, as several are given the same."""
    return BOMBS[bomb]()


def outcome(read: Callable[[bytes], str], content: bytes) -> dict[str, object]:
    """Read one file, with no more memory than it may take."""
    from advisor.errors import AdvisorError

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_MB * MB, MEMORY_MB * MB))
    began = time.process_time()
    try:
        said = read(content)
        refused = False
    except AdvisorError as error:
        said, refused = str(error), True
    took_s = time.process_time() - began
    grew = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return {"said": said, "refused": refused, "s": took_s, "mb": grew}


def in_a_fork(named: str, bomb: str) -> None:
    """Print what comes of one file; of a process that does not end well, that."""
    read, content = reader(named), content_of(bomb)
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_S, LONGEST_S))
        # An error ends the fork with its traceback, as it would end any program.
        print(json.dumps(outcome(read, content)), flush=True)
        os._exit(0)
    if status := os.waitpid(child, 0)[1]:
        print(json.dumps({"ended": os.waitstatus_to_exitcode(status)}), flush=True)


if __name__ == "__main__":
    for line in sys.stdin:
        in_a_fork(*line.rstrip("\n").split("\t"))
