"""A checked training file as JSON: the same figures and sentences, for programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from advisor.report.access import access_reason
from advisor.report.training_file import counts, findings, headline, void
from advisor.training.jobs import TrainingJob
from advisor.training.model import TrainingReport
from advisor.training.private import NOT_FOUND


def check_json(report: TrainingReport, jobs: Sequence[TrainingJob]) -> str:
    """The report, the leaked prompts' ids, and one training job at every offer."""
    value: dict[str, Any] = asdict(report)
    value["forms"] = dict(report.forms)
    value["roles"] = dict(report.roles)
    value["media"] = dict(report.media)
    value["labels"] = dict(report.labels)
    value["languages"] = dict(report.languages)
    value |= {
        "leaked": report.leaked,
        "sentences": [
            headline(report),
            counts(report),
            *([void(len(report.leaks), report.prompts)] if report.leaks else []),
            *findings(report),
        ],
        "not_looked_for": NOT_FOUND,
        "training_jobs": [_job(job) for job in jobs],
    }
    return json.dumps(value, indent=2, ensure_ascii=False, default=float) + "\n"


def _job(job: TrainingJob) -> dict[str, Any]:
    value = asdict(job)
    del value["why"]
    return value | {"reason": access_reason(job.why)}
