"""An edition is taken in whole, readable and no step back; else nothing changes, and why is said."""

import json
from hashlib import sha256

import pytest

from pricing.editions import edition_in_use, held_edition, use_edition
from pricing.export import digest_in_use, export_facts
from pricing.offers import find_offer, load_providers
from pricing.taking import BadEdition, read_pointer, take_edition


@pytest.fixture
def shipped():
    return export_facts()


@pytest.fixture(autouse=True)
def as_it_ships():
    yield
    use_edition(None)


def dumped(value):
    content = json.dumps(value).encode()
    return content, sha256(content).hexdigest()


def newer(shipped, change):
    """The shipped facts with one thing changed, as an edition."""
    value = json.loads(shipped.content)
    change(value)
    return dumped(value)


def entry(value, number=0):
    return value["sheets"]["ori"]["offers"][number]["entries"][0]


def test_a_newer_edition_holds_once_it_is_in_use(shipped):
    def dearer(value):
        entry(value).update(training_per_1m="0.50", checked="2030-12-20")

    taken = take_edition(*newer(shipped, dearer))
    offer = find_offer("ori:open models to 10B")
    assert digest_in_use() == shipped.sha256
    use_edition(taken)
    assert digest_in_use() == taken.sha256
    assert str(taken.newest) == "2030-12-20"
    found = find_offer("ori:open models to 10B")
    assert (str(offer.entries[0].training_per_1m), str(found.entries[0].training_per_1m)) == (
        "0.46",
        "0.50",
    )


def test_what_is_taken_in_meanwhile_does_not_reach_who_holds_an_edition(shipped):
    taken = take_edition(shipped.content, shipped.sha256)
    with held_edition():
        before = load_providers()
        use_edition(taken)
        assert edition_in_use() is None
        assert load_providers() is before
    assert edition_in_use() is taken


def older(value):
    entry(value).update(checked="2020-11-01")


def lacking(value):
    del value["sheets"]["ori"]


def no_vendor(value):
    value["lists"]["closed_vendors"]["vendors"].pop()


def no_stop(value):
    del value["lists"]["base_stops"]["stops"]["azure"]["ada"]


def misspelt(value):
    entry(value)["trainning"] = "1"


def odd_place(value):
    value["lists"]["closed_vendors"]["vendors"][0]["go_to"] = ["nowhere"]


def no_list(value):
    del value["lists"]["base_stops"]


def other_schema(value):
    value["schema"] = 2


def no_day(value):
    entry(value)["checked"] = "yesterday"


def no_sheets(value):
    value["sheets"] = []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (older, "ori, open models to 10B, LoRA SFT, 2026-11-30 was read on 2020-11-01 there, and "),
        (lacking, "It lacks ori, open models to 10B, LoRA SFT, 2026-11-30, which the facts in use"),
        (no_vendor, "It lacks closed_vendors, OpenAI fine-tuning"),
        (no_stop, "It lacks base_stops, azure, ada"),
        (misspelt, "Something in ori.toml can't be read"),
        (odd_place, "Something in closed_vendors.toml can't be read"),
        (no_list, "It has no list base_stops"),
        (other_schema, "It is of schema 2; this app reads 1."),
        (no_day, "A part of it can't be read"),
        (no_sheets, "It holds no price sheets"),
    ],
)
def test_a_step_back_or_something_unreadable_is_refused(shipped, change, said):
    with pytest.raises(BadEdition, match=said):
        take_edition(*newer(shipped, change))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        pytest.param(lambda content: content[: len(content) // 2], "cut or changed", id="cut"),
        pytest.param(lambda content: content + b" ", "cut or changed", id="changed"),
    ],
)
def test_what_came_in_part_is_refused(shipped, spoil, said):
    with pytest.raises(BadEdition, match=said):
        take_edition(spoil(shipped.content), shipped.sha256)


@pytest.mark.parametrize("content", [b"{", b"[]", b'"x"', b"\xff\xfe"])
def test_what_is_no_json_is_refused(content):
    with pytest.raises(BadEdition, match="cut in the middle"):
        take_edition(content, sha256(content).hexdigest())
    with pytest.raises(BadEdition, match="cut in the middle"):
        read_pointer(content)


def test_the_pointer_names_a_file_beside_it(shipped):
    assert read_pointer(shipped.pointer()).sha256 == shipped.sha256
    for odd in ({"sha256": "../x", "file": "../x.json"}, {"sha256": "ab", "file": "cd.json"}, {}):
        with pytest.raises(BadEdition, match="names no edition"):
            read_pointer(json.dumps(odd).encode())
