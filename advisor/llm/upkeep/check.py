"""Check the sheets of a folder against their sources, and write the day of what stands."""

from datetime import date
from pathlib import Path

from advisor.llm.upkeep.fetch import fetch_all
from pricing.checking import FactsChecked, asked_facts, check_facts, located
from pricing.sheet_lines import with_days


def check_sheets(folder: Path, today: date, cache_folder: Path | None = None) -> FactsChecked:
    """Fetch every source once, and hold what is expected there against it.

    Raises:
        PricingError: a sheet can't be read.
    """
    asked = asked_facts(folder, today)
    fetched = fetch_all((one.address for one in asked), cache_folder)
    return check_facts(folder, today, fetched)


def write_days(folder: Path, checked: FactsChecked, today: date) -> FactsChecked:
    """Write today into what stands, and nothing else; gives what was found, by its new lines.

    Raises:
        PricingError: a line is not as it is in the sheets that ship; its sheet stays as it was.
    """
    for file in sorted({file for file, _ in checked.renewed}):
        path = folder / file
        days = [day for name, day in checked.renewed if name == file]
        text = with_days(path.read_text("utf-8"), days, today)
        part = path.with_suffix(".part")
        part.write_text(text, "utf-8")
        part.replace(path)
    return located(folder, checked, today)
