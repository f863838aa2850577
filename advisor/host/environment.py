"""What every class of settings shares: it is read from the environment, and says what is wrong."""

from typing import Self

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from advisor.errors import BadSettings

PREFIX = "WORTH_TUNING_"


class FromEnvironment(BaseSettings):
    """Settings of whoever hosts the app; an empty variable is one that is not set."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True)

    @classmethod
    def read(cls) -> Self:
        """The settings as the environment has them.

        Raises:
            BadSettings: a variable can't be read; the message names it, and not its value.
        """
        try:
            return cls()
        except ValidationError as error:
            first = error.errors(include_input=False)[0]
            name = str(first["loc"][0])
            variable = name if name.isupper() else f"{PREFIX}{name.upper()}"
            raise BadSettings(
                f"The setting {variable} can't be used ({first['msg'].lower()}); "
                "docs/hosting.md says what it takes."
            ) from None
