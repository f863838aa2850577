"""Cases, runs and decisions for the tests, each made in one place."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from advisor.case.brief import Brief
from advisor.case.case import Case, Judgment, RunSettings
from advisor.case.case_file import SAMPLES, load_sample
from advisor.case.options import Arm, Judge, OptionId
from advisor.case.texts import Prompt
from advisor.evidence.model import Output, Preference, Quality, Vote
from advisor.evidence.record import Record
from advisor.llm.replay import ReplayTransport
from advisor.report.summary import DecisionSummary
from advisor.runs.compare import compare
from advisor.store.repository import Store
from advisor.verdict.decision import Decision, decide_case
from pricing.cost import Volume
from pricing.offers import PriceCells

TODAY = date(2026, 11, 22)
MADE_AT = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
LUNA = "openai:gpt-6-luna"
AZURE_MINI = "azure_foundry:gpt-4.1-mini:SFT/DPO global"
OPENAI_MINI = "openai:gpt-4.1-mini"
H100 = "self_hosted:any open model:LoRA on rented H100 SXM (RunPod secure)"
VOLUME = Volume(
    requests_per_month=4_000,
    horizon_months=12,
    input_tokens_per_request=Decimal(1_500),
    output_tokens_per_request=Decimal(400),
)

FULL: dict[str, Any] = {
    "stage": "tuned_on_trial",
    "tried": ("prompt", "few_shot"),
    "gap": "not_good",
    "training_pairs": 1200,
    "training_permission": "yes",
    "data_may_go": "under_contract",
    "can_host": False,
    "customer_of": {"azure_foundry": "existing"},
    "error_cost": "medium",
    "human_check": "spot",
    "fact_change": "in_text",
    "strictness": "strict",
    "task_change": "yearly",
    "together": False,
}
"""Every question answered."""


def arm(offer: str | None = None, **price: Any) -> Arm:
    return Arm(endpoint="http://127.0.0.1:1/v1", model="m", offer=offer, price=PriceCells(**price))


def tuned(offer: str = AZURE_MINI, tokens: int = 2_000_000) -> Arm:
    """Trained three times over a file of so many tokens."""
    price = PriceCells(training_tokens=tokens, epochs=3)
    return Arm(endpoint="http://127.0.0.1:1/v1", model="ft", offer=offer, price=price)


NO_RUN = Record()
SUMMARY = DecisionSummary(
    digest="0" * 64,
    decided_on=TODAY,
    recommendation="base",
    firmness="rule_of_thumb",
    firmness_label="Rule of thumb",
    headline="Base, for now.",
)
"""What is kept of a decision."""


def decide(
    case: Case,
    record: Record = NO_RUN,
    today: date = TODAY,
    made_at: datetime = MADE_AT,
    **options: Any,
) -> Decision:
    """What is decided of a case; unless said otherwise nothing was run, on the day of the tests."""
    return decide_case(case, record, today=today, made_at=made_at, **options)


@dataclass(frozen=True)
class Whole:
    """A case and what its run has brought."""

    case: Case
    record: Record = NO_RUN

    def decided(self, **options: Any) -> Decision:
        return decide(self.case, self.record, **options)


def case(
    use_case: str,
    arms: dict[OptionId, Arm] | None = None,
    texts: int = 0,
    volume: Volume = VOLUME,
    **answers: Any,
) -> Case:
    return Case(
        title="A case",
        brief=Brief(use_case=use_case, **{"together": False} | answers),
        prompts=tuple(Prompt(id=f"t{n:03}", text=f"Text number {n}") for n in range(texts)),
        arms={"base": arm(LUNA), "tuned": tuned()} if arms is None else arms,
        volume=volume,
    )


def preferred(wins: int, losses: int, ties: int = 0) -> list[Preference]:
    """Mixed, so that no order of looking meets one side alone."""
    left: dict[Preference, int] = {"tuned": wins, "base": losses, "tie": ties}
    total = sum(left.values())
    seen: dict[Preference, int] = dict.fromkeys(left, 0)
    order = []
    for n in range(total):
        word = max(left, key=lambda w: left[w] * (n + 1) / total - seen[w])
        seen[word] += 1
        order.append(word)
    return order


def answered(case: Case, refused: int = 0) -> list[Output]:
    """Every option answered every text, all at equal length; tuned refused the last so many."""
    outputs = []
    for number, prompt in enumerate(case.prompts):
        for arm in case.arms:
            found = answer(prompt.id, arm, f"An answer of {arm:13} to {prompt.text}")
            if arm == "tuned" and number >= len(case.prompts) - refused:
                found = replace(found, outcome="refused", text="")
            outputs.append(replace(found, input_tokens=1_500, output_tokens=400))
    return outputs


def voted(
    case: Case,
    preferences: Sequence[Preference],
    quality: Quality | None = None,
    refused: int = 0,
    seed: int = 7,
) -> Whole:
    """Every option answered; one reader voted on the first texts."""
    votes = [
        Vote(p.id, said, base_quality=quality)
        for p, said in zip(case.prompts, preferences, strict=False)
    ]
    record = Record(tuple(answered(case, refused)), tuple(votes), complete=True, seed=seed)
    return Whole(case, record)


def sample(name: str, folder: Any) -> Whole:
    """A sample with its recorded answers, by the path of a live run."""
    found = load_sample(name)
    store = Store.open(folder / f"{name}.db")
    transports = {arm: ReplayTransport(name, SAMPLES) for arm in found.arms}
    run = compare(found, store, transports=transports)
    record = Record(tuple(store.outputs(run.run_id)), (), complete=True, seed=7)
    store.close()
    return Whole(found, record)


def refs(case: Case) -> Case:
    """With an approved answer to each text, the one the option with examples gives."""
    prompts = (
        p.model_copy(update={"reference": f"An answer of base_examples to {p.text}"})
        for p in case.prompts
    )
    return case.model_copy(update={"prompts": tuple(prompts)})


def cut(whole: Whole, texts: int) -> Whole:
    """The same with the first texts only."""
    kept = whole.case.prompts[:texts]
    ids = {prompt.id for prompt in kept}
    return Whole(
        whole.case.model_copy(update={"prompts": kept}),
        replace(
            whole.record,
            outputs=tuple(o for o in whole.record.outputs if o.prompt_id in ids),
            votes=tuple(v for v in whole.record.votes if v.prompt_id in ids),
        ),
    )


# Cases to be run, at an address


def case_at(
    endpoint: str,
    prompts: int = 4,
    arms: tuple[OptionId, ...] = ("base", "tuned"),
    system_prompt: str = "",
    **run: Any,
) -> Case:
    """A case whose arms, models "m-base" and "m-tuned", are at one address."""
    return Case(
        title="A test",
        brief=Brief(use_case="summarization"),
        prompts=tuple(Prompt(id=f"p{i}", text=f"text {i}") for i in range(prompts)),
        arms={
            name: Arm(endpoint=endpoint, model=f"m-{name}", system_prompt=system_prompt)
            for name in arms
        },
        run=RunSettings(**{"concurrency": 8, "timeout_s": 5, **run}),
    )


# What was answered and judged, text by text

CHATBOT = Brief(use_case="general_chatbots")


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def prompts(n: int, **fields: object) -> tuple[Prompt, ...]:
    return tuple(Prompt(id=f"p{i:03}", text="a text", **fields) for i in range(n))


def answer(prompt_id: str, arm: OptionId, text: str | None = None, sample: int = 0) -> Output:
    return Output(prompt_id, arm, sample, "answered", text or f"{arm} says {prompt_id}")


def case_of(n: int, brief: Brief = CHATBOT, **fields: object) -> Case:
    """Texts that each stand alone, unless the brief says otherwise."""
    if brief.together is None:
        brief = brief.model_copy(update={"together": False})
    return Case(title="A test", brief=brief, prompts=prompts(n, **fields))


def with_judge(n: int, judge: Judge | None, brief: Brief = CHATBOT) -> Case:
    return case_of(n, brief).model_copy(update={"judge": judge})


def both(case: Case) -> list[Output]:
    """Both arms answered every prompt."""
    return [answer(p.id, arm) for p in case.prompts for arm in ("base", "tuned")]


def judgment(prompt_id: str, preference: Preference, **fields: object) -> Judgment:
    """Of the answers that `both` gives."""
    shown = {f"{arm}_sha256": sha256(f"{arm} says {prompt_id}") for arm in ("base", "tuned")}
    judged = {"prompt_id": prompt_id, "preference": preference, "judge": "a judge"}
    return Judgment(**judged | shown | {"order": "both"} | fields)
