"""Today's list of base prices, fetched where a person asks for it, by the host's own way out."""

from datetime import date

from advisor.llm.upkeep.fetch import fetch_content
from pricing.base_prices import use_list
from pricing.compared import Fetched
from pricing.errors import PricingError

LIST = "https://raw.githubusercontent.com/pydantic/genai-prices/refs/heads/main/prices/new_data/v2/data.json"
"""genai-prices' own address, which its module of the network names too."""


def refresh(url: str = LIST) -> date:
    """Fetch today's base prices once, for this process.

    Args:
        url: where the list is; genai-prices' own address by default.

    Returns:
        The day the prices now count as read.

    Raises:
        PricingError: the list can't be fetched or read; the prices at hand stay in use.
    """
    found = fetch_content(url)
    if isinstance(found, Fetched):
        why = f" ({found.detail.rstrip('.')})" if found.detail else ""
        raise PricingError(
            f"Today's base prices can't be fetched{why}: check the network and try again. The "
            "prices at hand stay in use."
        )
    return use_list(found)
