"""Which version of the app this is, and of the libraries that its figures come from."""

import sys
from importlib.metadata import version

VERSION = "0.1.0"

FIGURES_FROM = (
    "genai-prices",
    "jsonschema",
    "numpy",
    "openai",
    "rapidfuzz",
    "rouge-score",
    "sacrebleu",
    "scipy",
    "statsmodels",
    "tiktoken",
)
"""Libraries of which another version may give another figure: prices, tokens, measures, tests."""


def versions() -> dict[str, str]:
    """What somebody who repeats a decision needs to have: the app, Python, and the libraries."""
    python = ".".join(str(part) for part in sys.version_info[:3])
    return {"worth-tuning": VERSION, "python": python} | {
        name: version(name) for name in FIGURES_FROM
    }
