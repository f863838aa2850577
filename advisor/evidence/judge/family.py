"""Which family a model belongs to: judges prefer answers of their own kind (arXiv 2404.13076)."""

import re

from advisor.case.case import Case
from advisor.case.options import OptionId

_FAMILIES: dict[str, str] = {
    "OpenAI": r"gpt|chatgpt|o[1-9](?![0-9])|davinci|babbage",
    "Anthropic": r"claude",
    "Google": r"gemini|gemma|palm|bison",
    "Llama": r"llama|codellama|vicuna|alpaca",
    "Mistral": r"mistral|mixtral|ministral|codestral|magistral|pixtral",
    "Qwen": r"qwen|qwq",
    "DeepSeek": r"deepseek",
    "Microsoft": r"phi",
    "Cohere": r"command|aya|c4ai",
    "xAI": r"grok",
    "Amazon": r"nova|titan",
    "Moonshot": r"kimi|moonshot",
    "Zhipu": r"glm|chatglm",
    "IBM": r"granite",
    "NVIDIA": r"nemotron",
}
"""By words that stand in a model's id, at the beginning of a word."""


def family(model_id: str) -> str | None:
    """The family of a model, from its id; None = the id does not say.

    "ft:gpt-4.1-mini-2025-04-14:acme::9A" and "openai/gpt-5" are OpenAI's. Where an id names two, as
    "deepseek-r1-distill-llama-8b" does, the first counts.
    """
    found: tuple[int, str] | None = None
    for name, words in _FAMILIES.items():
        hit = re.search(rf"(?<![a-z])(?:{words})(?![a-z])", model_id.casefold())
        if hit and (found is None or hit.start() < found[0]):
            found = (hit.start(), name)
    return found[1] if found else None


def of_the_judges_family(case: Case) -> tuple[OptionId, ...]:
    """The arms that are of the judge's family, by their model, else by their offer's base model."""
    if case.judge is None or (judge := family(case.judge.model)) is None:
        return ()
    return tuple(
        name
        for name in case.options
        if (arm := case.arms[name])
        and (family(arm.model) or family((arm.offer or "").partition(":")[2])) == judge
    )
