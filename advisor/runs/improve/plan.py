"""Planning a search: which texts it may use, how they are split, and how an answer is scored."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.case.order import random_order
from advisor.case.run_spec import RunSpec, SpecArm, as_asked, side_of_option
from advisor.case.texts import Prompt
from advisor.errors import AdvisorError
from advisor.evidence.instruction_search import ScoredBy, SearchPlan
from advisor.evidence.metrics import METRICS
from advisor.evidence.scores import asked_of
from advisor.runs.improve.scoring import CHECKS
from advisor.training.leakage import alike
from advisor.training.rules import load_training_rules
from advisor.words import count

LEAST_TEXTS = 20
"""With approved answers, beside those compared."""
LEAST_COMPARED = 30
MOST_HELD_OUT = 20
"""Each instruction that may be the best is tried on all of them, so more would eat the budget."""
MOST_PAIRS = 200
"""Of a training file: more than a search ever looks at."""
USUAL_CALLS = 200
USUAL_USD = Decimal("1.00")
REFLECTS = "judge"
"""The role that proposes instructions: the judge's model where there is one, else the option's own."""


class NoSearch(AdvisorError):
    """An instruction that can't be improved as things stand."""


@dataclass(frozen=True, slots=True)
class Pool:
    """Texts for a search."""

    texts: tuple[Prompt, ...]
    """Set aside, each with an approved answer, none like a compared one."""
    like_compared: int
    """Of those set aside: left out, as they are the same or nearly the same as a compared text."""


def pool_of(case: Case) -> Pool:
    """The case's texts that a search may use."""
    answered = [text for text in case.set_aside if text.reference is not None]
    rules = load_training_rules().similar
    near = alike([t.text for t in answered], [prompt.text for prompt in case.prompts], rules)
    usable = tuple(text for at, text in enumerate(answered) if at not in near)
    return Pool(usable, len(near))


def may_set_aside(case: Case) -> range:
    """How many of the compared texts may leave the comparison, together with what was set aside.

    Raises:
        NoSearch: too few have approved answers, or too few would be left to compare.
    """
    have = len(pool_of(case).texts)
    answered = sum(prompt.reference is not None for prompt in case.prompts)
    spare = min(answered, len(case.prompts) - LEAST_COMPARED)
    least = max(0, LEAST_TEXTS - have)
    if have + answered < LEAST_TEXTS:
        raise NoSearch(
            f"Improving an instruction takes {LEAST_TEXTS} texts with approved answers that are not "
            f"compared, and you have {have + answered} in all; bring "
            f"{LEAST_TEXTS - have - answered} more."
        )
    if spare < least:
        lacking = least - max(0, spare)
        told = (
            f"All your {answered} approved answers are on texts that are compared, and"
            if not have
            else "Too few texts are set aside, and"
        )
        raise NoSearch(
            f"{told} {LEAST_COMPARED} texts must be left to compare; bring "
            f"{count(lacking, 'more text')} with approved answers, or a training file."
        )
    return range(least, spare + 1)


def with_set_aside(case: Case, many: int) -> Case:
    """The case in which at least so many texts with approved answers have left the comparison.

    Texts that belong together go together, so it may be a few more.

    Raises:
        NoSearch: too few would be left.
    """
    may = may_set_aside(case)
    if many not in may:
        raise NoSearch(f"Set aside {may.start} to {may.stop - 1} texts; {many} do not fit.")
    clusters = {p.id: p.cluster for p in case.prompts if p.cluster is not None}
    by_id = {prompt.id: prompt for prompt in case.prompts}
    taken: dict[str, None] = {}
    for prompt_id in random_order([p.id for p in case.prompts if p.reference], 0, clusters):
        if sum(by_id[one].reference is not None for one in taken) >= many:
            break
        of_case = clusters.get(prompt_id)
        taken[prompt_id] = None
        if of_case is not None:
            taken |= dict.fromkeys(p for p, cluster in clusters.items() if cluster == of_case)
    left = tuple(prompt for prompt in case.prompts if prompt.id not in taken)
    if len(left) < LEAST_COMPARED:
        raise NoSearch(
            f"Texts that belong together leave together, and {len(left)} would be left to compare; "
            f"{LEAST_COMPARED} must be. Set fewer aside, or bring more."
        )
    aside = tuple(prompt for prompt in case.prompts if prompt.id in taken)
    return case.model_copy(update={"prompts": left, "set_aside": (*case.set_aside, *aside)})


def with_pairs(case: Case, pairs: Sequence[tuple[str, str]]) -> Case:
    """The case with training pairs (text, approved answer) set aside; a pair it has stays one.

    Of many every so-manieth is taken, `MOST_PAIRS` at most.
    """
    pairs = pairs[:: ceil(len(pairs) / MOST_PAIRS) or 1]
    known = {text.text for text in case.set_aside}
    taken = {text.id for text in (*case.set_aside, *case.prompts, *case.examples)}
    new: list[Prompt] = []
    for number, (text, answer) in enumerate(pairs, start=1):
        if text.strip() and answer.strip() and text not in known:
            known.add(text)
            name = f"pair-{number}"
            while name in taken:
                name += "-"
            taken.add(name)
            new.append(Prompt(id=name, text=text, reference=answer))
    return case.model_copy(update={"set_aside": (*case.set_aside, *new)})


def ways_to_score(case: Case) -> tuple[ScoredBy, ...]:
    """How the case's answers can be scored, the way to be preferred first; overlap always last."""
    found: list[ScoredBy] = []
    metric = METRICS.get(case.run.primary_metric)
    asked = [asked_of(text, case) for text in case.set_aside or case.prompts]
    if metric is not None and not metric.overlap and any(metric.fits(one) for one in asked):
        found.append("measure")
    if any(METRICS[key].fits(one) for key in CHECKS for one in asked):
        found.append("checks")
    if case.judge is not None and case.judge.answers:
        found.append("judge")
    return (*found, "overlap")


def plan_search(
    case: Case,
    option: OptionId,
    *,
    calls: int,
    usd: Decimal | None,
    scored_by: ScoredBy | None = None,
    seed: int = 0,
) -> SearchPlan:
    """What a search for an option's instruction does.

    Args:
        case: with texts set aside.
        option: a base option that can be asked.
        calls: questions at most.
        usd: the most it may cost; None = a price is not known.
        scored_by: None = the first way there is; overlap is never taken unasked.
        seed: of the split and the search.

    Raises:
        NoSearch: one sentence that says what to do.
    """
    _check_option(case, option)
    if calls < 1 or (usd is not None and usd <= 0):
        raise NoSearch("A budget of nothing buys no search; allow some money and some calls.")
    way = scored_by or ways_to_score(case)[0]
    if scored_by is None and way == "overlap":
        raise NoSearch(
            "Nothing here says which answer is right, only how much wording is shared. Choose a "
            "measure of right answers, add checks or a judge, or say that overlap is to count."
        )
    if way not in ways_to_score(case):
        raise NoSearch(
            "The answers can't be scored like that here; choose a measure of right answers, add "
            "checks, or choose a judge."
        )
    pool = _usable(case, way)
    if len(case.prompts) < LEAST_COMPARED:
        raise NoSearch(
            f"{len(case.prompts)} texts are compared, and beside a search {LEAST_COMPARED} must be; "
            f"bring {LEAST_COMPARED - len(case.prompts)} more."
        )
    learn, held_out = split(pool, seed)
    least = len(held_out) + 1
    if calls < least:
        raise NoSearch(
            f"{calls} calls are too few: the instruction as it is takes {least - 1} to score; allow "
            f"{USUAL_CALLS}."
        )
    return SearchPlan(
        option=option,
        scored_by=way,
        learn=learn,
        held_out=held_out,
        calls=calls,
        usd=usd,
        seed=seed,
    )


def split(pool: Sequence[Prompt], seed: int) -> tuple[tuple[Prompt, ...], tuple[Prompt, ...]]:
    """Texts to make instructions on, and texts to score them on; those that belong together stay so.

    Half are held out, `MOST_HELD_OUT` at most.
    """
    clusters = {text.id: text.cluster for text in pool if text.cluster is not None}
    by_id = {text.id: text for text in pool}
    order = random_order(by_id, seed, clusters)
    wanted = min(len(order) // 2, MOST_HELD_OUT)
    while 0 < wanted < len(order) and _together(by_id[order[wanted - 1]], by_id[order[wanted]]):
        wanted += 1
    if wanted >= len(order):
        raise NoSearch("All texts set aside belong together; set aside texts of more cases.")
    return tuple(by_id[i] for i in order[wanted:]), tuple(by_id[i] for i in order[:wanted])


def spec_of_search(case: Case, plan: SearchPlan) -> RunSpec:
    """What identifies a search: its texts, the option as it is asked, and who proposes."""
    judge, asked = case.judge, side_of_option(case, plan.option)
    if judge is not None and judge.answers:
        reflects = SpecArm(
            endpoint=judge.endpoint.strip().rstrip("/"), model=judge.model.strip(), system_prompt=""
        )
    else:
        reflects = SpecArm(endpoint=asked.endpoint, model=asked.model, system_prompt="")
    looked_up = case.variant_of(plan.option) == "passages"
    return RunSpec(
        prompts=tuple(as_asked(text, looked_up=looked_up) for text in plan.texts),
        arms={plan.option: asked, REFLECTS: reflects},
        samples=1,
        max_output_tokens=case.run.max_output_tokens,
        temperature=case.run.temperature,
        system_in_text=case.run.system_in_text,
    )


def _check_option(case: Case, option: OptionId) -> None:
    if option not in case.arms or case.kind_of(option) != "base":
        raise NoSearch(f"“{option}” is no base option of this decision; choose one that is.")
    arm = case.arms[option]
    if not arm.answers:
        raise NoSearch(f"{case.name_of(option)} has no address or no model yet; enter them first.")
    if arm.recorded:
        raise NoSearch(
            f"The answers of {case.name_of(option)} are recorded, so it can't be asked again; "
            "choose an option with an address."
        )


def _usable(case: Case, way: ScoredBy) -> tuple[Prompt, ...]:
    """Texts of the pool whose answers can be scored that way."""
    pool = pool_of(case)
    metric, usable = METRICS[case.run.primary_metric], pool.texts
    if way in ("measure", "overlap"):
        usable = tuple(t for t in usable if metric.fits(asked_of(t, case)))
    elif way == "checks":
        usable = tuple(t for t in usable if any(METRICS[k].fits(asked_of(t, case)) for k in CHECKS))
    if len(usable) >= LEAST_TEXTS:
        return usable
    may_set_aside(case)  # says what to bring where none could be
    why = ""
    if pool.like_compared:
        why = (
            f" {count(pool.like_compared, 'text')} set aside can't be used: they are compared too."
        )
    raise NoSearch(
        f"{count(len(usable), 'text')} with approved answers can be used, and a search takes "
        f"{LEAST_TEXTS} that are not compared.{why} Set {LEAST_TEXTS - len(usable)} more aside."
    )


def _together(one: Prompt, other: Prompt) -> bool:
    return one.cluster is not None and one.cluster == other.cluster
