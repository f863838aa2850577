from datetime import date

import pytest

from advisor.case.endpoints import at_once, placed, profile_of, profiles


def test_every_kind_of_endpoint_has_a_profile_and_the_last_one_is_for_all_others():
    names = [profile.id for profile in profiles()]
    assert names == [
        "openai", "azure", "together", "fireworks", "anthropic", "google", "ollama", "vllm",
        "lm_studio", "llama_cpp", "other",
    ]  # fmt: skip
    assert not profiles()[-1].hosts + profiles()[-1].ports
    assert all(profile.hosts or profile.ports for profile in profiles()[:-1])
    assert all(profile.checked <= date.today() for profile in profiles())  # noqa: DTZ011


@pytest.mark.parametrize("profile", profiles(), ids=lambda profile: profile.id)
def test_the_example_address_of_a_profile_fits_it(profile):
    assert profile_of(profile.address) is profile


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://api.openai.com/v1/", "openai"),
        ("https://API.OPENAI.COM/v1", "openai"),
        ("https://mine.openai.azure.com/openai/v1", "azure"),
        ("https://mine.services.ai.azure.com/openai/v1", "azure"),
        ("https://api.anthropic.com/v1/", "anthropic"),
        ("https://generativelanguage.googleapis.com/v1beta/openai/", "google"),
        ("https://eu-aiplatform.googleapis.com/v1", "other"),
        ("http://192.168.1.7:11434/v1", "ollama"),
        ("https://api.openai.com.evil.example/v1", "other"),
        ("https://notapi.openai.com/v1", "other"),
        ("http://localhost:9999/v1", "other"),
        ("replay:clinic_notes", "other"),
        ("http://[broken", "other"),
        ("http://host:notaport/v1", "other"),
        ("", "other"),
    ],
)
def test_an_address_is_known_by_its_host_or_its_port(address, name):
    assert profile_of(address).id == name


@pytest.mark.parametrize(
    ("address", "regions"),
    [
        pytest.param("https://eu.api.openai.com/v1", ("eu",), id="OpenAI's address for the EU"),
        pytest.param("https://api.openai.com/v1", ("global",), id="OpenAI's plain address"),
        pytest.param("https://api.fireworks.ai/inference/v1", ("global",), id="Fireworks"),
        pytest.param(
            "https://mine.openai.azure.com/openai/v1", None, id="Azure: not in the address"
        ),
        pytest.param("https://api.together.ai/v1", None, id="not published"),
        pytest.param("https://xx.api.openai.com/v1", None, id="a host of OpenAI's not known"),
        pytest.param("http://[not an address", None, id="no address"),
    ],
)
def test_an_address_says_where_texts_stay_or_that_it_is_not_known(address, regions):
    found = placed(address)
    assert found.regions == regions
    assert (found.regions_source is not None) == (regions is not None)
    assert found.keeps_in(("eu",)) == (None if regions is None else "eu" in regions)


def test_a_regional_address_is_of_its_vendor():
    assert profile_of("https://eu.api.openai.com/v1").id == "openai"


@pytest.mark.parametrize(
    ("address", "asked", "most"),
    [
        ("http://localhost:8080/v1", 8, 4),
        ("http://192.168.1.20/v1", 8, 4),
        ("http://gpu.lan:8000/v1", 8, 4),
        ("http://localhost:8080/v1", 20, 20),  # somebody said so
        ("http://localhost:8080/v1", 2, 2),
        ("https://api.openai.com/v1", 8, 8),
        ("host:ours", 8, 8),
        ("replay:chatbot", 8, 8),
    ],
)
def test_a_server_of_ones_own_is_asked_fewer_at_once_unless_somebody_said_how_many(
    address, asked, most
):
    assert at_once(address, asked) == most
