"""A training file of 50,000 lines is checked by the command: time and memory of its process."""

import json
import os
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from advisor.case.case_file import SAMPLES

LINES = 50_000
SECONDS, MEGABYTES = 20, 500
ROOT = Path(__file__).parents[2]


def write_training_file(path: Path, lines: int, seed: int = 1) -> None:
    """Visit notes in chat format, about 900 characters a line: real words, and some defects."""
    chance = random.Random(seed)
    notes = (SAMPLES / "clinic_notes" / "prompts.jsonl").read_text("utf-8")
    words = sorted({word for word in notes.replace("\\n", " ").split() if word.isalpha()})
    system = {"role": "system", "content": "You write the note of a visit, in four short parts."}
    rows: list[tuple[str, str]] = []
    with path.open("w", encoding="utf-8") as file:
        for number in range(lines):
            asked = " ".join(chance.choices(words, k=75))
            answer = " ".join(chance.choices(words, k=40))
            asked += (
                f" Seen on 12.03.2024 at 10:{number % 60:02}, see https://example.org/{number}."
            )
            if number % 100 == 1:
                asked, answer = rows[-1]
            elif number % 100 == 2:
                asked += " Write to jane.doe@example.org or call +44 20 7946 0958."
            elif number % 100 == 3:
                asked, answer = f"{rows[-1][0]} Thank you.", rows[-1][1]
            rows = [*rows[-3:], (asked, answer)]
            user = {"role": "user", "content": asked}
            said = {"role": "assistant", "content": answer}
            file.write(json.dumps({"messages": [system, user, said]}) + "\n")


def training_check(folder: Path) -> Iterator[tuple[str, str, str, bool]]:
    """Rows of the table: what was measured beside what was promised."""
    path, prompts, out = folder / "train.jsonl", folder / "prompts.jsonl", folder / "out.json"
    write_training_file(path, LINES)
    with path.open(encoding="utf-8") as file:
        texts = [json.loads(next(file))["messages"][1]["content"] for _ in range(200)]
    prompts.write_text(
        "\n".join(
            json.dumps({"prompt": text[20:] + f" Visit {i}."}) for i, text in enumerate(texts)
        )
    )
    command = [sys.executable, "-m", "advisor", "check", str(path)]
    began = time.monotonic()
    process = os.posix_spawn(
        sys.executable,
        [*command, "--prompts", str(prompts), "--json", str(out)],
        os.environ | {"PYTHONPATH": str(ROOT)},
        file_actions=[(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)],
    )
    _, status, used = os.wait4(process, 0)
    took, memory = time.monotonic() - began, used.ru_maxrss / 1024
    found = json.loads(out.read_text("utf-8"))
    right = status == 0 and found["examples"] == LINES and len(found["leaked"]) == 200
    right = right and len(found["duplicates"]) == len(found["near_duplicates"]) == LINES // 100
    size = f"{path.stat().st_size / 1024 / 1024:.0f} MB"
    what = f"check of {LINES:,} lines, {size}"
    processor = used.ru_utime + used.ru_stime
    measured = f"{took:.1f} s, {processor:.1f} s of a processor"
    yield f"{what}: time", measured, f"{SECONDS} s", right and took <= SECONDS
    yield f"{what}: memory", f"{memory:.0f} MB", f"{MEGABYTES} MB", memory <= MEGABYTES


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        for row in training_check(Path(name)):
            print(row)
