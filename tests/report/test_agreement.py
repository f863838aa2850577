"""How far voters agree, in words: on the page, in the PDF and in JSON."""

import io
import json
from dataclasses import replace

import pytest
from pypdf import PdfReader

from advisor.evidence.model import Vote
from advisor.report.as_json import decision_json
from advisor.report.pdf import render_pdf
from tests.report.whole_cases import FULL, Whole, case, preferred, voted


def two_voters(apart: int, texts: int = 40) -> Whole:
    """Anna prefers now one, now the other; Ben says otherwise on the first texts."""
    whole = voted(
        case("domain_summarization", texts=texts, **FULL), preferred(texts // 2, texts // 2)
    )
    turned = {"tuned": "base", "base": "tuned"}
    anna = [replace(vote, voter="Anna") for vote in whole.record.votes]
    ben = [
        Vote(v.prompt_id, turned[v.preference] if n < apart else v.preference, "Ben")
        for n, v in enumerate(anna)
    ]
    return replace(whole, record=replace(whole.record, votes=(*anna, *ben)))


@pytest.mark.parametrize(
    ("apart", "said"),
    [
        # 20 against 20 on both sides: kappa = 1 - 2 x apart / 40.
        (0, "Anna and Ben said the same on 40 of 40: kappa 1.00 (1.00 to 1.00), almost complete."),
        (8, "Anna and Ben said the same on 32 of 40: kappa 0.60 (0.35 to 0.85), moderate."),
        (16, "Anna and Ben said the same on 24 of 40: kappa 0.20 (-0.10 to 0.50), hardly any."),
    ],
)
def test_two_voters(apart, said):
    decision = two_voters(apart).decided()
    (row,) = decision.report.agreement
    assert row.sentence == said
    assert said in decision.report.evidence.sentences
    assert ("matter of taste" in row.note) == (apart == 16)
    assert json.loads(decision_json(decision))["agreement"][0]["sentence"] == said


def test_few_common_texts_give_counts_only():
    (row,) = two_voters(1, texts=4).decided().report.agreement
    assert (row.sentence, row.kappa, row.word) == (
        "Anna and Ben said the same on 3 of 4.",
        "",
        "",
    )


def test_the_owner_is_you_and_one_voter_alone_agrees_with_nobody():
    whole = two_voters(8)
    votes = tuple(replace(v, voter="me") if v.voter == "Anna" else v for v in whole.record.votes)
    report = replace(whole, record=replace(whole.record, votes=votes)).decided().report
    assert report.agreement[0].who == "You and Ben"
    alone = tuple(v for v in votes if v.voter == "me")
    report = replace(whole, record=replace(whole.record, votes=alone)).decided().report
    assert report.agreement == ()


def test_the_pdf_says_it():
    pdf = PdfReader(io.BytesIO(render_pdf(two_voters(16).decided().report)))
    text = " ".join(" ".join(page.extract_text() for page in pdf.pages).split())
    assert "Anna and Ben said the same on 24 of 40" in text
