"""Charts and the table of all texts on Verdict, and one of them in full."""

import pytest

from pages.ui import session

from .reader import PAGES, Reader
from .test_hostile_texts import HOSTILE, live_markup

READ = "Read them one by one"


@pytest.fixture
def verdict(replayed) -> Reader:
    return named(replayed)


def named(reader: Reader) -> Reader:
    """The verdict on the same case, with the table that names the options."""
    return Reader("verdict", case_id=reader.case_id).click("Show the table with names")


def table(reader: Reader):
    """The table of all texts."""
    return next(t.value for t in reader.at.dataframe if "Result" in t.value.columns)


def html(reader: Reader) -> list[str]:
    """What is drawn as HTML."""
    return [element.proto.body for element in reader.at.get("html")]


def test_every_text_is_a_row_with_its_figures(verdict):
    found = table(verdict)
    assert len(found) == 40
    assert list(found["Id"]) == [prompt.id for prompt in verdict.case.prompts]
    assert {"Gap", "Base, ROUGE-1", "Fine-tuned, words", "Words, gap", "Base, cost"} <= set(
        found.columns
    )
    # Nobody voted, no judge was asked, and nothing went wrong.
    assert not {"Votes", "Judge", "Went wrong"} & set(found.columns)


def test_votes_stand_in_the_table(replayed):
    replayed.click("Left")
    found = table(named(replayed))
    assert sorted(found["Votes"].dropna()) in (["1 base"], ["1 fine-tuned"])


@pytest.mark.parametrize(
    ("order", "column", "first"),
    [
        ("Worst for fine-tuned", "Gap", min),
        ("Largest length gap", "Words, gap", lambda gaps: max(gaps, key=abs)),
    ],
)
def test_the_table_can_be_ordered_without_a_click_on_a_head(verdict, order, column, first):
    verdict.fill("selectbox", "Show first", order)
    values = list(table(verdict)[column])
    assert values[0] == first(values)


def test_one_text_opens_in_full(verdict):
    assert html(verdict) == []
    verdict.click(READ)
    first = verdict.case.prompts[0]
    assert first.text in verdict.dialog
    assert f"1 of 40 texts: {first.id}" in verdict.dialog
    assert len(html(verdict)) == 2
    assert all("<mark" in body for body in html(verdict))
    assert "ROUGE-1: base 0." in verdict.dialog
    assert "In neither the text nor the approved answer: 45 and Andrew Taylor" in verdict.dialog
    assert verdict.button("Previous").disabled
    assert first.reference in verdict.dialog


def test_the_dialog_is_closed_by_what_happens_elsewhere(verdict):
    verdict.click(READ)
    verdict.fill("selectbox", "Show first", "Most disagreement")
    assert verdict.dialog == ""


def test_hostile_answers_and_texts_stay_text_in_full(replayed):
    with session.store().engine.begin() as connection:
        connection.exec_driver_sql("update outputs set text = ? where arm = 'base'", (HOSTILE,))
    reader = named(replayed).click(READ)
    assert live_markup(reader) == []
    assert reader.dialog
    base = html(reader)[0]
    assert "<img" not in base
    assert "&lt;img" in base


def test_a_very_long_answer_opens_and_says_what_is_left_out(few):
    with session.store().engine.begin() as connection:
        connection.exec_driver_sql("update outputs set text = ?", ("long answer " * 17_000,))
    reader = named(few).click(READ)
    assert "Shown are the first 40,000 characters of a long answer." in reader.dialog


def test_the_charts_stand_with_their_sentences(verdict):
    for said in (
        "By overlap of words fine-tuned scores higher on 22, lower on 17 and level on 1 of 40 texts",
        "which includes an even split.",
        "Mean overlap of words, and cost a month, model cost only: base 0.539",
        "Base: $6.80 a month; Fine-tuned: $584 a month",
        "Recorded answers have no times, so nothing here is about speed.",
    ):
        assert said in verdict.says
    assert [chart.split()[:4] for chart in verdict.charts] == [
        ["17", "for", "base,", "1"],
        ["Fine-tuned", "was", "ahead", "in"],
        ["By", "overlap", "of", "words"],
        ["Mean", "overlap", "of", "words,"],
    ]


def test_what_is_folded_is_drawn_for_who_opens_it(replayed):
    reader = Reader(case_id=replayed.case_id)
    reader.at.switch_page(PAGES["verdict"]).run()
    folded = len(reader.charts)
    assert "**Sources**" not in reader.says
    assert len(reader.at.dataframe) == 0
    reader.at.session_state["fold:ground"] = True
    reader.at.run()
    assert "**Sources**" in reader.says
    assert len(reader.at.dataframe) == 0
    assert len(reader.charts) == folded == 3


def test_before_a_run_there_is_no_chart_of_a_test_and_no_table(sample):
    reader = Reader("verdict", case_id=sample.case_id)
    assert not any("for base" in chart or "overlap" in chart for chart in reader.charts)
    assert READ not in [button.label for button in reader.at.button]
