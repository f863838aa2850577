"""What a case keeps of a checked training file: figures and digests, and no text of it."""

from collections.abc import Iterable

from advisor.case.texts import Prompt
from advisor.case.training_summary import PrivateKind, TrainingSummary, digest_of, text_digest
from advisor.training.model import TrainingReport


def summary_of(report: TrainingReport, prompts: Iterable[Prompt]) -> TrainingSummary:
    """What a case keeps of a report on a file and these prompts."""
    given = {prompt.id: prompt for prompt in prompts}
    return TrainingSummary(
        file=report.name[:300],
        sha256=report.sha256,
        examples=report.examples,
        usable=report.usable,
        grade=report.grade,
        tokens=report.tokens,
        epochs=report.epochs,
        kind=report.kind,
        media=tuple(kind for kind, _ in report.media),
        private=tuple(
            PrivateKind(kind=found.kind, secret=found.secret, texts=found.texts)
            for found in report.private
        ),
        leaked={leaked: text_digest(given[leaked].text) for leaked in report.leaked},
        prompts_sha256=digest_of(given.values()),
        held_against=tuple(dict.fromkeys(text_digest(prompt.text) for prompt in given.values())),
    )
