"""A decision's file with options of any ids, their parameters, and votes and judgments by id."""

import json
from datetime import UTC, datetime

import pytest

from advisor.case.brief import Brief
from advisor.case.case import Judgment
from advisor.case.options import Arm, Judge, Parameters
from advisor.case.run_spec import spec_of
from advisor.errors import BadImport
from advisor.evidence.model import Output, Vote
from advisor.store.archive.file import read_file, write_file
from tests.make import case_at

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
AT = "https://host/v1"
ASKED = Parameters(
    top_p=0.5, response_format={"type": "object"}, stop=("END",), extra={"top_k": 20, "on": True}
)


def filled(store) -> str:
    arms = {
        "maxi": Arm(kind="base", label="Maxi", endpoint=AT, model="maxi", parameters=ASKED),
        "maxi_shown": Arm(
            kind="base", variant="examples", follows="maxi", endpoint=AT, model="maxi"
        ),
        "ours": Arm(kind="tuned", endpoint=AT, model="ft:ours"),
    }
    judge = Judge(endpoint=AT, model="j", pairs=(("maxi", "ours"),))
    brief = Brief(use_case="domain_summarization")
    case = case_at(AT, 2).model_copy(update={"arms": arms, "judge": judge, "brief": brief})
    case_id = store.save_case(case)
    run_id = store.start_run(case_id, spec_of(case), case.run)
    for call in spec_of(case).calls():
        store.keep_calls(
            run_id, ended=[(call, Output(*call.key, "answered", f"{call.arm} says"), None)]
        )
    store.add_vote(run_id, Vote("p0", "ours", "me", "maxi", "ours"))
    store.add_vote(run_id, Vote("p1", "maxi_shown", "me", "maxi_shown", "ours"))
    given = Judgment(
        prompt_id="p0", pair=["maxi", "ours"], preference="maxi", judge="j", order="base_first",
        base_sha256="a", tuned_sha256="b",
    )  # fmt: skip
    store.add_judgments(run_id, [given])
    return case_id


def test_a_decision_with_options_of_any_ids_goes_out_and_in_whole(store):
    case_id = filled(store)
    content = write_file(store.take_out(case_id), NOON)
    again = store.put_in(read_file(content))
    assert write_file(store.take_out(again), NOON) == content
    assert store.load_case(again) == store.load_case(case_id)
    run = store.latest_run(again)
    assert run is not None
    assert run.spec.arms["maxi"].parameters == ASKED
    votes = [(vote.pair, vote.preference) for vote in store.votes(run.id)]
    assert sorted(votes) == [
        (("maxi", "ours"), "ours"),
        (("maxi_shown", "ours"), "maxi_shown"),
    ]
    assert [j.preference for j in store.judgments(run.id)] == ["maxi"]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        pytest.param("votes", "mini", id="a vote for an option of another pair"),
        pytest.param("judgments", "left", id="a judgment by side"),
    ],
)
def test_a_preference_for_neither_option_is_refused(store, part, said):
    value = json.loads(write_file(store.take_out(filled(store)), NOON))
    value["runs"][0][part][0]["preference"] = said
    with pytest.raises(
        BadImport, match=r"preference has to be “maxi”, “ours”, “tie” or “both_bad”"
    ):
        read_file(json.dumps(value).encode())


def test_a_file_with_nine_options_is_refused(store):
    value = json.loads(write_file(store.take_out(filled(store)), NOON))
    for n in range(6):
        value["case"]["arms"][f"o{n}"] = {"kind": "base"}
    with pytest.raises(BadImport, match="9 options are more than can be compared"):
        read_file(json.dumps(value).encode())
