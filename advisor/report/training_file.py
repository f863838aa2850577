"""A checked training file in words: its grade, what to correct, what to look at, the price of a job."""

from collections.abc import Collection, Iterator, Sequence

from advisor.case.brief import Brief
from advisor.case.currency import USD, Currency
from advisor.case.texts import Prompt
from advisor.case.training_summary import TrainingSummary
from advisor.training.jobs import TrainingJob
from advisor.training.model import Private, TrainingReport
from advisor.training.private import NOT_FOUND
from advisor.training.rules import TrainingRules, load_training_rules
from advisor.words import about, count, listed, percent

_SHOWN = 5
_IN_FULL = 20


def headline(found: TrainingReport | TrainingSummary) -> str:
    """The grade in a sentence, with the figure it rests on."""
    if found.grade is None:
        return _of_another_kind(found)
    rules = load_training_rules().grade
    have = count(found.usable, "usable, distinct example")
    return {
        "not possible": f"Not possible yet: {have}. Training takes at least {rules.possible}, as at "
        f"OpenAI; bring at least {rules.pilot}.",
        "not enough": f"Not enough: {have}. Improvements are reported from {rules.pilot} on; "
        "until then examples in the instruction often do as well.",
        "pilot": f"Enough for a pilot: {have}. From {rules.enough} on, fine-tuning is plausible.",
        "enough": f"Enough to fine-tune: {have}.",
    }[found.grade]


def _of_another_kind(found: TrainingReport | TrainingSummary) -> str:
    """What a file is that holds no examples, and who takes it."""
    if found.kind == "preferences":
        pairs = count(found.usable, "usable, distinct pair")
        return f"A preference file: {pairs}. Only offers of preference training (DPO) take it."
    if found.kind == "graded":
        prompts = count(found.usable, "usable, distinct prompt")
        return (
            f"Prompts for a grader: {prompts}. Only offers of reinforcement training (RFT, RL) take "
            "them."
        )
    texts = count(found.usable, "usable, distinct text")
    return (
        f"Plain text: {texts}, with nothing asked and nothing answered. It teaches wording, and "
        "counts as no approved answer."
    )


def media(report: TrainingReport) -> str:
    """Which examples hold more than text, and what that means for the price; "" = none."""
    if not report.media:
        return ""
    named = listed([f"{count(n, 'example')} with {_MEDIA[kind]}" for kind, n in report.media])
    return (
        f"{named}: vendors bill them too, and the units here are of the text only. Prices are of "
        "offers known to take them, without that part."
    )


_MEDIA = {"image": "images", "audio": "sound", "video": "films", "file": "files"}


_USUAL = ("chat", "prompt and completion")
"""Formats that need no name where a file has no other."""


def counts(report: TrainingReport) -> str:
    """Lines, examples and units billed."""
    forms = listed([f"{n:,} as {form}" for form, n in report.forms]) if report.forms else ""
    told = len(report.forms) > 1 or any(form not in _USUAL for form, _ in report.forms)
    parts = [
        f"{count(report.lines, 'line')}, {count(report.examples, 'example')} in the right format"
        + (f" ({forms})." if told else ".")
    ]
    if report.examples:
        words = "" if report.tokens_exact else " (an estimate: this model's count is not public)"
        parts.append(
            f"{about(report.tokens)} units billed once through{words}, the longest example "
            f"{report.longest:,}; vendors go through such a file "
            f"{count(report.epochs, 'time')} by default."
        )
    return " ".join(parts)


def findings(report: TrainingReport) -> tuple[str, ...]:
    """What was found, most pressing first; a sentence each."""
    return tuple(_findings(report, load_training_rules()))


def _findings(report: TrainingReport, rules: TrainingRules) -> Iterator[str]:
    if report.leaks:
        yield leakage(report)
    yield from personal(report.private, "line", "the file")
    if report.prompts:
        yield from personal(report.private_in_prompts, "text", "your comparison texts")
    yield NOT_FOUND
    if report.errors:
        yield (
            f"{count(len({f.line for f in report.errors}), 'line')} can't be used: "
            f"{_kinds(report)}."
        )
    if report.contradictions:
        yield (
            f"{count(len(report.contradictions), 'input')} with different answers (lines "
            f"{_groups(report.contradictions)}): keep the right one, if only one is."
        )
    if report.duplicates:
        yield (
            f"{_repeat(_extra(report.duplicates), '')} another one word for word "
            f"(lines {_groups(report.duplicates)}): they count once."
        )
    if report.near_duplicates:
        yield (
            f"{_repeat(_extra(report.near_duplicates), 'nearly ')} another one "
            f"(lines {_groups(report.near_duplicates)}): they count once."
        )
    if report.remarks:
        lines = [f"{fault.line:,}" for fault in report.remarks[:_SHOWN]]
        more = ", …" if len(report.remarks) > _SHOWN else ""
        words = f"{count(len(report.remarks), 'remark')} on lines that are used all the same"
        yield f"{words} (line {', '.join(lines)}{more})."
    yield from labels(report, rules)
    if held := media(report):
        yield held
    if report.languages:
        shares = [
            f"{name} {percent(n / report.languages_looked_at)}" for name, n in report.languages[:4]
        ]
        looked_at = count(report.languages_looked_at, "example")
        yield f"Languages, of {looked_at} looked at: {', '.join(shares)}."


def lines_for_a_terminal(report: TrainingReport, jobs: Sequence[TrainingJob]) -> Iterator[str]:
    """All of it: the grade, the findings, each wrong line up to a limit, and the price."""
    yield headline(report)
    yield counts(report)
    if report.leaks:
        yield void(len(report.leaks), report.prompts)
    yield from (f"  {sentence}" for sentence in findings(report))
    yield from (f"    {fault.words}" for fault in report.faults[:_IN_FULL])
    if len(report.faults) > _IN_FULL:
        yield f"    … and {len(report.faults) - _IN_FULL:,} more; --json has them all."
    if report.examples:
        yield job_price(jobs)


def texts_changed(found: TrainingSummary, prompts: Collection[Prompt]) -> str:
    """Which texts the file was never held against; "" = it was held against all of them."""
    new = found.not_held_against(prompts)
    if new == 0:
        return ""
    if new is None:
        return (
            "The training file may not have been checked against all of these texts. Upload it "
            "again to see whether any stands in it."
        )
    which = f"{count(new, 'text')} {'was' if new == 1 else 'were'}"
    stand = "it stands" if new == 1 else "they stand"
    return (
        f"{which} not here yet when the training file was checked. Upload it again to see whether "
        f"{stand} in it."
    )


def leakage(report: TrainingReport) -> str:
    """Which comparison texts stand in the file, and on which lines."""
    n = len(report.leaks)
    first = ", ".join(f"{leak.prompt_id} (line {leak.line:,})" for leak in report.leaks[:_SHOWN])
    exact = sum(leak.exact for leak in report.leaks)
    how = "word for word" if exact == n else f"{exact:,} word for word, {n - exact:,} nearly"
    return f"Texts of the comparison in the file, {how}: {first}{', …' if n > _SHOWN else ''}."


def void(leaked: int, prompts: int) -> str:
    """Why a comparison proves nothing while leaked texts are in it, and what to do."""
    stand = "stands" if leaked == 1 else "stand"
    return (
        f"{leaked:,} of your {count(prompts, 'text')} for the comparison {stand} in the training "
        "file. A model proves nothing on a text it has seen, so the comparison is void until "
        f"{'it is' if leaked == 1 else 'they are'} dropped."
    )


def drop_label(leaked: int) -> str:
    """The button that drops leaked texts."""
    if leaked == 1:
        return "Drop this text from the comparison"
    return f"Drop these {leaked:,} texts from the comparison"


def personal(found: Sequence[Private], one: str, where: str) -> Iterator[str]:
    """Personal data and secrets found in `where`, by kind; `one` is what the first ones count."""
    for secret in (True, False):
        kinds = [kind for kind in found if kind.secret is secret]
        if not kinds:
            continue
        named = listed([f"{k.kind} ({one} {_first(k)})" for k in kinds])
        word = "Passwords or keys" if secret else "Personal data"
        advice = "; change them where they are used, and take them out" if secret else ""
        yield f"{word} in {where}: {named}{advice}."
    if not found:
        yield f"The automatic check found no personal data or keys in {where}."


def _first(found: Private) -> str:
    more = found.texts - len(found.where)
    return ", ".join(found.where) + (f" and {more:,} more" if more else "")


def labels(report: TrainingReport, rules: TrainingRules) -> Iterator[str]:
    """The balance of answers that look like labels."""
    if not report.labels:
        return
    whole = sum(n for _, n in report.labels)
    named = ", ".join(f"{label} {n:,}" for label, n in report.labels[:_SHOWN])
    more = ", …" if len(report.labels) > _SHOWN else ""
    yield f"The answers look like {count(len(report.labels), 'label')}: {named}{more}."
    top, often = report.labels[0]
    if len(report.labels) == 1:
        yield "Every answer is the same, so there is nothing to learn; bring other answers too."
    elif often / whole >= rules.labels.dominant:
        yield (
            f'"{top}" is {percent(often / whole)} of the answers: a model learns to say it always. '
            "Bring more of the others."
        )
    rare = [label for label, n in report.labels if n < rules.labels.rare]
    if rare and len(report.labels) > 1:
        few = ", ".join(rare[:_SHOWN]) + (", …" if len(rare) > _SHOWN else "")
        yield f"Fewer than {rules.labels.rare} examples each: {few}. Bring more of these."


def job_price(
    jobs: Sequence[TrainingJob], chosen: str | None = None, currency: Currency = USD
) -> str:
    """What a training job costs: at the chosen offer, and at the cheapest one open."""
    parts = []
    for job in jobs:
        if job.ref == chosen:
            lacking = f"not known, for want of the {listed(job.missing)}" if job.missing else ""
            price = f"about {currency.show(job.usd)}" if job.usd is not None else lacking
            parts.append(f"One training job at {job.provider}, {job.model}: {price}.")
    open_ones = [job for job in jobs if job.can_train and job.usd is not None]
    if open_ones:
        low = min(open_ones, key=lambda job: job.usd or 0)
        high = max(open_ones, key=lambda job: job.usd or 0)
        parts.append(
            f"A training job at list price: from {currency.show(low.usd)} ({low.model} at "
            f"{low.provider}) to {currency.show(high.usd)} ({high.model} at {high.provider})."
        )
    return " ".join(parts) or "No vendor open to you publishes a price for such a job."


def against_the_brief(brief: Brief, found: TrainingSummary) -> str | None:
    """Where the reader's answer and the file contradict each other; None where they don't."""
    said = brief.training_pairs
    if said is None or said == found.usable or found.kind != "examples":
        return None
    grades = load_training_rules().grade
    steps = (grades.possible, grades.pilot, grades.enough)
    # An answer is often the lower end of a range: the file may hold more of the same range.
    same_range = [said >= step for step in steps] == [found.usable >= step for step in steps]
    if same_range and said <= found.usable < 5 * max(said, 1):
        return None
    return (
        f"You said {count(said, 'text')} with an approved answer, and this file has "
        f"{count(found.usable, 'usable example')}. The verdict goes by the file."
    )


def counted_instead(found: TrainingSummary) -> str:
    """Beside the question how many pairs there are: the file answers it."""
    if found.kind != "examples":
        return f"{found.file}, checked on Prompts, holds no approved answers. This answer counts."
    return (
        f"{found.file}, checked on Texts, has {count(found.usable, 'usable pair')}. The verdict "
        "goes by the file."
    )


def _kinds(report: TrainingReport) -> str:
    kinds: dict[str, list[int]] = {}
    for fault in report.errors:
        kinds.setdefault(fault.kind, []).append(fault.line)
    return ", ".join(
        f"{kind} (line {', '.join(f'{n:,}' for n in lines[:3])}{', …' if len(lines) > 3 else ''})"
        for kind, lines in kinds.items()
    )


def _repeat(n: int, how: str) -> str:
    return f"{count(n, 'example')} {how}{'repeats' if n == 1 else 'repeat'}"


def _groups(groups: Sequence[tuple[int, ...]]) -> str:
    shown = ["+".join(map(str, group[:_SHOWN])) for group in groups[:3]]
    return ", ".join(shown) + (", …" if len(groups) > 3 else "")


def _extra(groups: Sequence[tuple[int, ...]]) -> int:
    return sum(len(group) - 1 for group in groups)
