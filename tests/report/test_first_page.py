"""What is forwarded: an approval where it is decided, a plan where it is not; nobody is misled."""

from datetime import date
from decimal import Decimal

import pytest

from advisor.case.options import Judge
from advisor.evidence.model import Vote
from advisor.report.for_legal import host_of
from advisor.report.how import how_it_is_computed
from advisor.report.report import write_report
from advisor.verdict.rules import load_rules
from tests.make import FULL, LUNA, Whole, arm, case, decide, preferred, sample, voted
from tests.report.whole_cases import WHOLE

KINDS = {name: "ask" if name[0] in "12345" and name != "4_sample" else "plan" for name in WHOLE}


def first(name):
    return write_report(WHOLE[name].decided()).first_page


def answer(page, topic):
    lines = (*page.director, *page.legal, *page.signed)
    return next(line.text for line in lines if line.topic.startswith(topic))


@pytest.mark.parametrize("name", WHOLE)
def test_only_what_is_decided_or_impossible_asks_for_approval(name):
    page = first(name)
    assert page.kind == KINDS[name]
    assert page.request.startswith("Please ")
    assert (page.kind == "plan") == bool(page.unknowns)
    assert len(page.unknowns) <= 3
    assert page.not_advice == "This is not legal advice."


def test_a_director_reads_amount_surety_and_what_is_lost():
    page = first("4_test_for_tuned")
    assert "going on with the fine-tuned gpt-4.1-mini" in page.request
    assert answer(page, "Amount").startswith("$13,375 over 10.7 months, $13,364 to $13,385: $30.00")
    assert "chose fine-tuned 41 times, base 11 times, no difference 8" in answer(page, "How sure")
    assert "the tuned model stops on 14 Oct 2027" in answer(page, "Valid until")
    assert "The $30.00 of training is lost" in answer(page, "If we are wrong")


@pytest.mark.parametrize(
    ("today", "door", "until"),
    [
        pytest.param(
            date(2027, 4, 14),
            "We can still fine-tune later: Azure (Microsoft Foundry) takes training until 14 Apr 2027.",
            "training closes on 14 Apr 2027.",
            id="the last day to train",
        ),
        pytest.param(
            date(2027, 4, 15),
            "We can still fine-tune later, at another place: ",
            "the tuned model stops on 14 Oct 2027.",
            id="the day after",
        ),
    ],
)
def test_a_door_that_has_closed_is_not_called_open(today, door, until):
    whole = WHOLE["5_level_and_base_is_cheaper"]
    brief = whole.case.brief.model_copy(update={"stage": "base_in_use"})
    before = whole.case.model_copy(update={"brief": brief})
    page = write_report(decide(before, whole.record, today)).first_page
    assert answer(page, "If we are wrong").startswith(door)
    assert answer(page, "Valid until").endswith(until)


def test_a_plan_says_what_is_not_known_and_what_settling_it_costs():
    page = first("6_only_the_use_case")
    assert [one.question for one in page.unknowns] == [
        "Which option answers better on your own texts",
        "Whether the approved answers may train a model",
        "Where the model would be fine-tuned",
    ]
    assert page.unknowns[1].cost == "No money: one question"
    assert page.money == ()
    assert page.money_notes == ("No model is chosen yet, so there is no cost to budget.",)


def test_a_plan_never_says_that_a_tie_is_a_proof():
    assert "Too few texts to tell; this doesn't mean they are equal." in answer(
        first("6_suggested_base_few_texts"), "So far"
    )


def test_once_and_months_add_up_to_the_total():
    decision = WHOLE["4_test_for_tuned"].decided()
    months = decision.money.cost.months_of_use
    for row in write_report(decision).first_page.money:
        once, month, total, low, high = (
            Decimal(text.replace("none", "0").strip("$").replace(",", ""))
            for text in (row.one_off, row.month, row.total, row.low, row.high)
        )
        assert once + month * months == pytest.approx(total, rel=Decimal("0.01"))
        assert low <= total <= high


def test_own_rates_are_not_called_list_prices():
    arms = {"base": arm(None, input=Decimal(3), output=Decimal(6)), "tuned": arm(None)}
    rows = write_report(Whole(case("classification", arms)).decided()).first_page.money
    assert rows[0].terms == "Own figures; the contract says what can be ended"
    assert rows[1].terms == "No price chosen yet"


def test_who_decided_and_when_it_is_looked_at_again_are_read_or_left_blank():
    blank = WHOLE["4_test_for_tuned"].case
    said = blank.model_copy(update={"decided_by": "R. Amsel", "review_on": date(2027, 7, 1)})
    page = write_report(Whole(said, WHOLE["4_test_for_tuned"].record).decided()).first_page
    assert (answer(page, "Decided by"), answer(page, "Look again")) == ("R. Amsel", "1 Jul 2027")
    page = first("4_test_for_tuned")
    assert (answer(page, "Decided by"), answer(page, "Look again")) == ("", "")
    # Three months before the tuned model stops, or when its price was read too long ago by then.
    coming = [date(2027, 7, 14), WHOLE["4_test_for_tuned"].decided().money.prices_good_until]
    latest = min(when for when in coming if when > WHOLE["4_test_for_tuned"].decided().today)
    assert page.signed[2].topic == f"Look again on, at the latest {latest.day} {latest:%b %Y}"


@pytest.mark.parametrize(
    ("endpoint", "shown"),
    [
        pytest.param("https://api.openai.com/v1", "OpenAI, api.openai.com", id="a known company"),
        pytest.param(
            "https://our-bank.openai.azure.com/openai/v1",
            "Azure OpenAI, v1, openai.azure.com",
            id="not the account's name",
        ),
        pytest.param(
            "https://u:k@llm.example.com:8443/secret/v1?key=k", "llm.example.com", id="host"
        ),
        pytest.param("http://localhost:8000/v1", "your own machine or network", id="this machine"),
        pytest.param("http://10.1.2.3/v1", "your own machine or network", id="private address"),
        pytest.param("http://llm.internal/v1", "your own machine or network", id="inside"),
        pytest.param("http://[", "your own machine or network", id="not an address"),
    ],
)
def test_legal_reads_companies_and_hosts_never_a_whole_address(endpoint, shown):
    assert host_of(endpoint) == shown


def test_legal_reads_who_received_the_texts():
    arms = {
        "base": arm().model_copy(update={"endpoint": "https://api.openai.com/v1"}),
        "tuned": arm().model_copy(update={"endpoint": "http://localhost:1/v1"}),
    }
    whole = voted(case("brand_voice", arms, texts=40, **FULL), preferred(30, 5, 5))
    votes = tuple(Vote(v.prompt_id, v.preference, voter="ana") for v in whole.record.votes)
    asked = whole.case.model_copy(update={"judge": Judge(endpoint="https://j.example", model="j")})
    record = type(whole.record)(whole.record.outputs, votes)
    text = answer(write_report(Whole(asked, record).decided()).first_page, "Who received")
    assert "OpenAI, api.openai.com (base)" in text
    assert "your own machine or network (fine-tuned)" in text
    assert "1 invited reader" in text
    assert "j.example" not in text  # it was not asked


def test_own_texts_are_out_unless_ticked(tmp_path):
    whole = WHOLE["4_test_for_tuned"]
    assert answer(write_report(whole.decided()).first_page, "Texts in this").startswith("None.")
    shown = write_report(whole.decided(), show_texts=True).first_page
    assert answer(shown, "Texts in this").startswith("3 texts of your own")
    of_sample = write_report(sample("clinic_notes", tmp_path).decided()).first_page
    assert "none of your own" in answer(of_sample, "Texts in this")
    assert answer(of_sample, "Who received").startswith("Nobody:")


def test_the_spend_ends_where_the_tuned_model_stops():
    spend = first("4_test_for_tuned").spend
    assert spend.stop == "tuned model stops 14 Oct 2027"
    assert [line.months[-1] for line in spend.lines] == pytest.approx([10.71, 10.71], abs=0.01)
    assert [line.amounts[0] for line in spend.lines] == [0, 30]
    assert spend.ticks[0] == (0.0, "$0")
    assert spend.ticks[-1][0] >= max(max(line.amounts) for line in spend.lines)


def test_the_method_takes_ten_lines_and_its_figures_are_the_rules():
    lines = how_it_is_computed(load_rules())
    assert len(lines) == 10
    assert "fewer than 10 approved answers" in lines[1]
    assert "reaches 20 (100 where a wrong answer is costly)" in lines[3]


@pytest.mark.parametrize("name", ["6_suggested_fine_tuned", "6_trade_off"])
def test_a_page_that_stays_with_base_says_in_one_breath_why(name):
    page, whole = first(name), write_report(WHOLE[name].decided())
    why = "Fine-tuning is probably the right call (8 in 10), but it costs $1,247 more a month and "
    assert whole.headline == "Base, for now: fine-tuned must first show that it is worth its price."
    assert why in whole.summary
    assert why in answer(page, "So far")
    assert answer(page, "Until then") == (
        "The base model does the work, at $1.40 a month. A longer trial of the fine-tuned model costs "
        "up to $1,246 a month, model cost only; no further training is bought."
    )
    assert "stays on trial" not in answer(page, "Until then")


def test_a_step_before_tuning_says_when_the_chance_holds():
    found = FULL | {"tried": ("prompt",), "stage": "base_in_use", "training_pairs": 1000}
    report = write_report(decide(case("brand_voice", {"base": arm(LUNA)}, **found)))
    assert report.headline == "Base, for now: try a few examples in the instruction first."
    assert (
        "That costs little and may be enough. If it falls short, fine-tuning is probably the right "
        "call: 8 in 10."
    ) in report.summary
    assert "chance for fine-tuning 8 in 10 if that falls short" in report.rests_on


def test_where_no_month_is_known_the_page_says_about_what_it_costs():
    # 1,000 texts of 1,000 units at 0.10 a million and 200 at 0.50: 0.10 + 0.10.
    cost = answer(first("6_only_the_use_case"), "Cost")
    assert cost.startswith(
        "For 1,000 texts of 750 words, each answered in 150: roughly $0.20 with "
    )
    # 4,000 texts of the case, as its own options would cost: 1.40.
    assert "At 4,000 texts a month: roughly $1.40 a month with gpt-6-luna at OpenAI; " in answer(
        first("6_nothing_was_tried"), "Cost"
    )
    known = [line.topic for line in first("6_suggested_fine_tuned").director]
    assert "Cost" not in known


def test_nobody_is_told_to_sign_a_sample(tmp_path):
    report = write_report(sample("clinic_notes", tmp_path).decided())
    assert report.first_page.request == (
        "Example of a request: “Please stay with base: it costs $6.80 a month, fine-tuned $584 a "
        "month, and the test can't tell which answers better.”"
    )
    said = answer(report.first_page, "Valid until")
    assert said == (
        "No day, as this is an example. Its oldest price is of 20 Aug 2026: refresh the prices before "
        "using an amount."
    )
    assert report.valid_until == "The oldest price here was read on 20 Aug 2026."
