from advisor.evidence.switched import switched

SEGMENT = {"1": "complaint", "2": "complaint", "3": "renewal", "4": "renewal"}


def test_texts_that_turn_from_right_to_wrong():
    base = {"1": True, "2": True, "3": True, "4": False, "5": True, "6": False}
    tuned = {"1": False, "2": False, "3": False, "4": True, "5": True, "6": False, "7": True}
    found = switched("base", "tuned", {"base": base, "tuned": tuned}, SEGMENT)
    assert (found.only_one, found.only_other) == (("1", "2", "3"), ("4",))
    assert (found.both, found.neither, found.texts) == (1, 1, 6)
    assert found.segments_of_one == (("complaint", 2), ("renewal", 1))
    assert found.segments_of_other == (("renewal", 1),)


def test_the_other_way_round_is_its_mirror():
    right = {"base": {"1": True, "2": False}, "tuned": {"1": False, "2": False}}
    one, other = (switched(*pair, right, {}) for pair in (("base", "tuned"), ("tuned", "base")))
    assert (one.only_one, one.only_other) == (other.only_other, other.only_one) == (("1",), ())


def test_no_text_answered_by_both_is_no_comparison():
    assert switched("base", "tuned", {"base": {"1": True}, "tuned": {"2": True}}, {}) is None
