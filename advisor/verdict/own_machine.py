"""An own machine, paid by the hour: how many texts it answers in one, as a run has measured it."""

from collections.abc import Sequence

from advisor.case.case import Case
from advisor.case.endpoints import machine_of
from advisor.case.options import OptionId
from advisor.evidence.model import Output
from advisor.evidence.throughput import texts_per_hour
from pricing.cost import Option


def on_its_machine(case: Case, name: OptionId, option: Option, outputs: Sequence[Output]) -> Option:
    """The option, an own machine's texts an hour as measured where they are not given."""
    cells, arm = option.cells, case.arms[name]
    if cells.machine_per_hour is None or cells.texts_per_hour is not None or arm.recorded:
        return option
    machine = machine_of(arm.endpoint)
    beside = [o for o in case.arms if machine_of(case.arms[o].endpoint) == machine]
    measured = texts_per_hour(outputs, name, beside)
    return option if measured is None else option.with_cell("texts_per_hour", measured)
