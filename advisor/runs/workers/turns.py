"""Fair scheduling: a worker takes the next chunk of the user who has the fewest in work."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, LiteralString

from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager

_TAKE: LiteralString = """
    WITH in_work AS (
        SELECT args->>'owner' AS owner, count(*) AS chunks, bool_or(worker_id = %(worker_id)s) AS mine
        FROM procrastinate_jobs
        WHERE status = 'doing' AND queue_name = ANY(%(queues)s::varchar[])
        GROUP BY 1
    ), next AS (
        SELECT job.id
        FROM procrastinate_jobs job LEFT JOIN in_work ON in_work.owner = job.args->>'owner'
        WHERE job.status = 'todo' AND job.queue_name = ANY(%(queues)s::varchar[])
          AND (job.scheduled_at IS NULL OR job.scheduled_at <= now())
          AND NOT coalesce(in_work.mine, false)
        ORDER BY coalesce(in_work.chunks, 0), job.priority DESC, job.id
        LIMIT 1
        FOR UPDATE OF job SKIP LOCKED
    )
    UPDATE procrastinate_jobs job SET status = 'doing', worker_id = %(worker_id)s
    FROM next WHERE job.id = next.id
    RETURNING job.id, status, task_name, priority, lock, queueing_lock, args, scheduled_at,
        queue_name, attempts, worker_id
"""
_STILL_OURS: LiteralString = """
    WITH ours AS MATERIALIZED (
        SELECT id FROM procrastinate_jobs
        WHERE id = %(job_id)s AND status = 'doing' AND attempts = %(attempts)s
        FOR UPDATE
    )
"""
"""A chunk counts one attempt more as soon as it was put back: then it is another's to end."""
_FINISH: LiteralString = _STILL_OURS + (
    "SELECT procrastinate_finish_job_v1(id, %(status)s, %(delete_job)s) FROM ours"
)
_RETRY: LiteralString = _STILL_OURS + (
    "SELECT procrastinate_retry_job_v2(id, %(retry_at)s, NULL, NULL, NULL) FROM ours"
)
"""In the queue's own words, as of version 3.10."""


class InTurns(JobManager):
    """Fetches chunks so that a worker has one of each user in hand, and none has to queue behind
    another's long run."""

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> Job | None:
        """The next chunk, of a user of whom this worker has none in hand."""
        rows = await self.connector.execute_query_all_async(
            _TAKE, queues=list(queues or ()), worker_id=worker_id
        )
        return Job.from_row(rows[0]) if rows else None

    async def listen_for_jobs(
        self, *, on_notification: Any, queues: Iterable[str] | None = None
    ) -> None:
        """As the queue does it."""
        self._notify = on_notification
        await super().listen_for_jobs(on_notification=on_notification, queues=queues)

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:
        """End it, and let the worker look at once for the next chunk of the same user.

        One that was frozen for long may come here when another has the chunk in hand; the job has
        to outlive that, or nobody would go on with the chunk if the other died.
        """
        await self.connector.execute_query_async(
            _FINISH,
            job_id=job.id,
            attempts=job.attempts,
            status=status.value,
            delete_job=delete_job,
        )
        await self._notify(channel="", notification={"type": "job_inserted", "job_id": job.id})

    async def retry_job(
        self, job: Job, retry_at: datetime | None = None, *_: object, **__: object
    ) -> None:
        """Put it back, unless it was put back before."""
        await self.connector.execute_query_async(
            _RETRY, job_id=job.id, attempts=job.attempts, retry_at=retry_at or datetime.now(UTC)
        )
