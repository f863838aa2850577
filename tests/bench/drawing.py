"""How long a page takes to be drawn anew, and a PDF."""

import os
import statistics
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from advisor.case.case_file import load_sample
from advisor.case.run_spec import spec_of
from advisor.case.texts import Prompt
from advisor.evidence.model import Output
from advisor.report.report import write_report
from advisor.store.repository import Store
from tests import postgres

Row = tuple[str, str, str, bool]


def answered_case(db: str | Path, prompts: int) -> str:
    """A case with so many texts of 250 words, each answered by both options; gives its id."""
    store = Store.open(db)
    words = ["patient", "history", "reports", "visit", "denies", "follow-up", "left", "knee"]

    def text(start: int, length: int) -> str:
        return " ".join(words[(start + i * i) % len(words)] for i in range(length))

    texts = tuple(
        Prompt(id=f"p{i}", text=f"{i} {text(i, 250)}", reference=text(i, 60))
        for i in range(prompts)
    )
    # Other models than the recorded ones: nothing may be replayed.
    case = load_sample("clinic_notes").model_copy(update={"prompts": texts, "judgments": ()})
    case_id = store.save_case(case)
    run_id = store.start_run(case_id, spec_of(case), case.run)
    store.reuse(
        run_id,
        [
            (
                call,
                Output(
                    call.prompt_id,
                    call.arm,
                    0,
                    "answered",
                    f"{call.arm} {text(i, 80)}",
                    finish_reason="stop",
                    input_tokens=300,
                    output_tokens=80,
                ),
            )
            for i, call in enumerate(spec_of(case).calls())
        ],
    )
    store.set_status(run_id, "done")
    store.close()
    return case_id


def reruns(db: str | Path, prompts: int) -> list[float]:
    """Milliseconds of 20 reruns of Compare, going on from text to text.

    Args:
        db: a SQLite file, or a Postgres by its URL.
        prompts: texts, each answered by both options.
    """
    from streamlit.testing.v1 import AppTest

    from advisor.host.settings import settings
    from pages.ui import session

    case_id = answered_case(db, prompts)
    os.environ["DATABASE_URL" if isinstance(db, str) else "WORTH_TUNING_DB"] = str(db)
    settings.cache_clear()
    session.everyone.clear()
    app: Any = AppTest.from_file(Path(__file__).parents[2] / "app.py", default_timeout=120)
    app.query_params["case"] = case_id
    app.run()
    app.switch_page("pages/steps/compare.py").run()
    took = []
    for _ in range(21):
        onward = next(button for button in app.button if button.label == "Next text")
        began = time.perf_counter()
        onward.click().run()
        took.append((time.perf_counter() - began) * 1000)
        assert not app.exception
    session.store().close()
    os.environ.pop("DATABASE_URL", None)
    return took[1:]


def redraws(case_id: str, page: str) -> list[float]:
    """Milliseconds of 20 reruns of a page of a case in the store that is open."""
    from streamlit.testing.v1 import AppTest

    app: Any = AppTest.from_file(Path(__file__).parents[2] / "app.py", default_timeout=120)
    app.query_params["case"] = case_id
    app.run()
    app.switch_page(f"pages/steps/{page}.py").run()
    took = []
    for _ in range(20):
        began = time.perf_counter()
        app.run()
        took.append((time.perf_counter() - began) * 1000)
        assert not app.exception
    return took


def eight_options(folder: Path) -> Iterator[Row]:
    """The steps of the options, with eight of them over 1,000 texts."""
    from advisor.host.settings import settings
    from pages.ui import session
    from tests.bench.many import keep, many

    db = folder / "pages_of_eight.db"
    store = Store.open(db)
    case_id = keep(store, many(8, 1000))[0]
    store.close()
    os.environ["WORTH_TUNING_DB"] = str(db)
    settings.cache_clear()
    session.everyone.clear()
    for page in ("options", "costs"):
        what = f"{page.capitalize()} drawn anew, eight options over 1,000 texts"
        yield _row(what, redraws(case_id, page), 100)
    session.store().close()


def pdf_and_pages(folder: Path) -> Iterator[Row]:
    """The first PDF and the next ones, and the page with 400 and with 10,000 outputs."""
    yield pdfs()
    yield from eight_options(folder)
    for prompts, bar in ((200, 50), (5000, 250)):
        what = f"Compare drawn anew, {2 * prompts:,} outputs"
        yield _row(what, reruns(folder / f"pages{prompts}.db", prompts), bar)
        with postgres.fresh(postgres.server_url()) as url:
            yield _row(f"Postgres: {what[0].lower()}{what[1:]}", reruns(url, prompts), bar)


def _row(what: str, took: list[float], bar: int) -> Row:
    median, most = statistics.median(took), max(took)
    measured = f"median {median:.0f} ms, longest {most:.0f} ms"
    return what, measured, f"median {bar} ms", median <= bar


def pdfs() -> Row:
    """The first PDF of a process, and those of cases that were never printed before."""
    from advisor.report.pdf.render import render_pdf
    from tests.report.whole_cases import WHOLE

    reports = [write_report(whole.decided()) for whole in WHOLE.values() if whole.record.outputs]
    took = []
    for report in reports:
        began = time.perf_counter()
        render_pdf(report)
        took.append((time.perf_counter() - began) * 1000)
    first, after = took[0], statistics.median(took[1:])
    measured = f"first {first:.0f} ms, after {after:.0f} ms"
    return "PDF, another case each time", measured, "300 ms, 50 ms", first <= 300 and after <= 50


if __name__ == "__main__":
    print(*pdfs())
