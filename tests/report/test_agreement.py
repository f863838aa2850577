"""How far voters agree, in words: on the page, in the PDF and in JSON."""

import io
import json
import re
from dataclasses import replace

import pytest
from pypdf import PdfReader

from advisor.evidence.model import Vote
from advisor.report.agreement import who_is_who
from advisor.report.as_json import decision_json
from advisor.report.model import Report
from advisor.report.pdf.render import render_pdf
from advisor.report.report import write_report
from advisor.report.snapshot import freeze, handed_on
from tests.make import FULL, Whole, case, preferred, voted


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
        (
            0,
            "40 of 40: kappa 1.00 (1.00 to 1.00), almost complete.",
        ),
        (
            8,
            "32 of 40: kappa 0.60 (0.35 to 0.85), moderate.",
        ),
        (
            16,
            "24 of 40: kappa 0.20 (-0.10 to 0.50), hardly any.",
        ),
    ],
)
def test_two_voters(apart, said):
    decision = two_voters(apart).decided()
    said = f"Reader 1 and reader 2 said the same on {said}"
    (row,) = write_report(decision).agreement
    assert row.sentence == said
    assert said in write_report(decision).evidence.sentences
    assert ("mostly disagreed" in row.note) == (apart == 16)
    assert json.loads(decision_json(decision))["agreement"][0]["sentence"] == said


def test_few_common_texts_give_counts_only():
    (row,) = write_report(two_voters(1, texts=4).decided()).agreement
    assert (row.sentence, row.kappa, row.word) == (
        "Reader 1 and reader 2 said the same on 3 of 4.",
        "",
        "",
    )


def whole_with_the_owner() -> Whole:
    """Anna's votes as the owner's own."""
    whole = two_voters(8)
    votes = tuple(replace(v, voter="me") if v.voter == "Anna" else v for v in whole.record.votes)
    return replace(whole, record=replace(whole.record, votes=votes))


def test_one_voter_alone_agrees_with_nobody():
    whole = whole_with_the_owner()
    alone = tuple(v for v in whole.record.votes if v.voter == "me")
    report = write_report(replace(whole, record=replace(whole.record, votes=alone)).decided())
    assert report.agreement == ()


def test_the_owner_alone_is_told_who_is_who():
    whole = whole_with_the_owner()
    assert write_report(whole.decided()).agreement[0].who == "Reader 1 and reader 2"
    told = "Reader 1 is you, reader 2 is Ben. Only you see who is who."
    assert who_is_who(whole.record.votes) == told
    assert who_is_who([]) == ""


def printed(report: Report) -> str:
    pdf = PdfReader(io.BytesIO(render_pdf(report)))
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_no_voter_stands_in_the_pdf_the_json_or_a_shared_copy():
    for whole in (two_voters(16), whole_with_the_owner()):
        decision = whole.decided()
        copy = freeze(whole.case, write_report(decision), with_texts=False, may_copy=True).to_json()
        pdf = printed(write_report(decision))
        assert "Reader 1 and reader 2 said the same on" in pdf
        for given in (pdf, decision_json(decision), copy):
            assert not re.search(r"\b(Anna|Ben)\b|\b[Yy]ou and |and you\b", given)


def as_frozen_before(whole: Whole, *pairs: tuple[str, str]) -> str:
    """A shared copy as it was kept when its rows had the voters' names."""
    report = write_report(whole.decided())
    copy = freeze(whole.case, report, with_texts=False, may_copy=False).to_json()
    for now, before in pairs:
        copy = copy.replace(now, before)
    return copy


@pytest.mark.parametrize(
    ("names", "who"),
    [
        ("Anna and Ben", "Reader 1 and reader 2"),
        ("You and Ben", "Reader 1 and reader 2"),
        ("Anna and the judge", "Reader 1 and the judge"),
        ("Tom and Jerry and Ben", "Two readers"),
    ],
)
def test_a_copy_frozen_with_names_is_drawn_without_them(names, who):
    old = as_frozen_before(two_voters(16), ("Reader 1 and reader 2", names))
    assert names in old
    report = handed_on(old).report
    (row,) = report.agreement
    said = f"{who} said the same on 24 of 40: kappa 0.20 (-0.10 to 0.50), hardly any."
    assert (row.who, row.sentence) == (who, said)
    assert row.note.startswith(f"{who} mostly disagreed")
    assert said in report.evidence.sentences
    assert not re.search(r"\b(Anna|Ben|Tom|Jerry)\b", repr(report) + printed(report))
