"""The reader's own patterns and schemas, tried in a process of its own: a bad one ends only that.

A pattern of a few characters can take days or all memory, to read or to try (`a{1000000000}`,
`(a+)+$`), and so can a schema. The process has neither the host's environment nor the network, a
limit on memory, and a second of the processor for each question.
"""

import json
import resource
import signal
import subprocess
import sys
from collections import Counter
from contextlib import suppress
from functools import lru_cache
from threading import Lock
from typing import Any, Literal

import regex
from jsonschema import SchemaError
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from referencing import Registry
from referencing.exceptions import Unresolvable

RuleKind = Literal["pattern", "json_schema"]

TOO_MUCH = "it takes too long or too much memory"
_CPU_S = 1.0
"""For one question."""
_MEMORY = 512 * 1024 * 1024
_STRIKES = 3
"""So often a rule may end the process; then it is not tried again."""
_REMEMBERED = 1_000


class TooMuch(Exception):
    """The rule can't be tried within the limits."""


# Parent process: the app


class RuleSandbox:
    """A process that answers one question at a time, started when there is one; thread-safe."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()
        self._strikes: Counter[tuple[RuleKind, str]] = Counter()

    def ask(self, kind: RuleKind, rule: str, answer: str | None = None) -> Any:
        """Run `_told` in the sandbox process, and return its answer.

        Raises:
            TooMuch: the process ended over it, now or often enough before.
        """
        with self._lock:
            if self._strikes[kind, rule] >= _STRIKES:
                raise TooMuch
            try:
                return self._answer(json.dumps([kind, rule, answer]).encode())
            except (OSError, ValueError) as error:  # it ended before it answered
                self._end()
                if len(self._strikes) > _REMEMBERED:
                    self._strikes.clear()
                self._strikes[kind, rule] += 1
                raise TooMuch from error

    def _answer(self, question: bytes) -> Any:
        if self._process is None or self._process.poll() is not None:
            self._process = subprocess.Popen(  # noqa: S603 - this very file
                [sys.executable, "-P", __file__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
            )
        assert self._process.stdin  # noqa: S101 - both are pipes
        assert self._process.stdout  # noqa: S101
        self._process.stdin.write(question + b"\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            with suppress(OSError):  # what was left to write
                self._process.communicate()
            self._process = None


_apart = RuleSandbox()


@lru_cache(maxsize=64)
def wrong_with(kind: RuleKind, rule: str) -> str:
    """What is wrong with a pattern or a schema, as the end of a sentence; "" = nothing."""
    try:
        return str(_apart.ask(kind, rule))
    except TooMuch:
        return TOO_MUCH


def fits(kind: RuleKind, rule: str, answer: str) -> bool | None:
    """Whether the whole answer fits; None where that takes too long to tell."""
    try:
        return bool(_apart.ask(kind, rule, answer))
    except TooMuch:
        return None


# Child process: the sandbox


def _told(kind: RuleKind, rule: str, answer: str | None) -> str | bool:
    """Without an answer, what is wrong with the rule; with one, whether it fits."""
    if kind == "pattern":
        return _wrong_pattern(rule) if answer is None else bool(regex.fullmatch(rule, answer))
    return _wrong_schema(rule) if answer is None else _fits_schema(rule, answer)


def _wrong_pattern(rule: str) -> str:
    try:
        regex.compile(rule)
    except regex.error as error:
        return f"it is not a regular expression: {error}"
    except RecursionError:
        return TOO_MUCH
    return ""


def _wrong_schema(rule: str) -> str:
    try:
        schema: Any = json.loads(rule)
        if not isinstance(schema, dict):
            return "it is not a JSON schema: a schema is an object"
        validator_for(schema).check_schema(schema)
    except ValueError:
        return "it is not valid JSON"
    except RecursionError:
        return TOO_MUCH
    except SchemaError as error:
        return f"it is not a JSON schema: {error.message[:200]}"
    return ""


def _fits_schema(rule: str, answer: str) -> bool:
    try:
        return bool(_validator(rule).is_valid(json.loads(answer)))
    except (Unresolvable, RecursionError):  # remote references are never fetched
        return False


@lru_cache(maxsize=32)
def _validator(rule: str) -> Validator:
    schema = json.loads(rule)
    return validator_for(schema)(schema, registry=Registry())


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    if event.startswith(("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn")):
        raise RuntimeError(event)


def _serve() -> None:
    with suppress(ValueError, OSError):  # not every system has it
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    sys.addaudithook(_refuse)
    for line in sys.stdin.buffer:
        # Nobody handles the signal, so that it ends the process, whatever it is at.
        signal.setitimer(signal.ITIMER_PROF, _CPU_S)
        told = json.dumps(_told(*json.loads(line)))
        signal.setitimer(signal.ITIMER_PROF, 0)
        sys.stdout.write(f"{told}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
