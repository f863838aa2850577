"""The last day of base models, by provider and name."""

from datetime import date

import pytest

from advisor.verdict.base_models import load_base_models
from pricing.base_stops import list_read, stop_of
from pricing.offers import load_providers

DEPRECATIONS = "https://developers.openai.com/api/docs/deprecations"


@pytest.mark.parametrize(
    ("provider", "model", "on", "successor"),
    [
        pytest.param("openai", "gpt-5", date(2026, 12, 11), "gpt-6.1-sol", id="gpt-5"),
        pytest.param("openai", "gpt-5-mini", date(2026, 12, 11), "gpt-6.1-terra", id="gpt-5-mini"),
        pytest.param("openai", "GPT-5-nano", date(2026, 12, 11), "gpt-5.6-luna", id="capitals"),
        pytest.param("openai", "o3", date(2026, 12, 11), "gpt-5.6-sol", id="o3"),
        pytest.param("openai", "gpt-4.1-mini", date(2027, 1, 14), "gpt-6-luna", id="gpt-4.1-mini"),
        pytest.param("azure", "gpt-4.1-mini", date(2027, 4, 14), "gpt-5.4-mini", id="at Azure"),
        pytest.param(
            "anthropic", "claude-sonnet-4-5", date(2026, 11, 30), "claude-sonnet-5-5", id="claude"
        ),
        pytest.param(
            "azure",
            "Ministral-3B-2411",
            date(2026, 12, 9),
            "ministral-ministral-4b-instruct",
            id="a version in the name",
        ),
        pytest.param(
            "together", "openai/gpt-oss-20b", date(2026, 9, 15), "qwen/qwen3.5-9b", id="Together"
        ),
        pytest.param(
            "fireworks",
            "accounts/fireworks/models/gpt-oss-120b",
            date(2026, 11, 7),
            None,
            id="a path, and no successor",
        ),
        pytest.param(
            "aws", "us.meta.llama3-3-70b-instruct-v1:0", date(2027, 3, 30), None, id="a region"
        ),
    ],
)
def test_a_model_stops_on_its_day(provider, model, on, successor):
    stop = stop_of([provider], [model])
    assert (stop.on, stop.successor) == (on, successor)
    assert stop.source_url.startswith("https://")


def test_a_model_answers_until_the_day_it_stops():
    stop = stop_of(["openai"], ["gpt-5-mini"])
    assert not stop.passed(date(2026, 12, 10))
    assert stop.passed(date(2026, 12, 11))
    assert (stop.source_url, stop.checked) == (DEPRECATIONS, date(2026, 11, 30))


def test_two_doors_of_one_maker_have_dates_of_their_own():
    assert stop_of(["google"], ["gemini-2.5-pro"]).on == date(2026, 12, 1)
    assert stop_of(["google_vertex", "google"], ["gemini-2.5-pro"]).on == date(2026, 10, 20)
    # Vertex has a date for it; the Gemini API has none, and Vertex' is not taken for it.
    assert stop_of(["google"], ["gemini-3.5-flash"]) is None
    assert list_read(["google"]) == date(2026, 11, 30)


def test_a_version_that_is_not_a_date_is_another_model():
    assert stop_of(["azure"], ["deepseek-v4-flash"]).on == date(2028, 2, 20)
    assert stop_of(["azure"], ["deepseek-v4-flash-9999"]) is None


def test_every_model_that_the_app_suggests_has_a_date_or_a_day_on_which_there_was_none():
    for model in load_base_models():
        assert stop_of([model.provider], [model.model]) or list_read([model.provider])


def test_what_no_list_covers_is_not_said_to_have_no_date():
    assert list_read(["self_hosted"]) is None
    assert stop_of(["self_hosted"], ["gpt-5-mini"]) is None
    assert list_read(["openai"]) == date(2026, 11, 30)
    assert set(load_providers()) > {"openai"}
