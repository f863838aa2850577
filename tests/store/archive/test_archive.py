"""A decision leaves as one file and comes back as another one, whole."""

import json
import shutil
from dataclasses import fields
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.case.brief import Brief
from advisor.case.case import Case, Judgment, RunSettings
from advisor.case.options import NAMED, Arm, Judge
from advisor.case.run_spec import spec_of
from advisor.case.texts import Prompt
from advisor.errors import BadImport, UnknownCase
from advisor.evidence.model import Output, Vote
from advisor.store.archive.file import FORMAT, MAX_BYTES, read_file, write_file
from advisor.store.archive.model import ArchivedJudgment, ArchivedOutput, ArchivedVote
from advisor.store.repository import Store
from tests.make import SUMMARY, case_at

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = datetime(2027, 5, 22, 9, tzinfo=UTC)


def fill(store: Store, case: Case, answer: str = "An answer.") -> str:
    """A case with a run, a run that judges it, answers, votes and judgments."""
    case_id = store.save_case(case)
    store.keep_standing(case_id, SUMMARY)
    run_id = store.start_run(case_id, spec_of(case), case.run)
    for number, call in enumerate(spec_of(case).calls()):
        outcome = ("answered", "refused", "failed")[number % 3]
        output = Output(
            call.prompt_id, call.arm, call.sample, outcome, answer, "stop", "m-1", "r", "e",
            10, 4, 20, 5, True, 12.5, 99.25, 3,
        )  # fmt: skip
        store.keep_calls(run_id, ended=[(call, output, Decimal("0.00012345678901234567"))])
    store.set_status(run_id, "done")
    for prompt in case.prompts[:2]:
        store.add_vote(run_id, Vote(prompt.id, "tuned", "Zoë", base_quality="as_is"))
        store.add_judgments(
            run_id,
            [
                Judgment(
                    prompt_id=prompt.id,
                    preference="tie",
                    judge="j-1",
                    order=order,
                    base_sha256="a" * 64,
                    tuned_sha256="b" * 64,
                )
                for order in ("tuned_first", "base_first")
            ],
        )
    return case_id


CASE = case_at("http://localhost:1/v1", prompts=3, samples=2).model_copy(
    update={"brief": Brief(use_case="domain_summarization")}
)


def exported(store: Store, case_id: str, at: datetime = NOON) -> bytes:
    return write_file(store.take_out(case_id), at)


def value_of(content: bytes) -> dict:
    return json.loads(content)


def file_with(content: bytes, **changes: object) -> bytes:
    return json.dumps(value_of(content) | changes).encode()


def test_out_and_in_and_out_again_is_the_same_file_but_for_the_time(store):
    content = exported(store, fill(store, CASE))
    again = exported(store, store.put_in(read_file(content)), LATER)
    assert value_of(again)["exported_at"] == "2027-05-22T09:00:00+00:00"
    was, now = b'"exported_at": "2026-11-22T12', b'"exported_at": "2027-05-22T09'
    assert again == content.replace(was, now)
    assert len(value_of(content)["runs"][0]["outputs"]) == 12


def test_names_once_told_are_told_in_the_decision_brought_in(store):
    case = CASE.model_copy(update={"run": RunSettings(samples=1)})
    case_id = store.save_case(case)
    run_id = store.start_run(case_id, spec_of(case), case.run)
    for call in spec_of(case).calls():
        store.keep_calls(
            run_id, ended=[(call, Output(call.prompt_id, call.arm, 0, "answered", "x"), None)]
        )
    ids = [prompt.id for prompt in case.prompts]
    store.add_vote(run_id, Vote(ids[0], "tuned"))
    store.add_vote(run_id, Vote(ids[1], "tuned", "Zoë"))
    store.show_names(run_id, [ids[2]], "me", NOON)
    content = exported(store, case_id)

    def told(file: bytes) -> set[str]:
        (run,) = store.runs(store.put_in(read_file(file)))
        return store.names_told(run.id, "me")

    assert told(content) == {ids[2]}
    # A file of before was written where the owner saw the names after every vote.
    value = value_of(content)
    del value["runs"][0]["names_shown"]
    assert told(json.dumps(value).encode()) == {ids[0]}


def test_it_comes_back_in_a_store_that_never_saw_it(store, tmp_path):
    content = exported(store, fill(store, CASE))
    with_nothing = Store.open(tmp_path / "other.db")
    case_id = with_nothing.put_in(read_file(content))
    assert exported(with_nothing, case_id) == content
    (run,) = with_nothing.runs(case_id)
    mine = store.find_run(spec_of(CASE).spec_hash)
    assert run.spec_hash == mine.spec_hash
    by_key = lambda o: (o.prompt_id, o.arm, o.sample)  # noqa: E731
    assert sorted(with_nothing.outputs(run.id), key=by_key) == sorted(
        store.outputs(mine.id), key=by_key
    )
    assert with_nothing.votes(run.id) == store.votes(mine.id)
    assert with_nothing.judgments(run.id) == store.judgments(mine.id)
    hashes = [call.call_hash for call in spec_of(CASE).calls()]
    assert with_nothing.bought(hashes) == store.bought(hashes)
    with_nothing.close()


def test_a_second_import_is_a_second_decision(store):
    kept = store.take_out(fill(store, CASE))
    first, second = store.put_in(kept), store.put_in(kept, "A copy")
    assert first != second
    assert [title for _, title in store.titles()] == ["A copy", "A test", "A test"]


def test_a_run_that_goes_on_leaves_as_interrupted_without_its_calls_in_flight(store):
    case_id = store.save_case(CASE)
    run_id = store.start_run(case_id, spec_of(CASE), CASE.run)
    store.claim_run(run_id, "host:1", lambda runner, heard: False)
    store.keep_calls(run_id, begun=[next(iter(spec_of(CASE).calls()))])
    (run,) = store.take_out(case_id).runs
    assert (run.status, run.outputs) == ("interrupted", ())


def test_a_judging_run_finds_the_run_it_judges_again(store):
    case_id = fill(store, CASE)
    kept = store.take_out(case_id)
    warmer = CASE.model_copy(update={"run": RunSettings(temperature=1.0)})
    (run,) = kept.runs
    judging = run.model_copy(
        update={"judges": 0, "spec": spec_of(warmer), "outputs": (), "votes": (), "judgments": ()}
    )
    both = kept.model_copy(update={"runs": (run, judging)})
    content = write_file(both, NOON)
    again = store.put_in(read_file(content))
    first, second = store.take_out(again).runs
    asked, judges = (first, second) if second.judges == 0 else (second, first)
    assert (asked.judges, asked.spec) == (None, spec_of(CASE))
    assert judges.spec == spec_of(warmer)
    with store.engine.connect() as connection:
        judged = connection.exec_driver_sql(
            f"select judges from runs where case_id = '{again}' and judges is not null"
        ).scalar()
    assert store.run(judged).case_id == again


def test_neither_a_key_nor_the_name_of_one_is_in_the_file(store):
    arms = {n: arm.model_copy(update={"api_key_env": "MY_KEY"}) for n, arm in CASE.arms.items()}
    case = CASE.model_copy(update={"arms": arms, "judge": Judge(api_key_env="MY_KEY")})
    content = exported(store, store.save_case(case))
    assert b"MY_KEY" not in content
    value = value_of(content)
    value["case"]["arms"]["base"]["api_key_env"] = "OTHER_KEY"
    kept = read_file(json.dumps(value).encode())
    assert kept.case.arms["base"].api_key_env is None


def test_the_file_says_what_it_takes_to_repeat_it(store):
    value = value_of(exported(store, fill(store, CASE)))
    assert list(value)[:4] == ["what", "format", "exported_at", "written_by"]
    assert {"worth-tuning", "genai-prices", "scipy", "python"} <= value["written_by"].keys()
    (run,) = value["runs"]
    assert run["spec"] == spec_of(CASE).model_dump(mode="json")
    assert value["standing"]["decided_on"] == "2026-11-22"


def test_every_field_of_an_output_a_vote_and_a_judgment_is_in_the_file():
    beside = {"cost_usd", "reused", "started_at"}
    assert ArchivedOutput.model_fields.keys() - beside == {field.name for field in fields(Output)}
    assert ArchivedVote.model_fields.keys() - {"created_at"} == {
        field.name for field in fields(Vote)
    }
    assert ArchivedJudgment.model_fields.keys() - {"created_at"} == Judgment.model_fields.keys()


def test_a_long_answer_comes_through_whole(store):
    long = "é😀\u2028\x00" * 50_000
    case_id = store.put_in(read_file(exported(store, fill(store, CASE, long))))
    (run,) = store.runs(case_id)
    assert {output.text for output in store.outputs(run.id)} == {long}


def bad_files() -> dict[str, tuple]:
    def run(**changes):
        return lambda v: {"runs": [v["runs"][0] | changes]}

    def output(**changes):
        def change(v):
            first = v["runs"][0]
            return {"runs": [first | {"outputs": [first["outputs"][0] | changes]}]}

        return change

    twice = lambda v: {"runs": [v["runs"][0]] * 2}  # noqa: E731
    doubled = lambda v: run(outputs=v["runs"][0]["outputs"][:1] * 2)(v)  # noqa: E731
    return {
        "newer format": (lambda v: {"format": FORMAT + 1}, "update the app"),
        "no format": (lambda v: {"format": "1"}, "update the app"),
        "another key": (lambda v: {"later": 1}, "later does not fit"),
        "a key of a newer app": (
            lambda v: {"later": 1, "written_by": {"worth-tuning": "99.0.0"}},
            "written by version 99.0.0",
        ),
        "a long title": (
            lambda v: {"case": v["case"] | {"title": "x" * 3000}},
            "case.title does not fit (String should have at most 200 characters)",
        ),
        "no case": (lambda v: {"case": None}, "case does not fit"),
        "an unknown use case": (
            lambda v: {"case": v["case"] | {"brief": {"use_case": "no such"}}},
            "use case is not known",
        ),
        "a run twice": (twice, "a run is in it twice"),
        "an answer twice": (doubled, "an answer is in it twice"),
        "an answer to nothing": (output(prompt_id="gone"), "belongs to no call"),
        "a sample too many": (output(sample=2), "belongs to no call"),
        "an arm too many": (output(arm="base_examples"), "belongs to no call"),
        "a count too large": (output(input_tokens=2**40), "input_tokens does not fit"),
        "a cost that is none": (output(cost_usd="NaN"), "cost_usd does not fit"),
        "a time without a zone": (output(started_at="2026-11-22T12:00:00"), "started_at"),
        "a run going on": (run(status="running"), "status does not fit"),
        "a text as long as a book": (output(text="x" * 200_001), "more than 200,000 characters"),
        "judges itself": (run(judges=0), "a run judges a run that is not there"),
    }


@pytest.mark.parametrize("name", bad_files())
def test_a_file_that_does_not_fit_is_one_sentence_and_nothing_is_kept(store, name):
    content = exported(store, fill(store, CASE))
    change, said = bad_files()[name]
    with pytest.raises(BadImport) as raised:
        read_file(file_with(content, **change(value_of(content))))
    sentence = str(raised.value)
    assert said in sentence
    assert "\n" not in sentence
    assert len(sentence) < 400
    assert len(store.titles()) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cut short"),
        (b"hello", "not a decision's file"),
        (b"\xff\xfe\x00", "not a decision's file"),
        (b"[]", "not a decision's file"),
        (b'{"title": "another tool"}', "not a decision's file"),
        (b"[" * 100_000, "not a decision's file"),
        (b'{"what": "worth-tuning decision", "format": 1, "x": NaN}', "not a decision's file"),
        (b'{"what": "worth-tuning decision", "format": 1}', "case does not fit"),
        (b" " * (MAX_BYTES + 1), "50 MB is the most"),
    ],
)
def test_what_is_no_decision_is_one_sentence(content, said):
    with pytest.raises(BadImport, match=said):
        read_file(content)


def test_a_file_cut_short_anywhere_is_refused(store):
    content = exported(store, fill(store, CASE)).rstrip()
    for end in range(1, len(content), 97):
        with pytest.raises(BadImport, match="cut short"):
            read_file(content[:end])


def test_half_a_surrogate_pair_is_refused_before_it_is_kept(store):
    content = exported(store, fill(store, CASE)).replace(b"An answer.", b"\\ud800", 1)
    with pytest.raises(BadImport):
        read_file(content)


def test_only_the_owner_takes_a_decision_out(store):
    case_id = fill(store, CASE)
    with pytest.raises(UnknownCase):
        store.for_owner("someone else").take_out(case_id)
    store.delete_case(case_id)
    with pytest.raises(UnknownCase):
        store.take_out(case_id)


def test_when_a_row_can_not_be_kept_nothing_is(store, monkeypatch):
    kept = store.take_out(fill(store, CASE))
    (run,) = kept.runs
    broken = run.model_copy(update={"votes": run.votes[:1] * 2})
    with pytest.raises(Exception, match=r"(?i)unique"):
        store.put_in(kept.model_copy(update={"runs": (broken,)}))
    assert len(store.titles()) == 1


TEXT = st.text(min_size=1, max_size=60)
CASES = st.builds(
    Case,
    title=st.text(min_size=1, max_size=200),
    decided_by=st.none() | st.text(max_size=200),
    review_on=st.none() | st.dates(),
    brief=st.just(Brief(use_case="domain_summarization")),
    prompts=st.lists(
        st.builds(Prompt, id=TEXT, text=TEXT, reference=st.none() | TEXT, cluster=st.none() | TEXT),
        max_size=4,
        unique_by=lambda prompt: prompt.id,
    ).map(tuple),
    arms=st.dictionaries(
        st.sampled_from(NAMED),
        st.builds(Arm, endpoint=TEXT, model=TEXT, system_prompt=st.text(max_size=60)),
        max_size=4,
    ),
    run=st.builds(
        RunSettings,
        samples=st.integers(1, 3),
        temperature=st.none() | st.floats(0, 2),
        timeout_s=st.floats(0, exclude_min=True, allow_infinity=False),
    ),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(case=CASES, answer=st.text())
def test_whatever_a_reader_writes_comes_back_byte_by_byte(
    tmp_path_factory, migrated_file, case, answer
):
    path: Path = tmp_path_factory.mktemp("whole") / "test.db"
    store = Store.open(shutil.copy(migrated_file, path))
    content = exported(store, fill(store, case, answer))
    assert exported(store, store.put_in(read_file(content))) == content
    store.close()


@settings(max_examples=200)
@given(content=st.binary() | st.text().map(str.encode))
def test_no_bytes_break_the_reading(content):
    with pytest.raises(BadImport):
        read_file(content)
