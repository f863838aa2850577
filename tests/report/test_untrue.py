"""Sentences that were once untrue of a case, each with the case: see `tests/cases/sentences/`."""

import tomllib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from advisor.case.case import Case
from advisor.evidence.model import Preference, Vote
from advisor.evidence.record import Record
from advisor.report.differences import differences
from advisor.report.report import write_report
from advisor.report.sharing import what_goes_in
from advisor.report.training_file import job_price
from advisor.training.case_file import load_case
from advisor.training.jobs import price_jobs
from advisor.verdict.decision import Decision
from tests.make import FULL, LUNA, Whole, answered, arm, case, decide, preferred, voted
from tests.report.whole_cases import WHOLE

FOLDERS = sorted(
    path.parent for path in Path(__file__).parents[1].glob("cases/sentences/*/SAYS.toml")
)
TODAY = date(2026, 11, 22)


def strings(value: object) -> Iterator[str]:
    """Every text in a report, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from strings(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from strings(part)


def record_of(case: Case, votes: dict[str, Any]) -> Record:
    """All options answered every text, and a reader voted on the first so many, mixed."""
    if not votes:
        return Record()
    quality = votes.get("quality")
    challenger = "base_examples" if "base_examples" in votes else "tuned"
    sides = preferred(votes.get(challenger, 0), votes.get("base", 0), votes.get("tie", 0))
    given = tuple(
        Vote(
            p.id,
            challenger if side == "tuned" else side,
            challenger=challenger,
            base_quality=quality,
            tuned_quality=quality,
        )
        for p, side in zip(case.prompts, sides, strict=False)
    )
    return Record(tuple(answered(case)), given, complete=True, seed=7)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_case_is_told_what_is_true_of_it(folder):
    told = tomllib.loads((folder / "SAYS.toml").read_text("utf-8"))
    case = load_case(folder / "CASE.toml")
    report = write_report(decide(case, record_of(case, told.get("votes", {}))))
    text = "\n".join(strings(report))
    for sentence in told["says"]:
        assert sentence in text
    for sentence in told["never"]:
        assert sentence not in text


def answer(decision: Decision, topic: str) -> str:
    page = write_report(decision).first_page
    lines = (*page.director, *page.legal)
    return next(line.text for line in lines if line.topic == topic)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        pytest.param(-1, "{due}: refresh the prices then", id="tomorrow"),
        pytest.param(0, "The prices are due today: read them again", id="today"),
        pytest.param(1, "Prices are out of date since {due}: read them again", id="yesterday"),
    ],
)
def test_prices_were_due_only_once_their_day_is_over(days, said):
    case = WHOLE["4_test_for_tuned"].case
    due = decide(case).money.prices_good_until
    until = answer(decide(case, today=due + timedelta(days)), "Valid until")
    assert until.startswith(said.format(due=f"{due.day} {due:%b %Y}"))


def judged(voters: tuple[str, ...]) -> Decision:
    """A judge chose fine-tuned in every second of 35 texts, each voter in the first four only."""
    whole = WHOLE["4_test_for_tuned"]
    texts = {
        (o.prompt_id, o.arm): sha256(o.text.encode()).hexdigest() for o in whole.record.outputs
    }
    prompts = whole.case.prompts[:35]
    judgments = [
        {
            "prompt_id": p.id,
            "preference": "base" if n % 2 else "tuned",
            "judge": "a-judge",
            "order": "both",
            "base_sha256": texts[p.id, "base"],
            "tuned_sha256": texts[p.id, "tuned"],
        }
        for n, p in enumerate(prompts)
    ]
    case = Case.model_validate({**whole.case.model_dump(), "judgments": judgments})
    said: list[Preference] = ["tuned"] * 4 + ["base"] * 31
    votes = tuple(
        Vote(p.id, side, voter=voter)
        for voter in voters
        for p, side in zip(prompts, said, strict=True)
    )
    return decide(case, replace(whole.record, votes=votes))


@pytest.mark.parametrize(
    "voters", [pytest.param(("me",), id="you"), pytest.param(("Anna", "Ben"), id="others")]
)
def test_whoever_voted_it_is_the_votes_that_agree_with_the_judge(voters):
    """The same in 2 of the first 4 texts, and in the 15 after them that the judge gave to base."""
    text = "\n".join(strings(write_report(judged(voters)).evidence.sentences))
    assert "Votes and judge agree on 17 of 35 texts" in text
    assert "You and the judge agree" not in text


def test_a_run_with_no_address_sent_nothing_to_anybody_and_is_a_run():
    whole = WHOLE["4_test_for_tuned"]
    arms = {n: a.model_copy(update={"endpoint": "replay:x"}) for n, a in whole.case.arms.items()}
    case = whole.case.model_copy(update={"arms": arms})
    received = answer(decide(case, whole.record), "Who received the texts")
    assert received == "Nobody: the answers were recorded before and are replayed."
    votes = tuple(replace(vote, voter="Anna") for vote in whole.record.votes)
    received = answer(decide(case, replace(whole.record, votes=votes)), "Who received the texts")
    assert received == "1 invited reader; and this app's server, which keeps them."


def test_an_option_that_was_taken_out_received_the_texts_all_the_same():
    whole = WHOLE["4_test_for_tuned"]
    case = whole.case.model_copy(update={"arms": {"base": whole.case.arms["base"]}})
    received = answer(decide(case, whole.record), "Who received the texts")
    assert received.startswith(
        "Your own machine or network (base) and 1 option no longer in this case"
    )
    assert received.endswith("In which region is not recorded here.")


def test_a_judge_that_was_never_asked_received_nothing():
    decision = judged(("me",))
    judge = {"endpoint": "https://api.anthropic.com/v1", "model": "claude-haiku-5-5"}
    case = Case.model_validate({**decision.case.model_dump(), "judge": judge})
    received = answer(decide(case, decision.record), "Who received the texts")
    assert "the judge" not in received


def test_a_door_that_is_shut_to_the_reader_is_not_called_open():
    """Texts go to vendors under contract only, and the one chosen is none."""
    given = {**FULL, "customer_of": {"azure_foundry": "new"}, "can_host": True}
    whole = voted(case("brand_voice", texts=60, **given), preferred(10, 44, 6))
    wrong = answer(whole.decided(), "If we are wrong")
    assert wrong.startswith("We can still fine-tune later, at another place: any open model")


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        pytest.param("idea", "No training is bought.", id="nothing is in use"),
        pytest.param("base_in_use", "The base model does the work", id="base is"),
    ],
)
def test_only_a_model_in_use_does_the_work(stage, said):
    whole = Whole(case("translation", {}, stage=stage))
    assert answer(whole.decided(), "Until then").startswith(said)


@pytest.mark.parametrize(
    ("stage", "said"),
    [
        pytest.param("tuned_live", "Go on with the fine-tuned gpt-4.1-mini", id="live"),
        pytest.param("tuned_on_trial", "on trial.", id="on trial"),
    ],
)
def test_a_live_model_is_not_said_to_be_on_trial(stage, said):
    """Without an hour to pay for, fine-tuned is not so much dearer that base would be named."""
    tuned = arm("azure_foundry:gpt-4.1-mini:SFT/DPO global", hosting_per_hour=Decimal(0))
    arms = {"base": arm(LUNA), "tuned": tuned}
    whole = Whole(case("brand_voice", arms, texts=40, **{**FULL, "stage": stage}))
    summary = write_report(whole.decided()).summary
    assert said in summary
    assert ("on trial" in summary) is (stage == "tuned_on_trial")


def test_answers_that_lean_are_not_said_to_lean_neither_way():
    """20 (pairs) - 15 (tried) + 4.5 (facts) + 10 (form) + 5 (a task that stays): 24.5, so 0.68."""
    given = {**FULL, "stage": "base_in_use", "tried": (), "gap": None, "task_change": "frozen"}
    report = write_report(Whole(case("brand_voice", {}, **given)).decided())
    summary = report.summary
    assert report.firmness == "try_first"
    assert "If it falls short, fine-tuning is probably the right call: 7 in 10." in summary
    assert "Nothing you answered leans" not in summary


def test_few_pairs_hold_nothing_against_a_use_case_for_base():
    def practice(use_case):
        decision = Whole(case(use_case, {}, training_pairs=120)).decided()
        return next(r.text for r in write_report(decision).reasons if r.topic == "Practice")

    assert "are few: fine-tuning becomes likely from 200 on" in practice("brand_voice")
    assert "are few" not in practice("general_chatbots")


def test_two_unknown_costs_are_not_the_same():
    report = write_report(
        Whole(case("brand_voice", {"base": arm(None, input=Decimal("0.8"))}, **FULL)).decided()
    )
    row = next(d for d in differences(report, report) if d.topic == "Base, a month")
    assert row.words == "not known in either"


def test_a_judge_of_one_order_is_not_said_to_have_seen_base_first():
    """Fine-tuned always stood first here."""
    decision = judged(())
    judgments = [j.model_copy(update={"order": "tuned_first"}) for j in decision.case.judgments]
    given = decision.case.model_copy(update={"judgments": tuple(judgments)})
    text = "\n".join(strings(write_report(decide(given, decision.record))))
    assert "Some texts were judged in one order only" in text
    assert "saw base first" not in text


def test_enough_texts_without_a_person_are_not_said_to_be_too_few():
    """A costly error: the judge alone is clear, 50 to 0, and no person has looked."""
    whole = voted(case("brand_voice", texts=60, **{**FULL, "error_cost": "high"}), [])
    texts = {
        (o.prompt_id, o.arm): sha256(o.text.encode()).hexdigest() for o in whole.record.outputs
    }
    judgments = [
        {
            "prompt_id": p.id,
            "preference": "tuned",
            "judge": "a-judge",
            "order": "both",
            "base_sha256": texts[p.id, "base"],
            "tuned_sha256": texts[p.id, "tuned"],
        }
        for p in whole.case.prompts[:50]
    ]
    clear = Case.model_validate({**whole.case.model_dump(), "judgments": judgments})
    decision = decide(clear, whole.record)
    assert decision.evidence.word == "not_enough"
    text = "\n".join(strings(write_report(decision)))
    assert "no person has checked this test" in text
    assert "too few texts to tell" not in text


@pytest.mark.parametrize(
    ("arms", "said"),
    [
        pytest.param({}, "No price is used yet.", id="none"),
        pytest.param(
            {"base": arm(None, input=Decimal(1), output=Decimal(2))},
            "No price from a list is used",
            id="own",
        ),
        pytest.param({"base": arm(LUNA)}, "The oldest price here was read on", id="listed"),
    ],
)
def test_how_long_prices_hold_is_said_of_prices_there_are(arms, said):
    assert write_report(Whole(case("brand_voice", arms)).decided()).valid_until.startswith(said)


@pytest.mark.parametrize(
    ("arms", "taxed"),
    [
        pytest.param(
            {"base": arm(None, input=Decimal(1), output=Decimal(2))}, False, id="own figures"
        ),
        pytest.param({"base": arm(LUNA)}, True, id="list prices"),
    ],
)
def test_whether_tax_is_in_is_known_of_list_prices_only(arms, taxed):
    notes = write_report(Whole(case("brand_voice", arms)).decided()).first_page.money_notes
    assert notes[-1] == ("In USD; list prices are without tax." if taxed else "In USD.")


def test_a_base_models_stop_date_is_looked_up():
    costs = write_report(WHOLE["4_test_for_tuned"].decided()).costs
    assert {row.arm: row.until for row in costs}["base"] == (
        "No stop date is announced, as of 30 Nov 2026"
    )


@pytest.mark.parametrize(
    ("quoted", "said"),
    [
        pytest.param(0, "It quotes no text, as none has both answers yet.", id="before a run"),
        pytest.param(2, "It quotes 2 of your texts with both answers.", id="two"),
    ],
)
def test_a_link_quotes_as_many_texts_as_there_are(quoted, said):
    assert said in what_goes_in(9, quoted, with_texts=True, may_copy=False)


def test_training_that_is_free_is_the_lowest_price():
    jobs = price_jobs(1_000_000, 3, TODAY, None)
    assert [job for job in jobs if job.can_train and job.usd == 0]
    assert job_price(jobs).startswith("A training job at list price: from $0.00 (")


def test_one_pair_is_one_pair():
    few = Whole(case("brand_voice", {}, stage="idea", training_pairs=1)).decided()
    assert (
        write_report(few).gates[0].startswith("Too few approved pairs. You have 1 approved pair; ")
    )
