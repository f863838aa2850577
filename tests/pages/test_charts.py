"""Words on a chart stand beside its lines and each other, never over them."""

from itertools import pairwise

from advisor.report.first_page_values import SpendLine, SpendPicture
from pages.ui.verdict import money_charts

from .reader import Reader

LINE = SpendLine("base", "Base", (0.0, 1.0, 1.5), (0.0, 2.0, 3.0), "$3.00")
ENDS = SpendPicture(
    "USD", (LINE,), ((0.0, "$0"),), "tuned model stops 14 Oct 2027", "Base has cost $3.00."
)


def test_the_day_the_model_stops_stands_above_the_words_of_the_highest_line():
    chart = money_charts._spend(ENDS)
    of_the_line, stop = chart.layout.annotations
    assert (round(of_the_line.y, 9), of_the_line.yanchor) == (3.0, "bottom")  # within the plot
    assert (stop.text, stop.yref, stop.y) == (ENDS.stop, "y domain", 1)
    assert stop.yanchor == "bottom"
    assert chart.layout.margin.t >= 2 * chart.layout.font.size


def test_the_words_of_lines_that_end_level_stand_above_each_other():
    ends = {"base": 3.0, "base_examples": 3.0, "tuned": 2.99, "base_retrieval": 0.0}
    lines = tuple(SpendLine(arm, arm, (0.0, 1.0), (0.0, end), "$3") for arm, end in ends.items())
    chart = money_charts._spend(SpendPicture("USD", lines, ((0.0, "$0"),), "", "Level."))
    low, top = chart.layout.yaxis.range
    # Three words of 12 % each above 2.99: the axis ends at 2.99 / 0.64 = 4.671875.
    assert (low, round(top, 6)) == (0, 4.671875)
    heights = sorted(note.y / top for note in chart.layout.annotations)
    assert heights[0] == 0
    assert [round(one, 6) for one in heights[1:]] == [0.64, 0.76, 0.88]
    assert all(b - a >= 0.12 - 1e-9 for a, b in pairwise(heights))


def test_the_money_of_the_first_page_has_an_option_in_each_column(replayed: Reader):
    replayed.go("verdict")
    (money,) = (
        table.value
        for table in replayed.at.table
        if "On what terms" in table.value.iloc[:, 0].values
    )
    assert list(money.columns) == [" ", "Base as it is", "Fine-tuned"]
    assert list(money.iloc[:, 0]) == [
        "Once", "A month", "Total", "Low", "High", "People's time", "On what terms",
    ]  # fmt: skip
