"""`python -m advisor compare`, killed on its way and run again."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from advisor.case.endpoints import profile_of
from advisor.store.repository import Store
from advisor.training.case_file import load_case
from tests.fault_server import FaultServer
from tests.judge_server import JUDGE, judging
from tests.runs.workers.hosting import until

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
concurrency = 4
"""


KEY = "WORTH_TUNING_TEST_JUDGE"
WITH_A_JUDGE = f"""
[judge]
endpoint = "{{url}}"
model = "{JUDGE}"
api_key_env = "{KEY}"
rubric = "What a nurse needs comes first."
"""
AT_ONCE = 4


@pytest.fixture
def hears_ctrl_c() -> Iterator[None]:
    """What runs in the background of a script ignores Ctrl-C, and so does what it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def compare_in(folder: Path, *more: str, **how: Any) -> "subprocess.Popen[bytes]":
    """The command as one calls it, on the case of a folder."""
    case, db = str(folder / "CASE.toml"), str(folder / "runs.db")
    words = [sys.executable, "-m", "advisor", "compare", case, "--db", db, *more]
    how["env"] = {**os.environ, "PYTHONPATH": str(ROOT), **how.get("env", {})}
    return subprocess.Popen(words, cwd=ROOT, **how)


def write_case(folder: Path, toml: str, texts: int) -> None:
    rows = (json.dumps({"id": f"p{i}", "prompt": f"text {i}"}) for i in range(texts))
    (folder / "prompts.jsonl").write_text("\n".join(rows), "utf-8")
    (folder / "CASE.toml").write_text(toml, "utf-8")


def killed_and_called_again(folder: Path, when: Callable[[], bool], **env: str) -> dict[str, Any]:
    """What the second call writes; the first was killed as soon as something held."""
    first = compare_in(folder, env=env)
    until(when, 60)
    first.send_signal(signal.SIGKILL)
    assert first.wait() == -signal.SIGKILL
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    again = compare_in(folder, "--json", "-", env=env, **pipes)
    out, err = again.communicate()
    assert again.returncode == 0, err
    return json.loads(out)


def twice(completed: Counter[tuple[str, str]]) -> int:
    """How many answers were bought a second time."""
    return sum(times - 1 for times in completed.values())


def test_a_killed_comparison_goes_on_and_buys_again_at_most_what_was_in_flight(tmp_path):
    with FaultServer(latency_s=0.05).running() as server:
        write_case(tmp_path, CASE.format(url=server.url), 50)
        said = killed_and_called_again(tmp_path, lambda: sum(server.completed.values()) >= 60)
    assert (said["status"], said["planned"], said["done"]) == ("done", 100, 100)
    assert len(server.completed) == 100
    assert twice(server.completed) <= AT_ONCE
    store = Store.open(tmp_path / "runs.db")
    outputs = store.outputs(said["run_id"])
    store.close()
    kept = {(f"m-{o.arm}", f"text {o.prompt_id[1:]}") for o in outputs}
    assert kept == set(server.completed)


def test_a_killed_judge_goes_on_and_buys_nothing_twice_but_what_was_in_flight(tmp_path):
    with judging(latency_s=0.05) as server:
        write_case(tmp_path, (CASE + WITH_A_JUDGE).format(url=server.url), 20)
        key = {KEY: "key-of-the-judge"}
        said = killed_and_called_again(tmp_path, lambda: len(server.judged) >= 20, **key)
        assert server.keys[JUDGE, "Bearer key-of-the-judge"] == len(server.judged)
    judged = {name: said["judge"][name] for name in ("status", "planned", "done", "unreadable")}
    assert judged == {"status": "done", "planned": 40, "done": 40, "unreadable": 0}
    assert said["judge"]["judge"] == JUDGE
    assert len(server.completed) == 80
    assert twice(server.completed) <= AT_ONCE
    assert b"key-of-the-judge" not in (tmp_path / "runs.db").read_bytes()


def test_a_judge_whose_key_is_not_set_is_a_sentence(tmp_path):
    write_case(tmp_path, (CASE + WITH_A_JUDGE).format(url="http://127.0.0.1:9/v1"), 1)
    found = compare_in(tmp_path, stderr=subprocess.PIPE)
    assert found.communicate()[1].decode() == (
        f"judge wants {KEY} from the environment; set it to the key.\n"
    )
    assert found.returncode == 2


def test_the_case_of_the_guide_can_be_read_and_stays_on_this_machine(tmp_path):
    page = (ROOT / "docs/local-models.md").read_text("utf-8")
    (tmp_path / "CASE.toml").write_text(page.split("```toml")[1].split("```")[0], "utf-8")
    (tmp_path / "prompts.jsonl").write_text('{"prompt": "a", "reference": "b"}', "utf-8")
    case = load_case(tmp_path / "CASE.toml")
    assert {name: profile_of(arm.endpoint).id for name, arm in case.arms.items()} == {
        "base": "ollama",
        "tuned": "ollama",
    }


@pytest.mark.parametrize(
    ("hosted", "code"), [({}, 0), ({"WORTH_TUNING_HOSTED": "true"}, 2)], ids=["left out", "true"]
)
def test_whoever_types_the_command_may_name_addresses_inside_though_replicas_share_the_database(
    tmp_path, postgres_url, hosted, code
):
    env = {**os.environ, "DATABASE_URL": postgres_url, **hosted}
    with FaultServer().running() as server:
        write_case(tmp_path, CASE.format(url=server.url), 2)
        done = subprocess.run(
            [sys.executable, "-m", "advisor", "compare", str(tmp_path / "CASE.toml")],
            cwd=ROOT, env=env, capture_output=True, text=True, timeout=60,
        )  # fmt: skip
    assert (done.returncode, len(server.requests)) == (code, 0 if hosted else 4)
    inside = "This address is inside your network. Ask the people who run the app to allow it.\n"
    assert done.stderr == (inside if hosted else "")


@pytest.mark.usefixtures("hears_ctrl_c")
def test_ctrl_c_ends_with_the_code_of_a_run_that_is_not_complete(tmp_path):
    with FaultServer(latency_s=0.2).running() as server:
        write_case(tmp_path, CASE.format(url=server.url), 100)
        out = tmp_path / "out.json"
        running = compare_in(tmp_path, "--json", str(out), stderr=subprocess.PIPE)
        # Of twelve answers sent, the four in flight may not be kept; the eight before them are.
        until(lambda: len(server.completed) >= 8 + AT_ONCE, 60)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=20)
    assert running.returncode == 3
    written = json.loads(out.read_text("utf-8"))
    assert written["status"] in ("interrupted", "partial")
    assert 8 <= written["done"] < 200
    assert b"Traceback" not in said
