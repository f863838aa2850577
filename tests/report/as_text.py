"""A whole report as text: what is read and agreed in `tests/golden/`."""

from collections.abc import Iterable

from advisor.report.model import CostRow, OptionLine, Report, Source


def as_text(report: Report) -> str:
    """Every sentence and figure of a report, in the order a reader meets them."""
    test = report.evidence
    lines = [
        f"{report.title} · {report.sample_note}".strip(" ·"),
        f"{report.headline} {report.firmness_label}. ({report.recommendation}, {report.firmness})",
        report.summary,
        f"{report.line} | {report.rests_on}",
    ]
    lines += _part("Figures", (f"{f.label}: {f.value} ({f.help})" for f in report.figures))
    lines += _part("Why", (f"{r.topic}: {r.text} [{_source(r.source)}]" for r in report.reasons))
    lines += _part("Missing", report.missing)
    lines += _part("Would change it", report.changes)
    lines += _part(
        "Turns",
        (f"{f.input}: {f.now}; at {f.flips_at}: {f.to}. {f.sentence}" for f in report.flips),
    )
    lines += _part("Next", (report.next_step,))
    lines += _part(f"Costs, {report.currency}", (*map(_cost, report.costs), report.cost_note))
    if report.options:
        lines += _part("Options", (*map(_option, report.options), *report.first_two))
    lines += _part(test.heading, test.sentences)
    lines += [
        f"- base {test.base_wins}, none {test.ties}, tuned {test.tuned_wins}; by {test.judged_by}",
        *(f"- {name}: {value}" for name, value in test.analyst),
    ]
    charts = report.pictures
    drawn = [c for c in (charts.share, charts.texts, charts.speed, charts.value) if c is not None]
    lines += _part("Charts", (chart.said for chart in drawn)) if drawn else []
    lines += _part(
        f"Your answers suggest {report.score:+g}",
        (
            f"{s.name}: {s.said}; {s.weight:g} x {'?' if s.signal is None else f'{s.signal:+.2g}'}"
            f" = {s.points:+g}"
            for s in report.signals
        ),
    )
    lines += _part("Parts of the test", report.parts) if report.parts else []
    lines += _part("What moved the chance", (report.chance_moved,) if report.chance_moved else ())
    lines += _part("Stoppers", report.gates)
    lines += _part(
        "Texts",
        (
            f"{e.prompt_id}, {e.preference}: {e.base_chars}, {e.tuned_chars}"
            for e in report.excerpts
        ),
    )
    lines += _part("Assumed", (f"{name}: {value}" for name, value in report.assumptions))
    lines += _part("Sources", map(_source, report.sources))
    return "\n".join([*lines, report.valid_until]) + "\n"


def _part(title: str, rows: Iterable[str]) -> list[str]:
    return ["", f"{title}:", *(f"- {row}" for row in rows if row)]


def _cost(row: CostRow) -> str:
    apart = f"; people {row.people_month} a month" if row.people_month else ""
    apart += f"; {row.per_accepted} an accepted answer" if row.per_accepted else ""
    return (
        f"{row.option}, {row.model}: {row.per_request} a text, {row.first_month} the first month, "
        f"{row.all_in_month} all in, training {row.training}, hosting {row.hosting_month}, "
        f"total {row.total}; {row.basis}; {row.until}{apart}"
    )


def _option(line: OptionLine) -> str:
    right = f"; right {line.right}" if line.right else ""
    return (
        f"{line.name}: {line.quality}{right}; {line.month}; {line.seconds}; {line.until}. {line.note}"
    ).strip()


def _source(source: Source) -> str:
    checked = f", read {source.checked}" if source.checked else ""
    return f"{source.label}{checked}"
