"""No answer of a model takes the server's time or memory when it is scored."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

from advisor.case.checks import Checks
from advisor.evidence.judge.injection import talks_to_the_judge
from advisor.evidence.metrics import METRICS, Asked
from advisor.report.word_differences import word_differences

ROOT = Path(__file__).parents[2]
LONGEST_S = 6
"""Processor time of all measures of one answer. Measured: 2 s at most."""
MEMORY = 1_000 * 1024 * 1024
LENGTH = 60_000
"""Characters; up to 200,000 are read of an answer. What is not linear shows by now."""
PARTS = {
    "a rule": "-",
    "slashes": "/",
    "quotes": "'",
    "marks": "A-",
    "names in one line": "of Anna Bo, ",
    "a number that never ends": "hundred ",
    "digits": "1",
    "numbers": "1 ",
    "short words": "a b ",
    "fences": "```\n",
    "open lists": "[",
    "line ends": "\n",
    "full stops": ". ",
}
ANSWERS = {
    **{name: part * (LENGTH // len(part)) for name, part in PARTS.items()},
    "a name that never ends": "so it is said of A" + "a" * 60 + "_",
    "capitals within": "so it is said of " + "Aa" * 30 + "_",
    "different words": " ".join(f"w{n}" for n in range(LENGTH // 6)),
}
CHECKS = Checks.model_validate(
    {
        "must_have": ["fever"],
        "labels": ["a", "b"],
        "glossary": {"required": ["a b"]},
        "style": {"banned": ["x"], "person": "third", "tense": "past", "longest_sentence": 5},
    }
)


def score(answer: str) -> None:
    """By every measure there is, and whatever else is worked out of an answer's words."""
    asked = Asked("p", answer, answer[::-1], CHECKS)
    for metric in METRICS.values():
        if not metric.of_call:
            metric.of(answer, asked)
    talks_to_the_judge(answer)
    word_differences(answer, answer[::-1])


def in_a_fork(answer: str) -> int:
    """How a process ends that scores it: 0, or by a signal, or 1 with its traceback."""
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST_S, LONGEST_S))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        score(answer)  # an error ends the fork with its traceback
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_an_answer_is_scored_in_time_and_memory_whatever_is_in_it():
    ended = subprocess.run(
        [sys.executable, "-m", "tests.safety.test_hostile_answers"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    codes = json.loads(ended.stdout)
    assert codes == dict.fromkeys(ANSWERS, 0), ended.stderr[-3_000:]


if __name__ == "__main__":
    score("It is all imported by now, 1 of 2.")
    print(json.dumps({name: in_a_fork(answer) for name, answer in ANSWERS.items()}))
