"""An option that is too slow is ruled out like one where the texts may not go."""

from dataclasses import replace

import pytest

from advisor.evidence.record import Record
from advisor.report.as_json import decision_json
from advisor.report.report import write_report
from tests import make


def decided(base_s: float, tuned_s: float, limit: float | None = 3.0, texts: int = 60):
    case = make.case("brand_voice", texts=texts, **make.FULL, seconds_at_most=limit)
    took = {"base": base_s, "tuned": tuned_s}
    outputs = tuple(replace(o, latency_ms=1000 * took[o.arm]) for o in make.answered(case))
    return make.decide(case, Record(outputs=outputs))


def test_nothing_is_asked_and_nothing_is_said():
    found = decided(9.0, 9.0, limit=None)
    assert found.verdict.ruled_out == {}
    assert not any("must come within" in s for s in write_report(found).evidence.sentences)


def test_a_slow_fine_tuned_model_leaves_base():
    found = decided(1.0, 9.0)
    assert (found.verdict.recommendation, list(found.verdict.ruled_out)) == ("base", ["tuned"])
    report = write_report(found)
    assert "60 of its 60 took longer" in report.summary
    assert "An answer must come within 3 s for 95 of 100 texts." in report.evidence.sentences
    # At an address of one's own four are asked for at once.
    met = next(s for s in report.evidence.sentences if s.startswith("Base meets it"))
    assert met == (
        "Base meets it: 0 of 60 answers took longer. 95 of 100 took at most 1 s (1 s or more), "
        "measured with up to 4 at once."
    )
    assert any(
        s.startswith("Fine-tuned is too slow and ruled out") for s in report.evidence.sentences
    )
    assert '"word": "out"' in decision_json(found)


def test_a_slow_base_leaves_fine_tuned_and_never_as_decided():
    found = decided(9.0, 1.0)
    assert (found.verdict.recommendation, found.verdict.rule) == ("tuned", "what_is_left")
    assert write_report(found).headline == "Fine-tuned: it is the option that is left."


def test_where_all_are_slow_none_fits_and_the_next_step_says_what_to_do():
    found = decided(9.0, 9.0)
    report = write_report(found)
    assert found.verdict.rule == "none_fits"
    assert report.headline == "No option fits yet: none answers within 3 s often enough."
    assert (
        report.next_step == "Choose a model that answers within 3 s, or allow more time on Compare."
    )
    assert "texts may go" not in " ".join((report.headline, report.summary, report.next_step))


@pytest.mark.parametrize(("texts", "word"), [(20, "open"), (60, "met")])
def test_few_answers_can_not_tell(texts, word):
    found = decided(1.0, 1.0, texts=texts)
    assert {speed.word for speed in found.speeds.values()} == {word}
    assert found.verdict.ruled_out == {}


def test_answers_that_were_not_timed_here_can_not_tell():
    case = make.case("brand_voice", texts=60, **make.FULL, seconds_at_most=3.0)
    outputs = tuple(replace(o, latency_ms=None) for o in make.answered(case))
    found = make.decide(case, Record(outputs=outputs))
    assert any(
        "can't be told yet, as its answers were not timed here" in said
        for said in write_report(found).evidence.sentences
    )
