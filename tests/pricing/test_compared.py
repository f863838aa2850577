"""What a source says today, held against what is expected there: one word for each thing it does."""

import json

import pytest

from pricing.compared import ComparedFact, Fetched, at_path, compare_fact
from pricing.expected import ExpectedFact

PRICE = ExpectedFact(of=("training_per_1m", "tuned_input"), words="gpt-4.1-mini {$5.00} {$0.80}")
DAY = ExpectedFact(of=("tuned_stops_on",), words="gpt-4.1-mini … shut down on {January 14, 2027}")
METER = ExpectedFact(
    of=("training_per_1m",), path="Items[meterName=4.1 mini training].retailPrice", value="0.005"
)
SCRIPT = '<!doctype html><div id="root"></div><script src="app.js"></script>'


def page(body, kind="text/markdown", **more):
    return Fetched(200, body, kind, **more)


def feed(price, name="4.1 mini training"):
    rows = [{"meterName": "another", "retailPrice": 9}, {"meterName": name, "retailPrice": price}]
    return page(json.dumps({"Items": rows}), "application/json")


STANDS = ComparedFact("stands")


@pytest.mark.parametrize(
    ("expected", "fetched", "found"),
    [
        pytest.param(PRICE, page("| `gpt-4.1-mini` | $5.00 | $0.80 |"), STANDS, id="a table"),
        pytest.param(
            PRICE,
            page("<tr><td>GPT-4.1-mini</td><td>$5.00</td><td>$0.80</td></tr>", "text/html"),
            STANDS,
            id="the same in HTML",
        ),
        pytest.param(
            PRICE,
            page("| gpt-4.1-mini | $6.00 | $0.80 |"),
            ComparedFact("changed", "gpt-4.1-mini $6.00 $0.80"),
            id="one price changed",
        ),
        pytest.param(
            PRICE,
            page("| gpt-4.1-mini | $5.00 | $0.805 |"),
            ComparedFact("changed", "gpt-4.1-mini $5.00 $0.805"),
            id="a longer number is another one",
        ),
        pytest.param(
            PRICE,
            page("| gpt-4.1-mini | - | $0.80 |"),
            ComparedFact("changed", "gpt-4.1-mini - $0.80"),
            id="sold no more",
        ),
        pytest.param(
            PRICE,
            page("gpt-4.1-mini $2.00 $0.40\ngpt-4.1-mini $5.50 $0.80"),
            ComparedFact("changed", "gpt-4.1-mini $5.50 $0.80"),
            id="of two rows the one that is more like it",
        ),
        pytest.param(
            PRICE,
            page("gpt-4.1-mini $5.00 $0.40\ngpt-4.1-mini $5.50 $0.80"),
            ComparedFact("changed", "gpt-4.1-mini $5.00 $0.40 or gpt-4.1-mini $5.50 $0.80"),
            id="of two rows as like it both",
        ),
        pytest.param(
            PRICE,
            page("| gpt-4.1 | $5.00 | $0.80 |"),
            ComparedFact("gone", why="named no more"),
            id="another model",
        ),
        pytest.param(
            PRICE,
            page("# gpt-4.1-mini\n\nTraining costs $5.00 and input $0.80."),
            ComparedFact("unreadable", why="layout"),
            id="another layout",
        ),
        pytest.param(
            DAY,
            page("gpt-4.1-mini and its like will be shut down on January 14, 2027."),
            STANDS,
            id="a day in a sentence",
        ),
        pytest.param(
            DAY,
            page("gpt-4.1-mini will be shut down on March 1, 2027."),
            ComparedFact("changed", "gpt-4.1-mini will be shut down on March 1, 2027."),
            id="another day",
        ),
        pytest.param(
            PRICE,
            page(SCRIPT, "text/html"),
            ComparedFact("unreadable", why="script"),
            id="drawn by a program",
        ),
        pytest.param(
            PRICE,
            page("| gpt-4.1-mini | $5.00", whole=False),
            ComparedFact("unreadable", why="cut"),
            id="cut",
        ),
        pytest.param(
            PRICE,
            Fetched(403, "| gpt-4.1-mini | $5.00 | $0.80 |"),
            ComparedFact("unreadable", why="refused", detail="403"),
            id="refused",
        ),
        pytest.param(
            PRICE, Fetched(404), ComparedFact("gone", why="missing", detail="404"), id="no page"
        ),
        pytest.param(
            PRICE,
            Fetched(301, moved_to="https://b.example/"),
            ComparedFact("unreadable", why="moved", detail="https://b.example/"),
            id="moved",
        ),
        pytest.param(
            PRICE, Fetched(why="robots"), ComparedFact("unreadable", why="robots"), id="robots"
        ),
        pytest.param(METER, feed(0.005), STANDS, id="a meter"),
        pytest.param(METER, feed("0.0050"), STANDS, id="a meter as a text"),
        pytest.param(
            METER,
            feed(0.006),
            ComparedFact(
                "changed", "Items[meterName=4.1 mini training].retailPrice = 0.006", value="0.006"
            ),
            id="a meter changed",
        ),
        pytest.param(
            METER, feed(0.005, "new"), ComparedFact("gone", why="named no more"), id="no meter"
        ),
        pytest.param(
            METER,
            page('{"Rows": []}', "application/json"),
            ComparedFact("unreadable", why="layout"),
            id="a feed in another shape",
        ),
        pytest.param(
            METER,
            page('{"Items": [{"meterName": "4.1', "application/json"),
            ComparedFact("unreadable", why="cut"),
            id="a feed cut in the middle",
        ),
    ],
)
def test_what_a_source_says_has_one_word(expected, fetched, found):
    assert compare_fact(expected, fetched) == found


def test_a_path_leads_through_keys_rows_and_names_with_dots():
    value = {"a": {"gpt-4.1": {"in": 1}, "b": {"in": 2}}, "rows": [{"k": "x", "v": 3}, {"k": "y"}]}
    assert list(at_path(value, "a[gpt-4.1].in")) == [1]
    assert list(at_path(value, "a.*.in")) == [1, 2]
    assert list(at_path(value, "rows[k=x].v")) == [3]
    assert list(at_path(value, "rows[k=z].v")) == []
    assert list(at_path(value, "no.such")) == []
