"""A whole case (brief, prompts, arms, run, volume), as a CASE.toml and the store hold it."""

from typing import Literal

from pydantic import Field

from advisor.brief import Brief, Frozen
from advisor.prompts import Prompt
from pricing.cost import Volume
from pricing.offers import PriceCells

ArmName = Literal["base", "base_examples", "base_retrieval", "tuned"]
ARMS: tuple[ArmName, ...] = ("base", "base_examples", "base_retrieval", "tuned")
BASE_ARMS: tuple[ArmName, ...] = ("base", "base_examples", "base_retrieval")


class Arm(Frozen):
    """One option to compare: where it answers, as which model, with which instruction, at what price."""

    endpoint: str = ""
    """Base URL of an OpenAI-compatible API, or `replay:<sample>` for recorded answers."""
    model: str = ""
    api_key_env: str | None = None
    system_prompt: str = ""
    offer: str | None = None
    """`provider:model[:method]`; see `pricing.offers`."""
    price: PriceCells = PriceCells()
    """Figures of the reader's own, over those of the offer."""


class RunSettings(Frozen):
    """How a comparison is run. Only samples, max_output_tokens, temperature change what is bought."""

    concurrency: int = Field(default=8, ge=1, le=200)
    samples: int = Field(default=1, ge=1, le=10)
    max_output_tokens: int = Field(default=1024, ge=1)
    temperature: float | None = Field(default=0.0, ge=0, le=2)
    timeout_s: float = Field(default=60.0, gt=0)
    cap_usd: float | None = Field(default=None, ge=0)
    primary_metric: str = "rouge1"


class Judgment(Frozen):
    """A judge's preference for one prompt between two arms' answers, recorded before or given live."""

    prompt_id: str
    preference: Literal["base", "tuned", "tie", "both_bad"]
    judge: str
    base_arm: ArmName = "base"
    order: Literal["base_first", "tuned_first", "both"]
    """`both`: asked in both orders and agreed (a flip is a tie)."""
    base_sha256: str
    """Of the judged answer's UTF-8 text: a judgment of other answers is not used."""
    tuned_sha256: str


class Case(Frozen):
    """All that a verdict rests on, apart from the run's outputs and the votes."""

    title: str = Field(min_length=1, max_length=200)
    brief: Brief
    prompts: tuple[Prompt, ...] = ()
    arms: dict[ArmName, Arm] = Field(default_factory=dict)
    run: RunSettings = RunSettings()
    volume: Volume = Volume()
    judgments: tuple[Judgment, ...] = ()
    recorded: str | None = None
    """For a sample: where its recorded answers come from, e.g. "recorded in 2023"."""
