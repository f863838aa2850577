"""The same journey without a browser: one file a command."""

from advisor.cli import backup, check, compare, convert, cost, decide, facts, improve, read, worker
from advisor.cli.command import main

__all__ = [
    "backup",
    "check",
    "compare",
    "convert",
    "cost",
    "decide",
    "facts",
    "improve",
    "main",
    "read",
    "worker",
]
