"""What a server writes about itself: one JSON object a line, without texts, answers or keys.

Of an error its kind and where it happened are written, never its words: they may quote a text.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from typing import Any

from advisor.errors import DatabaseAway
from advisor.host.settings import hosting

LOUD = ("openai", "aiohttp", "httpx", "httpx2", "httpcore", "httpcore2", "sqlalchemy", "authlib")
"""Libraries that write requests, with the texts in them, when they may."""
_KNOWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}
_INNERMOST = 8
"""Frames of an error that are named."""


class JsonLines(logging.Formatter):
    """A record as one line of JSON; what was given as `extra=` stands in fields of its own."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, where from, what; and the extras."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "from": record.name,
            "event": record.getMessage(),
        }
        line |= {key: value for key, value in vars(record).items() if key not in _KNOWN}
        if record.exc_info and record.exc_info[0] is not None:
            frames = extract_tb(record.exc_info[2])[-_INNERMOST:]
            line["error"] = record.exc_info[0].__name__
            line["where"] = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
        return json.dumps(line, ensure_ascii=False, default=str)


def _is_no_absence(record: logging.LogRecord) -> bool:
    """False for a page that failed as the database is away: the store has logged that once."""
    kind = record.exc_info[0] if record.exc_info else None
    return kind is None or not issubclass(kind, DatabaseAway)


def configure() -> None:
    """Write JSON lines to standard error, where the host asks for them; else leave all as it is."""
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("streamlit.error_util").addFilter(_is_no_absence)
    if hosting().log != "json":
        return
    to_stderr = logging.StreamHandler(sys.stderr)
    to_stderr.setFormatter(JsonLines())
    logging.basicConfig(handlers=[to_stderr], level=logging.INFO, force=True)
    for name in ("advisor", "pages"):
        logging.getLogger(name).setLevel(hosting().log_level)
    _reroute()


def _reroute() -> None:
    """Route libraries that install handlers of their own through ours."""
    # Its lines hold whole addresses, and those of links are secrets: see pages/ui/server/requests.py.
    logging.getLogger("uvicorn.access").disabled = True
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in ("streamlit", "uvicorn"):
            found = logging.getLogger(name)
            found.handlers.clear()
            found.propagate = True
