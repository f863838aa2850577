"""The money in words: what the models' page shows before there is any verdict, and a report keeps."""

from dataclasses import dataclass

from advisor.memo import once_for_each
from advisor.report.costs import cost_note, cost_rows
from advisor.report.first_page_values import SpendPicture
from advisor.report.for_finance import spend_picture
from advisor.report.model import CostRow, MoveRow
from advisor.report.money_sentences import money_row
from advisor.report.moves import move_rows, turning_sentences
from advisor.verdict.decision import Decision


@dataclass(frozen=True, slots=True)
class MoneyWords:
    """Costs, and what they hang on; the fields of a `Report` that go by the same names."""

    said: str
    """What each option costs, when tuning pays back, what else was on the list."""
    costs: tuple[CostRow, ...]
    cost_note: str
    spend: SpendPicture | None
    moves: tuple[MoveRow, ...]
    turning: tuple[str, ...]
    current_bases: tuple[tuple[str, str], ...]


@once_for_each
def worded_money(found: Decision) -> MoneyWords:
    """The money of a decision in words; needs neither the flips nor the rest of the report."""
    case, money, today = found.case, found.money, found.today
    return MoneyWords(
        said=money_row(found),
        costs=cost_rows(case, money, today),
        cost_note=cost_note(money, today),
        spend=spend_picture(money, today),
        moves=move_rows(found.moves, money.currency),
        turning=turning_sentences(found.moves, money.currency),
        current_bases=tuple(
            (row.name, money.currency.show(row.usd_per_month_all_in)) for row in found.current_bases
        ),
    )
