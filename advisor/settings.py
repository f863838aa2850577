"""Settings of the host, from the environment (`WORTH_TUNING_…`)."""

from functools import lru_cache
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Each has a default that needs nothing set up."""

    model_config = SettingsConfigDict(env_prefix="WORTH_TUNING_", frozen=True)

    db: Path = Path("data") / "worth_tuning.db"
    """The SQLite file that holds cases, runs and votes."""


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings, read once."""
    return Settings()
