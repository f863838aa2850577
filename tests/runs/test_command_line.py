"""`python -m advisor compare`, killed at 60 % and run again."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from advisor.case import load_case
from advisor.llm.profiles import profile_of
from advisor.store.repository import Store
from tests.fault_server import FaultServer

ROOT = Path(__file__).parents[2]

CASE = """
title = "A test"
[brief]
use_case = "domain_summarization"
[prompts]
file = "prompts.jsonl"
[arms.base]
endpoint = "{url}"
model = "m-base"
[arms.tuned]
endpoint = "{url}"
model = "m-tuned"
[run]
concurrency = 8
"""


def command(folder: Path, *more: str) -> list[str]:
    case, db = str(folder / "CASE.toml"), str(folder / "runs.db")
    return [sys.executable, "-m", "advisor", "compare", case, "--db", db, *more]


def test_a_killed_comparison_goes_on_and_buys_again_at_most_what_was_in_flight(tmp_path):
    rows = (json.dumps({"id": f"p{i}", "prompt": f"text {i}"}) for i in range(50))
    (tmp_path / "prompts.jsonl").write_text("\n".join(rows), "utf-8")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with FaultServer(latency_s=0.05).running() as server:
        (tmp_path / "CASE.toml").write_text(CASE.format(url=server.url), "utf-8")
        first = subprocess.Popen(command(tmp_path), cwd=ROOT, env=env)
        end = time.monotonic() + 30
        while sum(server.completed.values()) < 60 and time.monotonic() < end:
            time.sleep(0.005)
        first.send_signal(signal.SIGKILL)
        assert first.wait() == -signal.SIGKILL
        again = subprocess.run(
            command(tmp_path, "--json", "-"), cwd=ROOT, env=env, capture_output=True, check=False
        )
    assert again.returncode == 0, again.stderr
    said = json.loads(again.stdout)
    assert (said["status"], said["planned"], said["done"]) == ("done", 100, 100)
    assert len(server.completed) == 100
    assert sum(n - 1 for n in server.completed.values()) <= 8
    store = Store.open(tmp_path / "runs.db")
    outputs = store.outputs(said["run_id"])
    store.close()
    kept = {(f"m-{o.arm}", f"text {o.prompt_id[1:]}") for o in outputs}
    assert kept == set(server.completed)


def test_the_case_of_the_readme_can_be_read_and_stays_on_this_machine(tmp_path):
    readme = (ROOT / "README.md").read_text("utf-8")
    (tmp_path / "CASE.toml").write_text(readme.split("```toml")[1].split("```")[0], "utf-8")
    (tmp_path / "prompts.jsonl").write_text('{"prompt": "a", "reference": "b"}', "utf-8")
    case = load_case(tmp_path / "CASE.toml")
    assert {name: profile_of(arm.endpoint).id for name, arm in case.arms.items()} == {
        "base": "ollama",
        "tuned": "ollama",
    }
