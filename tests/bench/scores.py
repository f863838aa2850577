"""Every quick metric over 400 visit notes: their processor time, once and again."""

import time
from collections.abc import Iterator

from advisor.case.case_file import load_sample
from advisor.evidence.model import Output
from advisor.evidence.scores import score_table
from tests.evidence.cases import sample_answers

FIRST_S, AGAIN_S = 6, 0.6
"""Seconds of the processor."""


def notes_of_400() -> Iterator[tuple[str, str, str, bool]]:
    """Rows of the table: what was measured beside what was promised."""
    case, prompts, outputs = load_sample("clinic_notes"), [], []
    for k in range(5):
        tail = "." * k  # another text each time, so nothing is known before
        for p in case.prompts:
            changed = {"id": f"{p.id}{k}", "reference": f"{p.reference}{tail}"}
            prompts.append(p.model_copy(update=changed))
        for (prompt_id, arm), text in sample_answers("clinic_notes").items():
            outputs.append(Output(f"{prompt_id}{k}", arm, 0, "answered", text + tail))
    large = case.model_copy(update={"prompts": tuple(prompts)})
    for when, bar in (("once", FIRST_S), ("again", AGAIN_S)):
        began = time.process_time()
        score_table(large, outputs)
        took = time.process_time() - began
        what = f"{len(outputs)} visit notes by every quick metric, {when}, CPU"
        yield what, f"{took:.1f} s", f"{bar} s", took <= bar


if __name__ == "__main__":
    for row in notes_of_400():
        print(*row)
