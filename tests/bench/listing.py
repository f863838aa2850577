"""How long the list of decisions takes to be drawn with a thousand in the store."""

import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from advisor.case.case_file import load_sample
from advisor.evidence.record import Record
from advisor.report.summary import case_digest, digest_of, summarise
from advisor.store.repository import Store
from tests.make import decide

Row = tuple[str, str, str, bool]
DECISIONS = 1000
BAR_MS = 300


def kept_decisions(db: Path, many: int) -> None:
    """So many decisions of 40 texts each, every one decided."""
    store = Store.open(db)
    case = load_sample("clinic_notes")
    standing = summarise(decide(case), digest_of(case_digest(case), Record()))
    for number in range(many):
        case_id = store.save_case(case.model_copy(update={"title": f"Decision {number}"}))
        store.keep_standing(case_id, standing)
    store.close()


def drawn(folder: Path) -> list[float]:
    """Milliseconds until the list is drawn: ten times opened, and ten pages on from there."""
    from streamlit.testing.v1 import AppTest

    from advisor.host.settings import settings
    from pages.ui import session

    db = folder / "list.db"
    kept_decisions(db, DECISIONS)
    os.environ["WORTH_TUNING_DB"] = str(db)
    settings.cache_clear()
    session.everyone.clear()
    app: Any = AppTest.from_file(Path(__file__).parents[2] / "app.py", default_timeout=120)
    app.run()
    took = []
    for _ in range(10):
        app.switch_page("pages/steps/start.py").run()
        app.switch_page("pages/library/decisions.py")
        took.append(_timed(app))
    for _ in range(10):
        next(button for button in app.button if button.label == "Older").click()
        took.append(_timed(app))
    session.store().close()
    return took


def _timed(app: Any) -> float:
    began = time.perf_counter()
    app.run()
    assert not app.exception
    return (time.perf_counter() - began) * 1000


def a_thousand_decisions(folder: Path) -> Iterator[Row]:
    """The list, twenty to a page, with a thousand decisions behind it."""
    took = drawn(folder)
    median, most = statistics.median(took), max(took)
    measured = f"median {median:.0f} ms, longest {most:.0f} ms"
    yield f"My decisions drawn, {DECISIONS:,} kept", measured, f"{BAR_MS} ms", most <= BAR_MS
