"""The JSON carries the figures of the Report, in the same digits."""

import json

import pytest

from advisor.report.as_json import decision_json
from advisor.report.report import write_report
from tests.report.whole_cases import WHOLE


@pytest.mark.parametrize("name", WHOLE)
def test_the_json_says_the_same(name):
    decision = WHOLE[name].decided()
    value, report = json.loads(decision_json(decision)), write_report(decision)
    assert value["first_page"]["request"] == report.first_page.request
    assert [row["total"] for row in value["first_page"]["money"]] == [
        row.total for row in report.first_page.money
    ]
    assert [row["text"] for row in value["reasons"]] == [row.text for row in report.reasons]
    for row in report.first_page.money:
        total = value["cost"]["arms"][row.arm]["total_usd"]
        assert decision.money.currency.total(total) == row.total
