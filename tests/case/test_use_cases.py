import pytest

from advisor.case.brief import Brief
from advisor.case.use_cases import Matrix, When, load_matrix, load_use_cases, met_flips, use_case
from advisor.errors import AdvisorError
from pricing.cost import Volume

SEED = [
    ("General chatbots", "base"),
    ("Domain-specific summarization", "fine_tuned"),
    ("Rapid prototyping", "base"),
    ("Brand voice consistency", "fine_tuned"),
]
DEFAULTS = {
    "base": [1, 3, 5, 6, 10, 11, 13, 17, 18],
    "fine_tuned": [2, 4, 7, 8, 9, 12, 14, 15, 16, 20, 21],
    "mixed": [19],
}
STRENGTHS = {
    "strong": [3, 5, 6, 8, 14],
    "moderate": [1, 2, 4, 7, 9, 11, 12, 13, 15, 16, 18, 20, 21],
    "weak": [10, 19],
    "judgement": [17],
}


REVIEWED = 21
"""The first rows, as the review of practice left them; more may follow."""


def rows_by(field):
    found = {}
    for row in load_use_cases()[:REVIEWED]:
        found.setdefault(getattr(row, field), []).append(row.number)
    return found


def test_the_first_four_rows_are_the_ones_given():
    assert [(row.title, row.default) for row in load_use_cases()[:4]] == SEED


def test_rows_are_numbered_in_their_order():
    rows = load_use_cases()
    assert [row.number for row in rows] == list(range(1, len(rows) + 1))


def test_the_matrix_is_the_one_of_the_review():
    assert rows_by("default") == DEFAULTS
    assert rows_by("strength") == STRENGTHS
    assert rows_by("retrieval")[True] == [5, 18]
    assert rows_by("raw_base_flips")[False] == [3]
    assert rows_by("main")[True] == [1, 2, 3, 4, 5, 7, 8]


def test_every_source_has_a_number_and_every_address_is_https():
    sources = load_matrix().sources
    assert list(sources) == list(range(1, len(sources) + 1))
    assert {str(s.url).split(":")[0] for s in sources.values() if s.url} == {"https"}


def test_labels_are_told_apart():
    labels = [row.label for row in load_use_cases()]
    assert len(set(labels)) == len(labels)


@pytest.mark.parametrize("row", load_use_cases(), ids=lambda row: row.id)
def test_a_use_case_is_found_by_id_slug_title_and_number(row):
    for key in (row.id, row.slug, row.title, row.number, str(row.number)):
        assert use_case(key) is row


def test_slug_of_a_title():
    assert use_case("general-chatbots").slug == "general-chatbots"
    assert use_case(7).slug == "text-classification-routing-intent-at-volume"


@pytest.mark.parametrize("key", ["", "0", "chat bots"])
def test_an_unknown_use_case_is_answered_with_the_known_ones(key):
    with pytest.raises(AdvisorError, match=r"Choose one of: general_chatbots, .*cost_cutting\b"):
        use_case(key)


FLIPS = [
    ("domain_summarization", {"training_pairs": 49}, {"training_pairs": 50}),
    ("domain_summarization", {"fact_change": "weekly"}, {"fact_change": "monthly"}),
    ("domain_summarization", {"human_check": "never"}, {"human_check": "spot"}),
    (
        "domain_summarization",
        {"tried": ("few_shot",), "gap": "good_enough"},
        {"tried": ("prompt",), "gap": "good_enough"},
    ),
    ("brand_voice", {"tried": ()}, {"tried": ("few_shot",)}),
    ("brand_voice", {"task_change": "monthly"}, {"task_change": "quarterly"}),
    (
        "own_documents_qa",
        {"tried": ("retrieval",), "gap": "not_good", "training_pairs": 1000},
        {"tried": ("retrieval",), "gap": "not_good"},
    ),
    ("classification", {"training_pairs": 249}, {"training_pairs": 250}),
    ("extraction", {"training_pairs": 99}, {"training_pairs": 100}),
    ("text_to_sql", {"task_change": "quarterly"}, {"task_change": "yearly"}),
    ("function_calling", {"training_pairs": 101}, {"training_pairs": 100}),
    ("code_generation", {"data_may_go": "own_machines"}, {"data_may_go": "region"}),
    ("private_api", {"task_change": "monthly"}, {"task_change": "yearly"}),
    ("legal_classification", {"training_pairs": 49}, {"training_pairs": 50}),
    (
        "clinical_notes",
        {"tried": ("few_shot",), "gap": "good_enough"},
        {"tried": ("few_shot",), "gap": "small_edits"},
    ),
    ("moderation", {"training_pairs": 199}, {"training_pairs": 200}),
]


@pytest.mark.parametrize(("key", "met", "unmet"), FLIPS)
def test_a_flip_is_met_by_the_answers(key, met, unmet):
    row = use_case(key)
    assert len(met_flips(row, Brief(use_case=key, **met), Volume())) == 1
    assert met_flips(row, Brief(use_case=key, **unmet), Volume()) == ()


@pytest.mark.parametrize(
    ("key", "volume", "met"),
    [
        ("domain_sentiment", {"requests_per_month": 9_999}, 1),
        ("domain_sentiment", {"requests_per_month": 10_000}, 0),
        ("cost_cutting", {"requests_per_month": 999}, 0),
        (
            "cost_cutting",
            {
                "requests_per_month": 999,
                "input_tokens_per_request": 900,
                "output_tokens_per_request": 100,
            },
            1,
        ),
        (
            "cost_cutting",
            {
                "requests_per_month": 1_000,
                "input_tokens_per_request": 900,
                "output_tokens_per_request": 100,
            },
            0,
        ),
    ],
)
def test_a_flip_is_met_by_the_volume(key, volume, met):
    assert len(met_flips(use_case(key), Brief(use_case=key), Volume(**volume))) == met


@pytest.mark.parametrize("row", load_use_cases(), ids=lambda row: row.id)
def test_an_answer_not_given_meets_no_flip(row):
    assert met_flips(row, Brief(use_case=row.id), Volume()) == ()


def test_an_empty_condition_is_refused():
    with pytest.raises(ValueError, match="at least one condition"):
        When()


def test_a_source_without_a_citation_is_refused():
    matrix = load_matrix().model_dump()
    del matrix["sources"][8]
    with pytest.raises(ValueError, match=r"sources without a citation: \[8\]"):
        Matrix.model_validate(matrix)


def test_two_rows_with_one_number_are_refused():
    matrix = load_matrix().model_dump()
    matrix["use_cases"][1]["number"] = 1
    with pytest.raises(ValueError, match="share one number"):
        Matrix.model_validate(matrix)
