"""The what-if panel: weights moved by hand, the verdict they would give, and the real one unmoved."""

from advisor.report.what_if import KNOBS
from pages.ui import session

from .reader import Reader

INPUTS = [knob.words for knobs in KNOBS.values() for knob in knobs]


def opened(reader: Reader) -> Reader:
    """The verdict with the panel open."""
    reader.go("verdict")
    reader.at.session_state["what_if"] = True
    reader.at.run()
    assert not reader.at.exception
    return reader


def turned(reader: Reader) -> Reader:
    """The verdict on the same sample with no volume, so that a fine-tuned one is not too dear."""
    volume = reader.case.volume.model_copy(update={"requests_per_month": None})
    session.store().save_case(reader.case.model_copy(update={"volume": volume}), reader.case_id)
    return opened(Reader("compare", case_id=reader.case_id))


def drawn(reader: Reader) -> list[str]:
    return [field.label for field in reader.at.number_input if field.label in INPUTS]


def test_the_panel_is_drawn_when_it_is_opened(sample):
    assert drawn(sample.go("verdict")) == []
    assert drawn(opened(sample)) == INPUTS
    assert "With the shipped figures: base (" in sample.says


def test_other_weights_turn_a_verdict_and_leave_the_real_one(sample):
    sample = turned(sample)
    real = session.store().load_case(sample.case_id)
    card = [title.value for title in sample.at.title]
    # +13.7 holds 25 for practice: a chance of 0.60. With 60 it is 48.7: 0.81, and 0.65 is enough.
    sample.fill("number_input", "What practice says", 60)
    assert "The answer would change: fine-tuned (" in sample.says
    assert "Your answers would suggest +48.7 points instead of +13.7." in sample.says
    assert [title.value for title in sample.at.title] == card
    assert session.store().load_case(sample.case_id) == real
    # Cleared, a figure is the shipped one.
    sample.fill("number_input", "What practice says", None)
    assert "With the shipped figures: base (" in sample.says


def test_back_to_the_shipped_figures(sample):
    opened(sample)
    for label, value in (
        ("Cost", 0),
        ("Chance from which it leans", 0.6),
        ("As dear, within", 0.5),
    ):
        sample.fill("number_input", label, value)
    assert "With the shipped figures" not in sample.says
    sample.click("Back to the shipped figures")
    assert "With the shipped figures: base (" in sample.says
    assert [sample.field("number_input", words).value for words in INPUTS] == [
        knob.shipped for knobs in KNOBS.values() for knob in knobs
    ]


def test_the_analyst_finds_every_turn_in_a_table(sample):
    sample.go("verdict")
    tables = [frame.value for frame in sample.at.dataframe]
    (turns,) = [table for table in tables if "Turns at" in table.columns]
    assert list(turns.columns) == ["Input", "Now", "Turns at", "To"]
    # Hosting is paid by the hour: from here on fine-tuned costs less than 0.8 of base.
    assert list(turns.iloc[0]) == ["Texts a month", "20,000", "1,660,743 or more", "fine-tuned"]
