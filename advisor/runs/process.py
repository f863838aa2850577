"""Who runs a run, and whether that process still lives."""

import os
import platform
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

HEARTBEAT_S = 0.5
"""How often a runner says that it lives, and looks at what the store says of its run."""
STALE = timedelta(seconds=30)
"""A runner not heard of for so long is dead."""


def new_runner_id() -> str:
    """Machine, process, when that process began, and which runner of it this is."""
    pid = os.getpid()
    return f"{platform.node()}|{pid}|{_began(pid)}|{uuid4().hex}"


def is_dead(runner: str | None, heartbeat_at: datetime | None) -> bool:
    """Whether the runner behind an id is gone, so that its run may be continued.

    Args:
        runner: from `new_runner_id`.
        heartbeat_at: when it was last heard of, UTC.
    """
    if runner is None or heartbeat_at is None:
        return True
    if runner.startswith("queue|"):
        return False  # the queue gives the work of a dead worker to another
    machine, _, rest = runner.partition("|")
    if machine != platform.node() or os.name != "posix":
        return datetime.now(UTC) - heartbeat_at > STALE  # only its heartbeat tells
    # Here a silent one may be waiting for its database, and lives as long as its process does.
    pid, began, _ = rest.split("|")
    return not _exists(int(pid)) or _began(int(pid)) != began


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _began(pid: int) -> str:
    """When a process began, in clock ticks since boot: process numbers are used again."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]
