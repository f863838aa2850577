"""What was chosen is not shown any more once a search or a filter leaves it out."""

from advisor.case.brief import Brief
from advisor.case.case import Case
from pages.ui import session
from pricing.offers import offers

from .reader import Reader

OPENAI = next(offer.ref for offer in offers() if offer.provider == "openai")
"""An offer that is closed to newcomers."""


def in_full(reader: Reader) -> str | None:
    return reader.field("selectbox", "One offer in full").value


def offered(reader: Reader, provider: str) -> list[str]:
    """What may be chosen, of one provider or of another."""
    options = reader.field("selectbox", "One offer in full").options
    return [label for label in options if provider in label]


def test_a_search_on_prices_closes_the_offer_that_does_not_fit_it():
    reader = Reader("prices")
    reader.fill("selectbox", "One offer in full", OPENAI)
    assert in_full(reader) == OPENAI
    reader.fill("text_input", "Search offers", "OpenAI")
    assert in_full(reader) == OPENAI  # it fits, so it stays
    open_text = reader.says
    reader.fill("text_input", "Search offers", "Together")
    assert in_full(reader) is None
    assert len(reader.says) < len(open_text)
    assert offered(reader, "OpenAI") == []
    assert offered(reader, "Together")
    reader.fill("text_input", "Search offers", "no such offer")
    assert "No offer fits." in reader.says
    assert in_full(reader) is None
    reader.fill("text_input", "Search offers", "")
    assert in_full(reader) is None


def test_a_provider_or_open_to_a_newcomer_closes_it_too():
    reader = Reader("prices")
    for kind, label, value, without in (
        ("multiselect", "Providers", ["together"], []),
        ("toggle", "Open to new customers", True, False),
    ):
        reader.fill("selectbox", "One offer in full", OPENAI)
        reader.fill(kind, label, value)
        assert in_full(reader) is None
        reader.fill(kind, label, without)


def test_a_search_of_decisions_closes_the_one_that_it_leaves_out_and_begins_at_the_first():
    store = session.store()
    for n in range(25):
        store.save_case(Case(title=f"Letters {n:02}", brief=Brief(use_case="brand_voice")))
    store.save_case(Case(title="Tickets", brief=Brief(use_case="classification")))
    reader = Reader("decisions").click("Older")
    assert "21 to 26 of 26 decisions" in reader.says
    reader.fill("text_input", "Search", "Letters")
    assert "1 to 20 of 25 decisions" in reader.says
    reader.fill("text_input", "Search", "Tickets").click("More")
    assert "Duplicate" in [button.label for button in reader.at.button]
    reader.fill("text_input", "Search", "Letters")
    reader.fill("text_input", "Search", "")
    assert "Duplicate" not in [button.label for button in reader.at.button]
    assert "Less" not in [button.label for button in reader.at.button]


def test_a_filter_of_texts_keeps_the_one_looked_at_where_it_fits(replayed):
    place = "Text, 1 to 40"
    replayed.click("Left").fill("number_input", place, 3)
    third = replayed.at.text[0].value
    replayed.pick("Show", "Not voted")
    assert replayed.at.text[0].value == third
    assert replayed.field("number_input", "Text, 1 to 39").value == 2
    replayed.pick("Show", "All")
    assert (replayed.at.text[0].value, replayed.field("number_input", place).value) == (third, 3)
    replayed.fill("number_input", place, 1)
    voted = replayed.at.text[0].value
    replayed.pick("Show", "Not voted")
    assert replayed.at.text[0].value != voted
    assert replayed.field("number_input", "Text, 1 to 39").value == 1


def test_another_order_of_texts_begins_at_its_first(replayed):
    replayed.fill("number_input", "Text, 1 to 40", 3).fill("selectbox", "Order", "As brought")
    assert replayed.at.text[0].value == replayed.case.prompts[0].text
