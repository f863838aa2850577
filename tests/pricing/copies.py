"""Dated copies of the sources, in the shape of each page and in our own words, by their address."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from pricing.compared import Fetched

PAGES = Path(__file__).parent / "pages"
_MICROSOFT = "learn.microsoft.com/en-us/azure/foundry/openai/concepts/model-retirement-schedule"
_LITELLM = "raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json"
_TINKER = (
    "raw.githubusercontent.com/api-evangelist/thinking-machines/refs/heads/main/plans/"
    "thinking-machines-plans-pricing.yml"
)
_GPUS = "raw.githubusercontent.com/datareceipts/data-receipts/main/109-gpu-pricing"
_ENDPOINTS = (
    "raw.githubusercontent.com/huggingface/hf-endpoints-documentation/main/docs/source/support/"
    "pricing.md"
)
COPIES = {
    _ENDPOINTS: "huggingface_rates.md",
    "developers.openai.com/api/docs/pricing.md": "openai_pricing.md",
    "developers.openai.com/api/docs/deprecations.md": "openai_deprecations.md",
    _MICROSOFT: "azure_schedule.md",
    "prices.azure.com/api/retail/prices": "azure_retail_prices.json",
    "fireworks.ai/pricing": "fireworks_pricing.html",
    "docs.fireworks.ai/fine-tuning/managed-finetuning-intro": "fireworks_rft.html",
    "docs.coreweave.com/products/post-training/serverless-training/available-models.md": (
        "coreweave_models.md"
    ),
    "docs.primeintellect.ai/hosted-training/models-and-pricing.md": "prime_intellect.md",
    _TINKER: "tinker.yml",
    "docs.ori.co/fine-tuning/billing": "ori_billing.html",
    "docs.mistral.ai/resources/deprecated": "mistral_deprecated.html",
    f"{_GPUS}/vendors.json": "gpu_vendors.json",
    f"{_GPUS}/README.md": "gpu_readme.md",
    _LITELLM: "litellm_models.json",
}
KINDS = {
    ".md": "text/markdown",
    ".html": "text/html",
    ".json": "application/json",
    ".yml": "text/yaml",
}


def copy_of(address: str) -> Fetched | None:
    """What the source answered when it was copied; None = there is no copy of it."""
    parts = urlsplit(address)
    name = COPIES.get(f"{parts.netloc}{parts.path}")
    return None if name is None else Fetched(200, body_of(name, parts.query), kind_of(name))


def kind_of(name: str) -> str:
    return KINDS[Path(name).suffix]


def body_of(name: str, query: str = "") -> str:
    """The text of a copy; Azure's list holds the meter that the query asks for, as its server does."""
    text = (PAGES / name).read_text("utf-8")
    wanted = "".join(parse_qs(query).get("$filter", ())).removeprefix("meterName eq ").strip("'")
    if not wanted:
        return text
    rows = [row for row in json.loads(text)["Items"] if row["meterName"] == wanted]
    whole = {"BillingCurrency": "USD", "Items": rows, "NextPageLink": None, "Count": len(rows)}
    return json.dumps(whole)


def addresses() -> Iterator[str]:
    yield from COPIES
