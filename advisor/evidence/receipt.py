"""Receipt: what was fixed before the first answer was asked for, so that nobody chose it after."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import AwareDatetime

from advisor.case.brief import Frozen
from advisor.case.case import Case
from advisor.case.options import OptionId
from advisor.case.run_spec import spec_of
from advisor.case.texts import Prompt
from advisor.evidence.rules import EvidenceRules
from advisor.evidence.weigh import margin_of

What = Literal["measure", "margin", "target", "options", "texts added", "texts changed"]


class Receipt(Frozen):
    """What was fixed, and when."""

    at: AwareDatetime
    measure: str
    """Key of the main measure."""
    margin: float
    """How large a share of texts the sides may be apart and still count as level."""
    target: float
    """Share of answers that must be good to send as they are."""
    options: dict[OptionId, str]
    """SHA-256 of what each option is asked with: model, address, instruction, examples, settings."""
    texts: dict[str, str]
    """SHA-256 of each text with its approved answers, by id."""
    answered_before: tuple[OptionId, ...] = ()
    """Options whose answers were there already: they came with the texts, or were recorded."""

    @property
    def texts_sha256(self) -> str:
        """One digest of all texts."""
        return _sha256(sorted(self.texts.items()))


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is otherwise now."""

    what: What
    then: str | float
    now: str | float
    """Of texts: how many there were, and how many were added, or changed and taken out."""


def receipt_of(case: Case, rules: EvidenceRules, at: AwareDatetime) -> Receipt:
    """What a case fixes as it stands at this moment."""
    spec = spec_of(case)
    return Receipt(
        at=at,
        measure=case.run.primary_metric,
        margin=margin_of(case.brief, rules),
        target=case.brief.target_as_is,
        # Without what is not said: a parameter that a later version knows changes no old digest.
        options={
            option: _sha256(arm.model_dump(mode="json", exclude_defaults=True))
            for option, arm in spec.arms.items()
        },
        texts={prompt.id: _of_text(prompt) for prompt in case.prompts},
        answered_before=tuple(option for option in spec.arms if case.arms[option].recorded),
    )


def changed_since(receipt: Receipt, case: Case, rules: EvidenceRules) -> tuple[Change, ...]:
    """What of a receipt is otherwise in the case as it stands now."""
    return tuple(_changes(receipt, receipt_of(case, rules, receipt.at)))


def _changes(then: Receipt, now: Receipt) -> Iterator[Change]:
    if then.measure != now.measure:
        yield Change("measure", then.measure, now.measure)
    if then.margin != now.margin:
        yield Change("margin", then.margin, now.margin)
    if then.target != now.target:
        yield Change("target", then.target, now.target)
    if then.options != now.options:
        others = _differ(then.options, now.options)
        yield Change("options", len(then.options), others)
    if added := len(now.texts.keys() - then.texts.keys()):
        yield Change("texts added", len(then.texts), added)
    kept = {text: digest for text, digest in now.texts.items() if text in then.texts}
    if changed := _differ(then.texts, kept):
        yield Change("texts changed", len(then.texts), changed)


def _differ(then: Mapping[str, str], now: Mapping[str, str]) -> int:
    """How many entries differ between the two."""
    return sum(then.get(key) != now.get(key) for key in then.keys() | now.keys())


def _of_text(prompt: Prompt) -> str:
    """Digest of a text: what is asked, and what counts as right."""
    calls = (
        None if prompt.calls is None else [call.model_dump(mode="json") for call in prompt.calls]
    )
    return _sha256([prompt.text, prompt.passages, prompt.tools, prompt.references, calls])


def _sha256(value: object) -> str:
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()
