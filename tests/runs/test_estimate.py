"""The price of a run before it starts, worked out by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from advisor.case.case import RunSettings
from advisor.case.currency import Currency
from advisor.case.options import Judge
from advisor.case.run_spec import spec_of
from advisor.evidence.judge.plan import plan_judging
from advisor.evidence.judge.prompt import instruction
from advisor.evidence.run_state import Progress, RunState
from advisor.report.before import before_the_run, how_it_goes, how_the_run_stands, keys_to_enter
from advisor.runs.estimate import estimate_run
from advisor.runs.judge_estimate import estimate_planned
from advisor.words import duration
from pricing.tokens import count_chat_tokens, count_tokens
from tests.make import answer, case_at

URL = "https://api.example.com/v1"


def per_token(arm, input_tokens, output_tokens):
    """A cent for each token that comes out, nothing for those that go in."""
    return Decimal(output_tokens) / 100


def estimate(case, bought=(), earlier=None, price=per_token):
    return estimate_run(case, list(spec_of(case).calls()), set(bought), earlier or {}, price)


def test_without_any_answer_half_of_the_longest_allowed_is_expected():
    found = estimate(case_at(URL, 10, max_output_tokens=100))
    # 20 calls of 10, 50 and 100 tokens at a cent each
    assert (found.low, found.expected, found.high) == (Decimal(2), Decimal(10), Decimal(20))
    assert found.basis == "half of the longest allowed"
    assert (found.calls, found.reused, found.hosts) == (20, 0, ("api.example.com",))
    # 20 calls, 8 at once, 1 s to the first token and 50 tokens at 60 a second
    assert found.seconds == pytest.approx(20 / 8 * (1 + 50 / 60))


def test_approved_answers_say_how_long_an_answer_is():
    case = case_at(URL, 2, max_output_tokens=100)
    texts = [p.model_copy(update={"reference": "one two three"}) for p in case.prompts]
    found = estimate(case.model_copy(update={"prompts": tuple(texts)}))
    assert found.basis == "approved answers"
    assert (found.low, found.expected, found.high) == (Decimal("0.12"), Decimal("0.12"), Decimal(4))


def test_earlier_answers_are_the_surest_and_give_the_time_too():
    sizes = [(10, 1, 1000.0), (20, 8, 2000.0), (90, 1, 3000.0)]
    case = case_at(URL, 10, arms=("base",), concurrency=5, max_output_tokens=100)
    found = estimate(case, earlier={"base": sizes})
    # a tenth of ten answers has 10 tokens; the mean is (10 + 160 + 90) / 10 = 26
    assert (found.low, found.expected, found.high) == (Decimal(1), Decimal("2.6"), Decimal(10))
    assert found.seconds == pytest.approx(10 * 2.0 / 5)
    assert found.basis == "earlier answers"


@pytest.mark.parametrize(
    ("tuned_at", "asked", "seconds"),
    [
        pytest.param("http://localhost:2/v1", {}, 10, id="two addresses inside, 4 at once each"),
        pytest.param("http://localhost:1/v1", {}, 20, id="one address inside, 4 at once"),
        pytest.param("http://localhost:1/v1", {"concurrency": 5}, 16, id="as many as a case says"),
        pytest.param(URL, {}, 10, id="one inside, one outside"),
    ],
)
def test_as_many_are_in_flight_as_an_address_is_asked_at_once(tuned_at, asked, seconds):
    case = case_at("http://localhost:1/v1", 40, **asked)
    tuned = case.arms["tuned"].model_copy(update={"endpoint": f"{tuned_at} "})
    case = case.model_copy(update={"arms": case.arms | {"tuned": tuned}})
    # 40 calls of a second for each of the two options
    second = {name: [(10, 1, 1000.0)] for name in ("base", "tuned")}
    assert estimate(case, earlier=second).seconds == pytest.approx(seconds)


EUR = Currency(code="EUR", per_usd=Decimal("0.5"), rate_on=date(2026, 11, 20))


def test_a_run_is_priced_in_the_currency_of_its_case():
    case = case_at(URL, 10, max_output_tokens=100).model_copy(update={"currency": EUR})
    # 10, 2 and 20 USD, as above.
    said = before_the_run(case, estimate(case))
    assert "about €5.00, from €1.00 to at most €10.00" in said
    assert "$" not in said


def test_a_run_that_goes_on_says_what_it_spent_in_the_currency_of_its_case():
    now = datetime(2026, 11, 22, tzinfo=UTC)
    settings = RunSettings(cap_usd=5)
    run = RunState("r", "c", "h", settings, "running", now, now, None, None, None, None, None)
    progress = Progress(1320, 1071, 0, 0, 0, 0, Decimal(3))
    said = how_the_run_stands(run, progress, recorded=False, currency=EUR)
    assert said == "1,071 of 1,320 answers in. Spent so far: €1.50 of at most €2.50."


def test_what_was_bought_before_costs_nothing():
    case = case_at(URL, 3, max_output_tokens=100)
    calls = list(spec_of(case).calls())
    found = estimate(case, bought=[call.call_hash for call in calls[:4]])
    assert (found.calls, found.reused, found.high) == (2, 4, Decimal(2))
    assert "4 answers are there already and are reused at no cost." in before_the_run(case, found)


def test_a_price_that_is_not_known_is_not_zero():
    found = estimate(case_at(URL, 2), price=lambda arm, *_: None if arm == "tuned" else Decimal(1))
    assert found.low is found.expected is found.high is None
    assert "at a price not known yet" in before_the_run(case_at(URL, 2), found)


def test_the_sentence_before_a_run_says_price_time_and_where_the_texts_go():
    case = case_at(URL, 10, max_output_tokens=100)
    assert before_the_run(case, estimate(case)) == (
        "20 answers to buy for 10 texts: about $10.00, from $2.00 to at most $20.00, in about "
        "5 seconds. This assumes answers half as long as allowed. Your texts go to "
        "api.example.com and are kept on this server. No judge: people only."
    )


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "1 second"),
        (40, "40 seconds"),
        (99.6, "2 minutes"),
        (240, "4 minutes"),
        (9000, "2.5 hours"),
    ],
)
def test_a_duration_is_said_as_one_waits_for_it(seconds, said):
    assert duration(seconds) == said


def test_options_without_their_key_are_named():
    case = case_at("https://api.openai.com/v1", 1)
    assert keys_to_enter(case, {"base", "tuned"}) is None
    assert keys_to_enter(case, {"base"}).startswith("No key is entered for: Fine-tuned.")
    assert keys_to_enter(case_at("http://localhost:11434/v1", 1), set()) is None


def test_how_a_run_goes_is_its_speed_or_what_it_waits_for():
    from datetime import UTC, datetime, timedelta

    from advisor.evidence.run_state import Progress

    now = datetime.now(UTC)
    progress = Progress(400, 243, 0, 1, 8, 0, None)
    first = now - timedelta(seconds=10)
    assert how_it_goes(progress, 40, first, now, 0) == "Asking: 4 a second, about 39 seconds left."
    assert how_it_goes(progress, 5, first, now, 0) == "Asking: 30 a minute, about 5 minutes left."
    assert how_it_goes(progress, 0, None, now, 0) == "Asking."
    assert how_it_goes(progress, 40, first, now, 4.2) == (
        "Waiting for the provider's limit, 4 seconds more."
    )


# A judge


def judged(prompts=10, **run):
    case = case_at(URL, prompts, max_output_tokens=100, **run)
    judge = Judge(endpoint="https://judge.example.org/v1", model="gpt-4o-mini")
    return case.model_copy(update={"judge": judge})


def test_the_judge_is_part_of_price_time_and_hosts():
    found = estimate(judged())
    # 10 texts in 2 orders; a reply of 30, 60 or 1,024 tokens at a cent each
    assert found.judge.calls == 20
    assert (found.judge.low, found.judge.expected) == (Decimal(6), Decimal(12))
    assert found.judge.high == Decimal("204.8")
    assert (found.low, found.expected) == (Decimal(2 + 6), Decimal(10 + 12))
    assert found.seconds == pytest.approx(20 / 8 * (1 + 50 / 60) + 20 / 8 * 2)
    said = before_the_run(judged(), found)
    assert "20 answers to buy for 10 texts: about $22.00" in said
    assert "The judge reads every pair of answers twice" in said
    assert said.endswith("Texts and answers also go to the judge at judge.example.org.")
    assert "people only" not in said


def test_the_judge_reads_instruction_text_and_both_answers():
    def per_input(arm, input_tokens, output_tokens):
        return Decimal(input_tokens) if arm == "judge" else Decimal(0)

    case = judged(1)
    found = estimate(case, price=per_input).judge
    fixed = count_chat_tokens(instruction(case), "", "gpt-4o-mini") + 40
    text = count_tokens("text 0", "gpt-4o-mini")
    assert found.low == 2 * (fixed + text + 10 + 10)
    assert found.expected == 2 * (fixed + text + 50 + 50)


def test_a_judge_of_unknown_price_makes_the_whole_price_unknown():
    found = estimate(judged(), price=lambda arm, *_: None if arm == "judge" else Decimal(1))
    assert found.low is found.expected is found.high is None


def test_two_base_arms_against_tuned_are_two_pairs():
    assert estimate(judged(5, arms=("base", "base_retrieval", "tuned"))).judge.calls == 20
    assert estimate(judged(5, arms=("base",))).judge.calls == 0


def test_with_the_answers_there_the_judge_is_counted_on_what_it_reads():
    case = judged(3)
    outputs = [answer(p.id, arm) for p in case.prompts for arm in ("base", "tuned")]
    plan = plan_judging(case, outputs)
    calls = list(plan.spec.calls())
    found = estimate_planned(case, plan, {calls[0].call_hash}, [(50, 4, 1500.0)], per_token)
    assert (found.calls, found.reused, found.expected) == (5, 1, Decimal("2.5"))
    assert found.seconds == pytest.approx(5 * 1.5 / 5)
