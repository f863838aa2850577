"""One process that makes calls, so that its time and memory are its own.

`python -m tests.bench.calls ours|bare URL PROMPTS CONCURRENCY DB` prints what it used as JSON.
"""

import asyncio
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

from advisor.runs.compare import compare
from advisor.store.repository import Store
from tests.make import case_at


def ours(url: str, prompts: int, concurrency: int, db: Path) -> None:
    """A comparison: two options over the prompts, every answer stored."""
    store = Store.open(db)
    compare(case_at(url, prompts, concurrency=concurrency, timeout_s=30), store)
    store.close()


def bare(url: str, prompts: int, concurrency: int, db: Path) -> None:
    """The same calls by the SDK in a plain loop: nothing stored, nothing asked again."""
    asyncio.run(_bare(url, prompts, concurrency))


async def _bare(url: str, prompts: int, concurrency: int) -> None:
    from openai import AsyncOpenAI

    client = AsyncOpenAI(base_url=url, api_key="none", max_retries=0)
    gate = asyncio.Semaphore(concurrency)

    async def call(model: str, text: str) -> str:
        async with gate:
            stream = await client.chat.completions.create(
                model=model,
                messages=[{"role": "user", "content": text}],
                max_tokens=1024,
                temperature=0,
                stream=True,
                stream_options={"include_usage": True},
            )
            return "".join(
                [chunk.choices[0].delta.content or "" async for chunk in stream if chunk.choices]
            )

    pairs = [(f"m-{arm}", f"text {i}") for i in range(prompts) for arm in ("base", "tuned")]
    await asyncio.gather(*(call(model, text) for model, text in pairs))
    await client.close()


def main(how: str, url: str, prompts: str, concurrency: str, db: str) -> None:
    """Make the calls and print processor seconds and the most memory held, MB."""
    work: Callable[[str, int, int, Path], None] = {"ours": ours, "bare": bare}[how]
    began = time.process_time()
    work(url, int(prompts), int(concurrency), Path(db))
    used = {
        "cpu_s": time.process_time() - began,
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(used))


if __name__ == "__main__":
    main(*sys.argv[1:])
