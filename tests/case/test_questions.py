import pytest

from advisor.case.questions import clause, label


@pytest.mark.parametrize(
    ("key", "value", "shown", "within"),
    [
        ("human_check", "spot", "Spot checks", "a person reads some answers before they are used"),
        ("error_cost", "medium", "Time or money", "a wrong answer costs time or money"),
        ("fact_change", "never", "Elsewhere, hardly ever", "facts hardly ever change"),
        ("strictness", "some", "House style and terms", "some fixed terms or style"),
        ("task_change", "frozen", "It is fixed", "the task is frozen"),
        ("gap", "small_edits", "Small edits", "small edits needed"),
        ("data_may_go", "own_machines", "Only our own machines", "your own machines"),
        ("stage", "idea", "Only an idea", ""),
        ("gap", None, "not answered", ""),
    ],
)
def test_an_answer_has_its_words_for_a_list_and_for_a_sentence(key, value, shown, within):
    assert (label(key, value), clause(key, value)) == (shown, within)
