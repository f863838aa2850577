import pytest

from advisor.report.money_sentences import break_even_reason
from pricing.cost import BreakEven

GAPS = ("base: output price", "tuned: training price")
NEVER = "the tuned model costs more per request"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (BreakEven(None, None, "stopped"), "the tuned model has stopped"),
        (
            BreakEven(None, None, "not_known", missing=GAPS),
            "not known yet: base: output price, tuned: training price",
        ),
        (BreakEven(None, None, "dearer_per_request"), f"never: {NEVER}"),
        (BreakEven(0, None, "dearer_per_request"), f"never at this volume: {NEVER}"),
        (
            BreakEven(None, None, "saves_nothing", people_included=True),
            "never: the tuned model saves nothing per request, and has costs of its own, "
            "people's time included",
        ),
        (
            BreakEven(None, None, "too_many_requests"),
            "never: it would take more than 1,000,000,000,000 requests a month",
        ),
        (BreakEven(1000, 6, "paid_back"), "paid back in month 6"),
        (
            BreakEven(1000, 24, "paid_back", late=True),
            "paid back in month 24, after the months of use",
        ),
        (
            BreakEven(1000, None, "not_in_time"),
            "not within the months of use: it takes 1,000 requests a month",
        ),
    ],
)
def test_why_it_pays_back_or_does_not(found, said):
    assert break_even_reason(found) == said
