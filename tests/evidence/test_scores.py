"""The table of scores, and the metrics beside the main one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer
from sacrebleu.metrics import CHRF

from advisor.case.case import RunSettings
from advisor.case.case_file import load_sample
from advisor.case.checks import Checks
from advisor.errors import AdvisorError
from advisor.evidence.metrics import METRICS, Metric
from advisor.evidence.metrics.overlap import (
    chrf,
    contains,
    normalised_match,
    rouge2,
    rouge_l,
    rouge_lsum,
    token_f1,
)
from advisor.evidence.model import Output
from advisor.evidence.scores import SLOW, score_table, secondary
from tests.evidence.cases import sample_answers
from tests.make import answer, case_of

WORDS = ["the", "cats", "sitting", "12", "ran,", "Running", "mats;", "a", "x-ray", "\n"]
english = st.lists(st.sampled_from(WORDS))


def clinic():
    outputs = [
        Output(prompt_id, arm, 0, "answered", text)
        for (prompt_id, arm), text in sample_answers("clinic_notes").items()
    ]
    return load_sample("clinic_notes"), outputs


# Each metric by itself


@pytest.mark.parametrize("found", METRICS.values(), ids=METRICS.keys())
def test_every_metric_is_said_in_one_plain_sentence(found):
    assert found.title
    assert found.explains.endswith(".")
    assert ". " not in found.explains
    assert (found.better, found.unit) != ("neither", "share")
    assert found.score.__doc__


def test_a_metric_that_may_decide_is_a_share_held_against_the_approved_answer():
    deciding = [found for found in METRICS.values() if found.primary]
    assert {(m.unit, m.better) for m in deciding} == {("share", "higher")}
    assert all({"reference", "calls"} & set(m.needs) for m in deciding)
    assert next(iter(METRICS)) == "rouge1"  # the default heads the list


@settings(max_examples=60)
@given(english, english)
def test_rouge_is_rouge_score_with_stems_on_english(given_, wanted):
    given_, wanted = " ".join(given_), " ".join(wanted)
    names = {"rouge2": rouge2, "rougeL": rouge_l, "rougeLsum": rouge_lsum}
    expected = RougeScorer([*names], use_stemmer=True).score(wanted, given_)
    for name, score in names.items():
        assert score(given_, wanted) == pytest.approx(expected[name].fmeasure), name


def test_rouge_l_of_whole_notes_is_rouge_score():
    case, outputs = clinic()
    references = {p.id: p.reference for p in case.prompts}
    scorer = RougeScorer(["rougeL"], use_stemmer=True)
    for output in outputs[:6]:
        reference = references[output.prompt_id]
        expected = scorer.score(reference, output.text)["rougeL"].fmeasure
        assert rouge_l(output.text, reference) == pytest.approx(expected)


@settings(max_examples=40)
@given(st.text(max_size=60), st.text(max_size=60))
def test_chrf_is_sacrebleus(given_, wanted):
    assert chrf(given_, wanted) * 100 == CHRF().sentence_score(given_, [wanted]).score


@pytest.mark.parametrize(
    ("given_", "wanted", "f1", "same", "within"),
    [
        pytest.param("The cat, sat.", "a cat sat", 1, 1, 1, id="case, articles, marks"),
        pytest.param("cat sat down", "cat sat", 0.8, 0, 1, id="one word more"),
        pytest.param("category", "cat", 0, 0, 0, id="part of a word"),
        pytest.param("", "cat", 0, 0, 0, id="empty"),
        pytest.param("cat", "the", 0, 0, None, id="nothing to hold it against"),
    ],
)
def test_words(given_, wanted, f1, same, within):
    assert token_f1(given_, wanted) == pytest.approx(f1)
    assert normalised_match(given_, wanted) == same
    assert contains(given_, wanted) == within


@settings(max_examples=30)
@given(st.text(max_size=40), st.text(min_size=1, max_size=40))
def test_no_text_is_too_odd_for_a_metric_that_reads_the_approved_answer(given_, wanted):
    for found in METRICS.values():
        if found.needs == ("reference",):
            score = found.score(given_, wanted)
            assert score is None or 0 <= score <= 1, found.key


# The table


def small(**fields):
    case = case_of(2, reference="refund")
    return case.model_copy(update={"checks": Checks(labels=("refund", "keep")), **fields})


def test_samples_are_averaged_and_what_does_not_apply_is_not_there():
    outputs = [
        answer("p000", "base", "refund"),
        answer("p000", "base", "keep", 1),
        answer("p001", "base", "keep"),
        Output("p001", "tuned", 0, "refused", ""),
        Output("p000", "tuned", 0, "failed", ""),
        Output("p999", "base", 0, "answered", "not of this case"),
    ]
    table = score_table(small(), outputs)
    assert table["label_accuracy"] == {"base": {"p000": 0.5, "p001": 0}}
    assert table["refusals"] == {"base": {"p000": 0, "p001": 0}, "tuned": {"p001": 1}}
    assert table["latency"] == table["must_haves"] == table["schema_match"] == {}
    assert SLOW.isdisjoint(table)


def test_a_prompt_without_an_approved_answer_has_no_score_for_it():
    table = score_table(case_of(1), [answer("p000", "base")])
    assert table["rouge1"] == table["invented"] == {}
    assert table["length"]["base"] == {"p000": 3}


def test_an_unknown_metric_is_the_readers_to_mend():
    with pytest.raises(AdvisorError, match="bleurt"):
        score_table(small(), [], ["bleurt"])


def test_an_answer_is_scored_once(monkeypatch):
    asked = []

    def counting(answer, reference):
        asked.append(answer)
        return 1.0

    monkeypatch.setitem(METRICS, "counting", Metric("counting", "Counting", 0, counting))
    outputs = [answer("p000", "base", "one"), answer("p000", "tuned", "two")]
    for _ in range(3):
        score_table(small(), outputs, ["counting"])
    assert asked == ["one", "two"]
    other = small(prompts=case_of(1, reference="keep").prompts)
    score_table(other, outputs, ["counting"])
    assert asked == ["one", "two"] * 2  # another approved answer


# Beside the main one


def test_the_clinic_notes_beside_their_main_measure():
    case, outputs = clinic()
    table = score_table(case, outputs, [*score_table(case, outputs), "rouge_lsum"])
    rows = {row.key: row for row in secondary(case, outputs, seed=1, table=table, alpha=0.05)}
    assert "rouge1" not in rows
    lsum = rows["rouge_lsum"]
    assert lsum.p == pytest.approx(0.029, abs=0.005)  # alone it would look like a difference
    assert lsum.p_holm > 0.05
    words = rows["length"]
    assert (words.prompts, words.difference.low > 100, words.p_holm < 0.01) == (40, True, True)
    made_up = rows["invented"]
    assert made_up.tuned_mean > 2 * made_up.base_mean
    assert made_up.p_holm < 0.05
    assert rows["exact_match"].p == rows["exact_match"].p_holm == 1


def test_holm_corrects_the_rows_together_and_only_those_that_could_differ():
    case, outputs = clinic()
    keys = ["length", "chrf", "exact_match"]
    rows = secondary(case, outputs, seed=1, table=score_table(case, outputs, keys), alpha=0.05)
    by_key = {row.key: row for row in rows}
    assert by_key["length"].p == pytest.approx(0.0002)
    assert by_key["length"].p_holm == pytest.approx(0.0004)  # two rows differ, not three


def test_swapping_the_arms_mirrors_the_rows():
    case, outputs = clinic()
    swapped = [
        Output(o.prompt_id, "tuned" if o.arm == "base" else "base", 0, "answered", o.text)
        for o in outputs
    ]
    keys = ["token_f1", "length"]
    one = secondary(case, outputs, seed=1, table=score_table(case, outputs, keys), alpha=0.05)
    other = secondary(case, swapped, seed=1, table=score_table(case, swapped, keys), alpha=0.05)
    for row, mirrored in zip(one, other, strict=True):
        assert row.difference.value == pytest.approx(-mirrored.difference.value)
        assert row.p == pytest.approx(mirrored.p, abs=0.01)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_few_prompts_are_rows_without_claims(n):
    case = case_of(n).model_copy(update={"run": RunSettings(primary_metric="rouge1")})
    outputs = [answer(p.id, arm) for p in case.prompts for arm in ("base", "tuned")]
    rows = secondary(case, outputs, seed=1, alpha=0.05)
    assert all(row.p_holm == 1 for row in rows)
    assert (n == 0) == (rows == ())
    if n == 1:
        assert all(row.difference is None for row in rows)


def test_5000_prompts_get_a_t_interval():
    case = case_of(5_000)
    outputs = [answer(p.id, arm) for p in case.prompts for arm in ("base", "tuned")]
    table = score_table(case, outputs, ["length"])
    table["length"]["tuned"]["p000"] += 1
    (row,) = secondary(case, outputs, seed=1, table=table, alpha=0.05)
    assert (row.prompts, row.interval, row.p) == (5_000, "paired t", 1)
