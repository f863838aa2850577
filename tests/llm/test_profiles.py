from datetime import date

import pytest

from advisor.llm.profiles import profile_of, profiles


def test_every_kind_of_endpoint_has_a_profile_and_the_last_one_is_for_all_others():
    names = [profile.id for profile in profiles()]
    assert names == [
        "openai", "azure", "together", "fireworks", "ollama", "vllm", "lm_studio", "llama_cpp",
        "other",
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
