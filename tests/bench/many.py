"""What eight options cost: memory over that of two, and the time of a decision.

`python -m tests.bench.many OPTIONS TEXTS FOLDER` measures one case in a process of its own.
"""

import json
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from advisor.case.brief import Brief
from advisor.case.case import Case
from advisor.case.options import Arm
from advisor.case.run_spec import spec_of
from advisor.case.texts import Prompt
from advisor.evidence.model import Output, Vote
from advisor.store.records import record_of
from advisor.store.repository import Store
from advisor.verdict.decision import decide_case

Row = tuple[str, str, str, bool]
HOST = "https://models.example/v1"
MORE_MB = 200
DECISION_MS = 300
TODAY = date(2026, 11, 30)


@dataclass(frozen=True)
class Taken:
    """What a case took in its process."""

    memory_mb: float
    decision_ms: float
    """Of CPU, once everything is loaded."""


def many(options: int, texts: int) -> Case:
    """A case with approved answers, two of its options fine-tuned from three on."""
    chance = random.Random(options)
    words = [f"word{n}" for n in range(500)]
    arms = {"base": Arm(endpoint=HOST, model="m-base"), "tuned": Arm(endpoint=HOST, model="ft")}
    for n in range(options - 2):
        arms[f"o{n}"] = Arm(kind="base" if n else "tuned", endpoint=HOST, model=f"m{n}")
    return Case(
        title="Many",
        brief=Brief(use_case="domain_summarization", stage="tuned_on_trial"),
        prompts=tuple(
            Prompt(
                id=f"p{n}",
                text=" ".join(chance.choices(words, k=60)),
                reference=" ".join(chance.choices(words, k=40)),
            )
            for n in range(texts)
        ),
        arms=arms,
    )


def measure(options: int, texts: int, folder: Path) -> Taken:
    """Keep a case with all its answers and 200 votes, read it again, and decide it twice."""
    store = Store.open(folder / f"{options}-{texts}.db")
    case_id, run_id = keep(store, many(options, texts))
    case, record = store.load_case(case_id), record_of(store, store.run_state(run_id))
    made_at = datetime(2026, 11, 30, tzinfo=UTC)
    decide_case(case, record, today=TODAY, made_at=made_at)
    began = time.process_time()
    decide_case(case, record, today=TODAY, made_at=made_at)
    took = (time.process_time() - began) * 1000
    store.close()
    held = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0]) / 1024
    return Taken(held, took)


def keep(store: Store, case: Case) -> tuple[str, str]:
    """Store a case with all its answers and 200 votes; gives the ids of case and run."""
    spec, texts = spec_of(case), len(case.prompts)
    case_id = store.save_case(case)
    run_id = store.start_run(case_id, spec, case.run)
    chance = random.Random(7)
    answers = [
        (call, Output(*call.key, "answered", " ".join(chance.choices(call.text.split(), k=40))))
        for call in spec.calls()
    ]
    store.reuse(run_id, answers)
    store.set_status(run_id, "done")
    for n in range(min(texts, 200)):
        store.add_vote(run_id, Vote(f"p{n}", chance.choice(("base", "tuned", "tie"))))
    return case_id, run_id


def apart(options: int, texts: int, folder: Path) -> Taken:
    """The same in a process of its own, so that nothing else counts."""
    command = [sys.executable, "-m", "tests.bench.many", str(options), str(texts), str(folder)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return Taken(**json.loads(said))


def eight_options(folder: Path) -> list[Row]:
    """Rows of the table."""
    two, eight = apart(2, 1000, folder), apart(8, 1000, folder)
    decision = apart(8, 400, folder).decision_ms
    more = eight.memory_mb - two.memory_mb
    return [
        (
            "eight options over 1,000 texts, memory over two options",
            f"{more:+,.0f} MB",
            f"<= {MORE_MB} MB",
            more <= MORE_MB,
        ),
        (
            "decision with eight options over 400 texts, CPU",
            f"{decision:,.0f} ms",
            f"<= {DECISION_MS} ms",
            decision <= DECISION_MS,
        ),
    ]


if __name__ == "__main__":
    found = measure(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
    print(json.dumps({"memory_mb": found.memory_mb, "decision_ms": found.decision_ms}))
