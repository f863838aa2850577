"""Cases for the tests of store and runs."""

from typing import Any

from advisor.case.brief import Brief
from advisor.case.case import Case, RunSettings
from advisor.case.options import Arm, ArmName
from advisor.case.texts import Prompt


def case_of(
    endpoint: str,
    prompts: int = 4,
    arms: tuple[ArmName, ...] = ("base", "tuned"),
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
