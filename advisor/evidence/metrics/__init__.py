"""Metrics: what a program can say about an answer; one registry, one pure function each."""

from advisor.evidence.metrics import overlap  # first in the registry: the default is one of these

# isort: split
from advisor.evidence.metrics import calls, fields, house, invented, tools
from advisor.evidence.metrics.registry import (
    METRICS,
    Asked,
    Metric,
    find_metric,
    find_primary,
    metric,
)

__all__ = [
    "METRICS",
    "Asked",
    "Metric",
    "calls",
    "fields",
    "find_metric",
    "find_primary",
    "house",
    "invented",
    "metric",
    "overlap",
    "tools",
]
