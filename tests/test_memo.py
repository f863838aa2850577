"""What is kept by content is worked out once, and only while it is among the last."""

from dataclasses import dataclass

from advisor.memo import memoised_by_value


@dataclass(frozen=True)
class Asked:
    names: list[str]


def test_an_equal_value_is_not_worked_out_again_and_another_one_is():
    worked_out = []

    @memoised_by_value(2)
    def longest(asked: Asked) -> str:
        worked_out.append(asked)
        return max(asked.names, key=len)

    assert longest(Asked(["a", "bb"])) == longest(Asked(["a", "bb"])) == "bb"
    assert len(worked_out) == 1
    assert longest(Asked(["a", "bbb"])) == "bbb"
    assert longest(Asked(["a", "bb"])) == "bb"
    assert len(worked_out) == 2
    longest(Asked(["c"]))  # the one asked for least lately goes
    longest(Asked(["a", "bb"]))
    assert len(worked_out) == 3
    longest(Asked(["a", "bbb"]))
    assert len(worked_out) == 4
