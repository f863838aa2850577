"""A worker's connection to its queue, which retries until the database hears it."""

import asyncio
from typing import Any, LiteralString

from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError

from advisor.runs.live import StopSignal
from advisor.runs.retry import in_haste
from advisor.store.database import LINK

_AGAIN_S = 1.0
_GET_S, _CONNECT_S = 3.0, 1.0
"""How long a connection is waited for, and how long one attempt at a new one goes on: kept short,
as the pause between attempts grows with it."""


class PatientConnector(PsycopgConnector):
    """Says again what has come of a chunk, and that the worker lives."""

    def __init__(self, database: str, stop: StopSignal) -> None:
        """Nothing is opened yet.

        Args:
            database: URL of the Postgres.
            stop: of the worker. One that ends does not wait for long.
        """
        super().__init__(
            conninfo=database,
            min_size=1,
            max_size=4,
            timeout=_GET_S,
            reconnect_timeout=_CONNECT_S,
            kwargs=dict(LINK),
        )
        self._stop = stop

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """As the queue asks for it; nothing that it asks in this way does harm when done twice."""
        while True:
            try:
                await super().execute_query_async(query, **arguments)
                return
            except ConnectorException as error:
                gone = isinstance(error.__cause__, OperationalError)
                if not gone or in_haste(self._stop):
                    raise
            await asyncio.sleep(_AGAIN_S)
