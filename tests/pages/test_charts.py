"""Words on a chart stand beside its lines and each other, never over them."""

from advisor.report.first_page_values import SpendLine, SpendPicture
from pages.ui import charts

from .reader import Reader

LINE = SpendLine("base", "Base", (0.0, 1.0, 1.5), (0.0, 2.0, 3.0), "$3.00")
ENDS = SpendPicture(
    "USD", (LINE,), ((0.0, "$0"),), "tuned model stops 14 Oct 2027", "Base has cost $3.00."
)


def test_the_day_the_model_stops_stands_above_the_words_of_the_highest_line():
    chart = charts._spend(ENDS)
    of_the_line, stop = chart.layout.annotations
    assert (of_the_line.y, of_the_line.yanchor) == (3.0, "bottom")  # within the plot
    assert (stop.text, stop.yref, stop.y) == (ENDS.stop, "y domain", 1)
    assert stop.yanchor == "bottom"
    assert chart.layout.margin.t >= 2 * chart.layout.font.size


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
