"""JSON as commands write it."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any


def dump(value: dict[str, Any]) -> str:
    """JSON with dates as ISO text and exact decimals as numbers."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=_plain) + "\n"


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)
