"""What a finance reader and a product manager stumbled over on the first page."""

from decimal import Decimal

import pytest

from advisor.report.report import write_report
from tests.make import FULL, Whole, arm, case, decide, preferred, refs, sample, voted
from tests.report.whole_cases import WHOLE

D = Decimal
UNREAD = "Nobody has read the answers yet."


def answer(report, topic):
    lines = report.first_page.director
    return next(line.text for line in lines if line.topic == topic)


def test_a_sample_shows_what_a_request_would_say_and_asks_for_nothing(tmp_path):
    for name in ("tuned_tickets", "chatbot", "clinic_notes"):
        report = write_report(sample(name, tmp_path / name).decided())
        assert report.first_page.request.startswith("Example of a request: “Please ")
        assert "your volume" not in " ".join(report.first_page.money_notes)
        assert answer(report, "Valid until").startswith("No day, as this is an example.")


def test_a_close_call_by_shared_words_names_the_reading_as_what_is_not_known(tmp_path):
    report = write_report(sample("clinic_notes", tmp_path).decided())
    assert report.headline.endswith(UNREAD)
    first = report.first_page.unknowns[0]
    assert first.question == "Which answers people prefer"
    assert first.settled_by == "Readers vote on the 40 texts of the test, without the names"
    assert first.cost == "about 60 minutes a reader"  # 40 texts of a minute and a half


def test_the_headline_is_not_repeated_in_the_plan(tmp_path):
    report = write_report(sample("clinic_notes", tmp_path).decided())
    assert report.headline.endswith(UNREAD)
    assert not any(UNREAD in line.text for line in report.first_page.director)


def test_a_measure_is_ahead_and_nobody_chose(tmp_path):
    report = write_report(sample("tuned_tickets", tmp_path).decided())
    said = [report.summary, report.pictures.share.said, *(r.text for r in report.reasons)]
    said += [excerpt.preference for excerpt in report.excerpts]
    assert "fine-tuned ahead" in said
    assert not any(word in text for word in ("chose", "clear choice") for text in said)


def test_a_chance_that_leaves_the_test_out_says_why(tmp_path):
    # 22 : 17 by shared words, and 4 in 10.
    report = write_report(sample("clinic_notes", tmp_path).decided())
    assert answer(report, "So far").endswith(
        "Chance that fine-tuning is right: 4 in 10. The sample's test is not in it, as it only counts "
        "shared words."
    )


def test_a_chance_on_the_other_side_of_the_test_says_why():
    brief = FULL | {"strictness": "loose", "gap": "good_enough"}
    whole = voted(case("general_chatbots", texts=40, **brief), preferred(22, 17, 1))
    report = write_report(whole.decided())
    assert "4 in 10 after it; the test speaks for fine-tuned" in report.chance
    assert report.chance.endswith("practice and the questions answered more for base.")
    assert "The test and your answers point different ways" in report.summary
    same_side = voted(case("brand_voice", texts=40, **FULL), preferred(22, 17, 1))
    assert "the test speaks for" not in write_report(same_side.decided()).chance


def test_length_is_not_said_of_one_answer_to_every_text_nor_of_right_answers(tmp_path):
    report = write_report(sample("tuned_tickets", tmp_path).decided())
    assert "gives the same answer to every text" in answer(report, "How sure")
    assert "times as much" not in answer(report, "How sure")


def test_what_is_lost_by_base_speaks_of_the_model_that_is_there(tmp_path):
    report = write_report(sample("chatbot", tmp_path).decided())
    assert answer(report, "If we are wrong") == (
        "We can return to the fine-tuned model: it is trained already. A wrong answer is quickly "
        "fixed. No person reads the answers before they are used."
    )


def test_a_few_open_questions_are_named_beside_their_number_and_many_in_a_list():
    two = write_report(decide(case("brand_voice", **{**FULL, "gap": None, "fact_change": None})))
    assert (
        "10 of 12 questions answered (not: how good the best was and where the facts come from)"
        in (two.rests_on)
    )
    assert not any(said.startswith("Not answered") for said in two.missing)
    many = write_report(WHOLE["6_only_the_use_case"].decided())
    assert "(not:" not in many.rests_on
    (said,) = (said for said in many.missing if said.startswith("Not answered: "))
    assert said.count(",") + said.count(" and ") == 9  # all but the use case, and texts a month


def test_answers_that_wait_for_people_are_what_is_asked_for():
    report = write_report(voted(case("brand_voice", texts=40, **FULL), ()).decided())
    assert report.first_page.request == (
        "Please approve readers for the 40 texts tested, about 60 minutes each, before more money goes "
        "into fine-tuning."
    )
    assert answer(report, "To find out") == "No money: about 60 minutes for each reader."
    assert report.first_page.unknowns[0].question == "Which answers people prefer"
    assert report.rests_on.endswith("40 texts answered, none voted on")
    one = write_report(voted(case("brand_voice", texts=40, **FULL), ["tuned"]).decided())
    assert "readers for the other 39 texts tested, about 58 minutes each" in one.first_page.request


def test_one_vote_is_no_figure_and_says_what_it_replaces():
    whole = voted(refs(case("brand_voice", texts=40, **FULL)), ["tuned"])
    report = write_report(whole.decided())
    assert not any("won" in figure.label for figure in report.figures)
    assert "from the first one on only the 1 text voted on counts." in answer(report, "So far")


@pytest.mark.parametrize("votes", [preferred(20, 14, 6), preferred(50, 4, 6)])
def test_nobody_is_asked_to_decide_by_a_cost_that_is_not_known(votes):
    arms = {"base": arm(None), "tuned": arm(None)}
    request = write_report(
        voted(case("brand_voice", arms, texts=len(votes), **FULL), votes).decided()
    ).first_page.request
    assert "decide by cost" not in request
    assert "what base and fine-tuned would cost" in request or request.endswith(
        "at a cost that is not known yet."
    )


def test_a_trained_model_says_why_nothing_is_due_once(tmp_path):
    rows = write_report(sample("clinic_notes", tmp_path).decided()).first_page.money
    assert [row.one_off for row in rows] == ["none", "none"]
    assert ["already trained" in row.terms for row in rows] == [False, True]


def test_a_total_has_no_cents_and_a_month_that_does_not_multiply_is_said_to_be_rounded():
    # 4,000 texts of 1,500 units are 6 million a month: 60.00 at 10, 1,143.60 at 190.60.
    rows, notes = {}, {}
    for price in (D(10), D("190.60")):
        base = arm(None, input=price, output=D(0))
        page = write_report(Whole(case("classification", {"base": base})).decided()).first_page
        rows[price], notes[price] = page.money[0], page.money_notes
    assert (rows[D(10)].month, rows[D(10)].total) == ("$60.00", "$720")
    # 12 x 1,143.60 is 13,723.20; 12 x 1,144 would be 13,728.
    assert (rows[D("190.60")].month, rows[D("190.60")].total) == ("$1,144", "$13,723")
    rounded = "Amounts are rounded, so that months may not add up to a total."
    assert [rounded in notes[price] for price in rows] == [False, True]


def test_a_range_is_said_by_what_it_holds(tmp_path):
    notes = write_report(sample("chatbot", tmp_path).decided()).first_page.money_notes
    assert any(
        "Range, low to high: volume ±20 %, plus measured variation per text." in said
        for said in notes
    )
