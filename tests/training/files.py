"""Training files for tests, as bytes."""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
TOY = DATA / "toy_chat_fine_tuning.jsonl"
DRONE = DATA / "drone_training.jsonl"


def jsonl(*rows: Any) -> bytes:
    """A row a line; a text or bytes as it stands."""
    lines = [
        row if isinstance(row, bytes) else row.encode() if isinstance(row, str) else dumped(row)
        for row in rows
    ]
    return b"\n".join(lines) + b"\n"


def dumped(row: Any) -> bytes:
    return json.dumps(row).encode()


def chat(asked: str, answer: str, system: str = "", **last: Any) -> dict[str, Any]:
    before = [{"role": "system", "content": system}] if system else []
    said = {"role": "assistant", "content": answer, **last}
    return {"messages": [*before, {"role": "user", "content": asked}, said]}


def pair(asked: str, answer: str) -> dict[str, str]:
    return {"prompt": asked, "completion": answer}


def different(n: int, answer: str = "answer {}") -> list[dict[str, str]]:
    """Pairs no two of which are alike."""
    return [
        pair(sha256(str(i).encode()).hexdigest()[:40], answer.format(i)) for i in range(1, n + 1)
    ]
