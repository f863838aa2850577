"""Score answers in a background thread as they come in, so that no page has to."""

from concurrent.futures import ThreadPoolExecutor

from advisor.case.case import Case
from advisor.evidence.model import Output
from advisor.evidence.scores import score_ahead
from advisor.runs.live import StopSignal


class Scoring:
    """Scores the answers of one run; what fails here fails again on the page, where it is seen."""

    def __init__(self, case: Case, stop: StopSignal) -> None:
        self._score = score_ahead(case)
        self._stop = stop
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="scores")

    def add(self, output: Output) -> None:
        """Score this one when its turn comes."""
        self._thread.submit(self._score, output)

    def finish(self) -> None:
        """Wait until all are scored; a cancelled run waits for none."""
        cancelled = self._stop.requested == "cancel"
        self._thread.shutdown(wait=not cancelled, cancel_futures=cancelled)
