"""The decision and the cost as JSON: the same figures as page and PDF, for programs."""

from dataclasses import asdict
from typing import Any

from advisor.case.options import OptionId
from advisor.evidence.model import Evidence
from advisor.report.barred import barred_reason
from advisor.report.barriers import barrier_words
from advisor.report.base_stop import base_stopper
from advisor.report.costs import assumed_words
from advisor.report.dump import dump
from advisor.report.gates import gate_words
from advisor.report.improving import search_value
from advisor.report.labels import Names
from advisor.report.money_sentences import break_even_reason
from advisor.report.notes import note_words
from advisor.report.picture_values import Pictures
from advisor.report.report import write_report
from advisor.verdict.all_options import OptionRow
from advisor.verdict.costs import Costs
from advisor.verdict.decision import Decision
from advisor.verdict.gates import BaseStops, Gate
from advisor.verdict.sensitivity.smallest_changes import SmallestChange


def decision_json(decision: Decision) -> str:
    """What `decide --json` writes and the page hands out; ends with a line break."""
    verdict, report, evidence = decision.verdict, write_report(decision), decision.evidence
    value = {
        "title": report.title,
        "recommendation": report.recommendation,
        "firmness": verdict.firmness,
        "by": verdict.by,
        "rule": verdict.rule,
        "overrules_matrix": verdict.overrules_matrix,
        "headline": report.headline,
        "summary": report.summary,
        "score": report.score,
        "signals": [asdict(signal) for signal in report.signals],
        "likelihood": asdict(verdict.likelihood) if verdict.chance_counts else None,
        "try_first": list(verdict.try_first),
        "gates": [_gate(gate) for gate in verdict.gates],
        "base_stops": [_base_stop(stop, decision) for stop in verdict.base_stops],
        "ruled_out": [_ruled_out(decision, option) for option in verdict.ruled_out],
        "left": [arm for arm in decision.case.arms if arm not in verdict.ruled_out],
        "evidence": _evidence(evidence, decision.case.names),
        "receipt": _receipt(decision),
        "parts": asdict(decision.parts) if evidence.tally.scored else None,
        "reasons": [asdict(reason) for reason in report.reasons],
        "flips": [flip_value(flip) for flip in decision.smallest_changes],
        "changes": list(report.changes),
        "more_texts": None if decision.more_texts is None else asdict(decision.more_texts),
        "missing": list(report.missing),
        "next_step": report.next_step,
        "cost": cost_value(decision.money),
        "moves": [asdict(move) for move in report.moves],
        "turning": list(report.turning),
        "current_bases": [
            {
                "name": base.name,
                "offer": base.ref,
                "usd_per_month_all_in": base.usd_per_month_all_in,
            }
            for base in decision.current_bases
        ],
        "options": [_option(row) for row in decision.all_options],
        "first_two": list(report.first_two),
        "speeds": {option: asdict(speed) for option, speed in decision.speeds.items()},
        "searches": [search_value(found) for found in decision.record.searches],
        "first_page": asdict(report.first_page),
        "own_figures": list(report.own_figures),
        "pictures": pictures_value(report.pictures),
        "agreement": [asdict(row) for row in report.agreement],
        "today": report.today,
        "made_at": report.made_at,
        "prices_sha256": report.prices_sha256,
        "sources": [asdict(source) for source in report.sources],
    }
    return dump(value)


def _evidence(evidence: Evidence, names: Names) -> dict[str, Any]:
    """What the run shows, its notes in words."""
    tally, rate = evidence.tally, evidence.win_rate
    return asdict(evidence) | {
        "preferences": {
            "tuned": tally.wins,
            "base": tally.losses,
            "tie": tally.ties,
            "both_bad": tally.both_bad,
        },
        "guards": note_words(*evidence.guards),
        "barriers": [barrier_words(one, names) for one in evidence.barriers],
        "notes": note_words(*evidence.notes),
        "interval": None if rate is None else [rate.low, rate.high],
    }


def _receipt(decision: Decision) -> dict[str, Any] | None:
    """What was fixed before the first answer, the texts by digest; null where it was not kept."""
    receipt = decision.record.receipt
    if receipt is None:
        return None
    return receipt.model_dump(mode="json") | {
        "texts_sha256": receipt.texts_sha256,
        "changed_since": [asdict(change) for change in decision.changed_since_fixed],
    }


def _option(row: OptionRow) -> dict[str, Any]:
    """One option of the table, in figures."""
    value = asdict(row)
    if row.quality is not None and row.quality.likely is not None:
        likely = row.quality.likely
        value["quality"]["likely"] = [likely.low, likely.high]
    return value


def _ruled_out(decision: Decision, option: OptionId) -> dict[str, Any]:
    """One option that can't be recommended, and why."""
    found = decision.verdict.ruled_out[option]
    reason = barred_reason(decision.case.brief, found)
    return {"option": option, "reason": reason, "certain": found.certain, "by": found.by}


def _gate(gate: Gate) -> dict[str, str]:
    return {"gate": gate.key, **asdict(gate_words(gate))}


def _base_stop(stop: BaseStops, decision: Decision) -> dict[str, Any]:
    return {
        "gate": stop.key,
        "option": stop.arm,
        "model": stop.model,
        "stops_on": stop.on,
        "stopped": stop.over,
        "successor": stop.successor,
        "successor_input_per_1m": stop.cells.input if stop.cells else None,
        "successor_output_per_1m": stop.cells.output if stop.cells else None,
        "sentence": base_stopper(stop, decision.money, decision.today),
    }


def pictures_value(pictures: Pictures) -> dict[str, Any]:
    """The charts in figures, without the single texts and answers that only draw a cloud."""
    value = asdict(pictures)
    if pictures.texts is not None:
        del value["texts"]["gaps"]
    for row in value["speed"]["rows"] if pictures.speed is not None else ():
        del row["seconds"]
    return value


def flip_value(flip: SmallestChange) -> dict[str, Any]:
    """One smallest change: the input by its key in CASE.toml, and where the verdict turns."""
    to = {"tuned": "fine-tuned"}.get(flip.to, flip.to)
    return {"input": str(flip.input), "now": flip.now, "flips_at": flip.flips_at, "to": to}


def cost_value(money: Costs) -> dict[str, Any]:
    """What `cost --json` writes; unknown is null and named in `missing`."""
    cost, spread = money.cost, money.break_even_range
    return {
        "arms": {
            arm: {
                "usd_per_request": option.usd_per_request,
                "usd_per_month": option.usd_per_month,
                "usd_per_month_all_in": option.usd_per_month_all_in,
                "training_usd": option.training_usd if money.quotes[arm].priced else None,
                "hosting_usd_per_month": (
                    option.hosting_usd_per_month if money.quotes[arm].priced else None
                ),
                "total_usd": option.total_usd,
                "tokens": asdict(option.tokens),
                "people_usd": option.people_usd,
                "people_once_usd": option.people_once_usd,
                "model_usd": option.model_usd,
                "usd_per_accepted_answer": money.usd_per_accepted.get(arm),
                "assumed": list(assumed_words(money.assumed[arm])),
                "offer": money.quotes[arm].ref,
                "own_figures": sorted(money.quotes[arm].own),
                "texts_per_hour": money.options[arm].cells.texts_per_hour,
                "discount_percent": money.quotes[arm].discount_percent,
                "source": money.quotes[arm].source_url,
                "checked": money.quotes[arm].checked,
            }
            for arm, option in cost.arms.items()
        },
        "people_included": money.people_counted,
        "months_of_use": cost.months_of_use,
        "break_even": None
        if cost.break_even is None
        else {
            "requests_per_month": cost.break_even.requests_per_month,
            "low": spread.low if spread else None,
            "high": spread.high if spread else None,
            "up_to": cost.break_even.up_to,
            "month": cost.break_even.month,
            "reason": break_even_reason(cost.break_even),
        },
        "missing": list(cost.missing),
    }
