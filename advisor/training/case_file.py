"""A case file with the training file it may name, checked."""

from pathlib import Path

from advisor.case.case import Case
from advisor.case.case_file import read_case
from advisor.case.training_summary import TrainingSummary


def load_case(path: Path) -> Case:
    """Read a CASE.toml and the files it names, which stand beside it; a training file is checked.

    Raises:
        BadCase, BadImport, BadTrainingFile: in one sentence, what is wrong and what to do.
    """
    return read_case(path, _checked)


def _checked(case: Case, content: bytes, name: str) -> TrainingSummary:
    from advisor.training.check import check_training_file, vocabulary_of  # much, and few need it
    from advisor.training.summary import summary_of

    report = check_training_file(content, name, case.prompts, model=vocabulary_of(case))
    return summary_of(report, case.prompts)
