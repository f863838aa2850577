"""A case file with the training file it may name, checked."""

from pathlib import Path

from advisor.case.case import Case
from advisor.case.case_file import read_case, training_file
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


def training_pairs(path: Path) -> list[tuple[str, str]]:
    """(text, approved answer) of the training file that a case file names; [] = it names none.

    Raises:
        BadCase, BadTrainingFile: in one sentence, what is wrong and what to do.
    """
    found = training_file(path)
    return [] if found is None else pairs_in(*found)


def pairs_in(content: bytes, name: str, model: str = "") -> list[tuple[str, str]]:
    """(text, approved answer) of a training file's examples of one question and one answer.

    Args:
        content: the file.
        name: of the file, for sentences.
        model: whose vocabulary counts the tokens.

    Raises:
        BadTrainingFile: in one sentence, why this is no training file and what to do.
    """
    from advisor.training.read import read_training_file
    from advisor.training.rules import load_training_rules

    read = read_training_file(content, name, model, load_training_rules().limits)
    return [
        (example.asked[0], example.answer)
        for example in read.examples
        if example.kind == "examples"
        and len(example.asked) == 1
        and not example.between
        and not example.media
    ]
