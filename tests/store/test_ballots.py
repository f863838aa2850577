"""A link for each voter, and what whoever holds one may and may not do."""

from datetime import UTC, datetime, timedelta

import pytest

from advisor.case.run_spec import spec_of
from advisor.errors import BadVoter, BallotClosed, UnknownRun
from advisor.evidence.model import Output, Vote
from advisor.evidence.people.blind import Said, sides_of
from advisor.store.repository import Store
from tests.make import case_at

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CASE = case_at("http://localhost:1/v1", prompts=6)
CASE = CASE.model_copy(
    update={
        "prompts": tuple(
            p.model_copy(update={"reference": f"approved {p.id}"}) for p in CASE.prompts
        )
    }
)


@pytest.fixture
def run_id(store: Store) -> str:
    """Six texts: p0 to p3 answered by both, p4 by one, p5 refused by one."""
    run_id = store.start_run(store.save_case(CASE), spec_of(CASE), CASE.run)
    for call in spec_of(CASE).calls():
        if (call.prompt_id, call.arm) == ("p4", "tuned"):
            continue
        refused = (call.prompt_id, call.arm) == ("p5", "base")
        said = "" if refused else f"{call.arm} on {call.prompt_id}"
        output = Output(call.prompt_id, call.arm, 0, "refused" if refused else "answered", said)
        store.keep_calls(run_id, ended=[(call, output, None)])
    return run_id


def opened(store: Store, run_id: str, voter: str = "Anna"):
    token = store.make_ballots(run_id, [voter], NOW)[voter]
    ballot = store.open_ballot(token, NOW)
    assert ballot is not None
    return ballot


def test_a_token_has_256_bits_and_stands_nowhere_in_the_database(store, run_id):
    tokens = store.make_ballots(run_id, ["Anna", "Ben"], NOW)
    assert list(tokens) == ["Anna", "Ben"]
    assert len(set(tokens.values())) == 2
    assert all(len(token) == 43 for token in tokens.values())  # 32 bytes, 6 bits a letter
    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql("select * from ballots").all()
    assert not [value for row in rows for value in row if value in tokens.values()]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ([], "Enter a name"),
        (["Anna", " "], "Enter a name"),
        (["me"], "stands for another"),
        (["The judge"], "stands for another"),
        (["Anna", "anna "], "is there twice"),
        (["Ben", "CARL"], "CARL has a link already"),
        (["x" * 61], "too long"),
        ([f"v{n}" for n in range(50)], "50 voters at most"),
    ],
)
def test_a_name_that_does_not_do_makes_no_ballot_at_all(store, run_id, names, said):
    store.make_ballots(run_id, ["Carl"], NOW)
    with pytest.raises(BadVoter, match=said):
        store.make_ballots(run_id, names, NOW)
    assert [row.voter for row in store.ballots(run_id)] == ["Carl"]


def test_only_the_owner_makes_lists_and_revokes(store, run_id):
    token = store.make_ballots(run_id, ["Anna"], NOW)["Anna"]
    other = store.for_owner("someone else")
    with pytest.raises(UnknownRun):
        other.make_ballots(run_id, ["Ben"], NOW)
    assert other.ballots(run_id) == []
    other.revoke_ballot(run_id, "Anna", NOW)
    assert store.open_ballot(token, NOW) is not None


def test_a_stranger_of_any_owner_opens_it(store, run_id):
    token = store.make_ballots(run_id, ["Anna"], NOW, asked_by="  Mo  of claims ")["Anna"]
    ballot = store.for_owner("nobody").open_ballot(token, NOW)
    assert (ballot.voter, ballot.asked_by, ballot.texts) == ("Anna", "Mo of claims", 6)


def test_wrong_expired_revoked_and_deleted_are_answered_alike(store, run_id):
    tokens = store.make_ballots(run_id, ["Anna", "Ben"], NOW)
    assert store.open_ballot("", NOW) is None
    assert store.open_ballot("\ud800", NOW) is None
    assert store.open_ballot(tokens["Anna"] + "x", NOW) is None
    assert store.open_ballot(tokens["Anna"], NOW + timedelta(days=59, hours=23)) is not None
    assert store.open_ballot(tokens["Anna"], NOW + timedelta(days=60)) is None
    store.revoke_ballot(run_id, "Anna", NOW)
    assert store.open_ballot(tokens["Anna"], NOW) is None
    assert store.open_ballot(tokens["Ben"], NOW) is not None
    store.delete_case(store.run(run_id).case_id)
    assert store.open_ballot(tokens["Ben"], NOW) is None


def test_a_revoked_voter_may_be_asked_again_and_keeps_the_votes(store, run_id):
    old = store.make_ballots(run_id, ["Anna"], NOW)["Anna"]
    ballot = store.open_ballot(old, NOW)
    ballot.say(ballot.ready()[0], Said("tie"), NOW)
    store.revoke_ballot(run_id, "Anna", NOW)
    new = store.make_ballots(run_id, ["anna"], NOW)["anna"]
    assert store.open_ballot(old, NOW) is None
    again = store.open_ballot(new, NOW)
    assert again.voter == "Anna"
    assert len(again.said()) == 1
    (row,) = store.ballots(run_id)
    assert (row.voter, row.votes, row.revoked_at) == ("Anna", 1, None)


def test_texts_that_both_answered_come_in_the_order_of_the_evidence(store, run_id):
    ballot = opened(store, run_id)
    order = store.kept_order(store.run_state(run_id), [p.id for p in CASE.prompts])
    ready = [ballot.item(number).text for number in ballot.ready()]
    assert ready == [f"text {p[1:]}" for p in order if p not in ("p4", "p5")]


def test_an_item_shows_both_answers_each_on_its_side_and_the_approved_one(store, run_id):
    ballot = opened(store, run_id)
    for number in ballot.ready():
        item = ballot.item(number)
        prompt_id = "p" + item.text.removeprefix("text ")
        sides = sides_of(run_id, prompt_id, "Anna")
        assert (item.left, item.right) == tuple(f"{arm} on {prompt_id}" for arm in sides)
        assert item.approved == f"approved {prompt_id}"


def test_a_text_changed_since_is_shown_as_it_was_asked_without_an_approved_answer(store, run_id):
    changed = tuple(p.model_copy(update={"text": "another text"}) for p in CASE.prompts)
    case_id = store.run(run_id).case_id
    store.save_case(CASE.model_copy(update={"prompts": changed}), case_id)
    ballot = opened(store, run_id)
    item = ballot.item(ballot.ready()[0])
    assert item.text.startswith("text ")
    assert item.approved == ""


def test_votes_are_kept_by_arm_and_read_back_by_side(store, run_id):
    ballot = opened(store, run_id)
    first, second, third, fourth = ballot.ready()
    given = {
        first: Said("left", "as_is", "no"),
        second: Said("right", None, "small_edits"),
        third: Said("tie"),
        fourth: Said("both_bad", "no", "no"),
    }
    for number, said in given.items():
        ballot.say(number, said, NOW)
    assert ballot.said() == given
    kept = {vote.prompt_id: vote for vote in store.votes(run_id)}
    assert {vote.voter for vote in kept.values()} == {"Anna"}
    prompt_id = "p" + ballot.item(first).text.removeprefix("text ")
    left = sides_of(run_id, prompt_id, "Anna")[0]
    quality = {"base": ("as_is", "no"), "tuned": ("no", "as_is")}[left]
    assert kept[prompt_id] == Vote(
        prompt_id, left, "Anna", base_quality=quality[0], tuned_quality=quality[1]
    )


def test_one_vote_per_voter_and_text_and_no_voter_sees_anothers(store, run_id):
    store.add_vote(run_id, Vote("p0", "base"))
    anna, ben = opened(store, run_id), opened(store, run_id, "Ben")
    number = anna.ready()[0]
    anna.say(number, Said("left"), NOW)
    anna.say(number, Said("right"), NOW)
    assert ben.said() == {}
    assert anna.said() == {number: Said("right")}
    assert [row.votes for row in store.ballots(run_id)] == [1, 0]
    assert len(store.votes(run_id)) == 2


def test_after_the_voter_was_told_nothing_can_be_changed(store, run_id):
    ballot = opened(store, run_id)
    first, second = ballot.ready()[:2]
    ballot.say(first, Said("left"), NOW)
    with pytest.raises(BallotClosed):
        ballot.told(NOW)
    ballot.reveal(NOW)
    for number in (first, second):
        with pytest.raises(BallotClosed, match="your votes stand"):
            ballot.say(number, Said("right"), NOW)
    (told,) = ballot.told(NOW)
    (vote,) = store.votes(run_id)
    assert told.said == Said("left")
    assert (told.left == "tuned") == (vote.preference == "tuned")
    assert store.ballots(run_id)[0].revealed_at == NOW


def test_a_page_left_open_writes_nothing_once_the_link_is_revoked(store, run_id):
    ballot = opened(store, run_id)
    store.revoke_ballot(run_id, "Anna", NOW)
    with pytest.raises(BallotClosed, match="takes no votes"):
        ballot.say(ballot.ready()[0], Said("left"), NOW)
    assert store.votes(run_id) == []


def test_a_ballot_hands_out_no_arm_no_model_and_nothing_else(store, run_id):
    ballot = opened(store, run_id)
    public = {name for name in dir(ballot) if not name.startswith("_")}
    assert public == {
        "asked_by", "called", "check_open", "id", "is_revealed", "item", "key", "names", "number",
        "ready", "reveal", "said", "say", "show_names", "texts", "told", "voter", "works",
    }  # fmt: skip


def test_voters_meet_different_sides():
    met = {sides_of("run", f"p{n}", voter) for n in range(20) for voter in ("Anna", "Ben")}
    assert met == {("base", "tuned"), ("tuned", "base")}
    anna, ben = ([sides_of("run", f"p{n}", v) for n in range(40)] for v in ("Anna", "Ben"))
    assert 10 <= sum(one == other for one, other in zip(anna, ben, strict=True)) <= 30
