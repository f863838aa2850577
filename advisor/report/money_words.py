"""The money in words: what the models' page shows before there is any verdict, and a report keeps."""

from dataclasses import dataclass
from datetime import date

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.report.costs import cost_note, cost_rows
from advisor.report.first_page_values import SpendPicture
from advisor.report.for_finance import spend_picture
from advisor.report.model import CostRow, MoveRow
from advisor.report.money_sentences import money_row
from advisor.report.moves import move_rows, turning_sentences
from advisor.verdict.costs import Costs
from advisor.verdict.current_bases import CurrentBase
from advisor.verdict.what_moves import what_moves


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


def word_money(
    case: Case,
    money: Costs,
    base_arm: OptionId,
    current_bases: tuple[CurrentBase, ...],
    today: date,
) -> MoneyWords:
    """Word the money once.

    Args:
        case: what was asked.
        money: prices and costs of the options.
        base_arm: the arm held against the tuned one.
        current_bases: today's base models in the base option's place, the cheapest first.
        today: the day it is worded for.
    """
    moves = what_moves(money)
    return MoneyWords(
        said=money_row(money, base_arm, current_bases),
        costs=cost_rows(case, money, today),
        cost_note=cost_note(money, today),
        spend=spend_picture(money, today),
        moves=move_rows(moves, money.currency),
        turning=turning_sentences(moves, money.currency),
        current_bases=tuple(
            (row.name, money.currency.show(row.usd_per_month_all_in)) for row in current_bases
        ),
    )
