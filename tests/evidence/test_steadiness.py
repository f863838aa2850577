from advisor.evidence.steadiness import Steadiness, steadiness


def test_right_once_and_wrong_once_is_a_contradiction():
    answers = {"1": ["a", "a"], "2": ["a", "b"], "3": ["c", "d"]}
    right = {"1": [True, True], "2": [True, False], "3": [False, False]}
    assert steadiness(answers, right) == Steadiness(3, 1, "right")


def test_other_words_are_counted_as_such():
    answers = {"1": ["Yes, it is.", "yes it is"], "2": ["Yes", "No"], "3": ["only once"]}
    assert steadiness(answers) == Steadiness(2, 1, "wording")


def test_asked_once_nobody_knows():
    assert steadiness({"1": ["a"], "2": ["b"]}) is None
    assert steadiness({"1": ["a"]}, {"1": [True]}) is None
