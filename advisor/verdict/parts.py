"""Parts of a test: by kind of text, by traffic, texts that change sides, steadiness of each option."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.evidence.metrics import Metric, find_metric
from advisor.evidence.model import Evidence, Output
from advisor.evidence.rules import EvidenceRules
from advisor.evidence.scores import score_table
from advisor.evidence.segments import SegmentRow, Weighted, by_segment, weighted
from advisor.evidence.steadiness import Steadiness, steadiness
from advisor.evidence.switched import Switched, switched

_RIGHT = 1.0


@dataclass(frozen=True, slots=True)
class PartsOfTest:
    """What a test says of its parts."""

    segments: tuple[SegmentRow, ...]
    """Wins by kind of text; () where texts have fewer than two kinds."""
    weighted: Weighted | None
    """Rates by share of traffic; None where no text has one."""
    switched: Switched | None
    """Texts that one option gets right and the other wrong; None where nobody can tell."""
    steady: Mapping[OptionId, Steadiness | None]
    """How often an option contradicts itself; None = each text was asked once, so not known."""


def parts_of(
    case: Case, outputs: Sequence[Output], evidence: Evidence, rules: EvidenceRules
) -> PartsOfTest:
    """The parts of the pair that the verdict rests on.

    Args:
        case: kinds and weights of its texts, and the main measure.
        outputs: of the run.
        evidence: preferences of the pair.
        rules: thresholds.
    """
    preferences = dict(evidence.preferences)
    segment_of = {p.id: p.segment for p in case.prompts if p.segment is not None}
    weight_of = {p.id: float(p.weight) for p in case.prompts if p.weight is not None}
    right = _right(case, outputs, find_metric(case.run.primary_metric))
    means = {
        option: {p: all(hits) for p, hits in by_text.items()} for option, by_text in right.items()
    }
    return PartsOfTest(
        by_segment(preferences, segment_of, clear_choices=rules.clear_choices, alpha=rules.alpha),
        weighted(preferences, weight_of, rules.alpha),
        switched(evidence.base_arm, evidence.tuned_arm, means, segment_of),
        {
            option: steadiness(by_text, right.get(option))
            for option, by_text in _texts(outputs).items()
        },
    )


def _texts(outputs: Sequence[Output]) -> dict[OptionId, dict[str, list[str]]]:
    found: dict[OptionId, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for output in outputs:
        if output.outcome == "answered" and output.arm != "judge":
            found[output.arm][output.prompt_id].append(output.text)
    return {option: dict(by_text) for option, by_text in found.items()}


def _right(
    case: Case, outputs: Sequence[Output], metric: Metric
) -> dict[OptionId, dict[str, list[bool]]]:
    """By option and text, whether each sample is right; {} where the measure can't say."""
    if metric.overlap or "reference" not in metric.needs or metric.unit != "share":
        return {}
    found: dict[OptionId, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    samples = {output.sample for output in outputs}
    for sample in sorted(samples):
        some = [output for output in outputs if output.sample == sample]
        for option, scores in score_table(case, some, [metric.key])[metric.key].items():
            for prompt_id, score in scores.items():
                found[option][prompt_id].append(score >= _RIGHT)
    return {option: dict(by_text) for option, by_text in found.items()}
