"""The log says what happens, and holds no text, no answer and no key."""

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from advisor.host.logs import JsonLines
from tests.fault_server import FaultServer

ROOT = Path(__file__).parents[2]
RUN = """
import logging, sys
from advisor.host import logs
logs.configure()
from advisor.case.texts import Prompt
from advisor.runs import inline
from advisor.case.run_spec import spec_of
from advisor.store.repository import Store
from tests.make import case_at

url, db = sys.argv[1:]
case = case_at(url, 4)
texts = tuple(Prompt(id=f"canary-id-{i}", text=f"canary-prompt-{i}") for i in range(12))
arms = {
    name: arm.model_copy(update={"system_prompt": "canary-system"}) for name, arm in case.arms.items()
}
case = case.model_copy(update={"prompts": texts, "arms": arms, "title": "canary-title"})
store = Store.open(db)
case_id = store.save_case(case)
run_id = store.start_run(case_id, spec_of(case), case.run)
keys = {"base": "canary-key", "tuned": "canary-key"}
inline.start(store, run_id, keys=keys, case=case)
inline.wait(run_id, 60)
store.erase_case(case_id)
"""


def test_a_run_at_debug_writes_what_happened_and_no_word_of_it(tmp_path):
    faults = {3: "429", 5: "500", 7: "cut", 9: "broken_json", 11: "refuse", 13: "reset"}
    with FaultServer(fault=lambda asked, number: faults.get(number)).running() as models:
        env = {k: v for k, v in os.environ.items() if not k.startswith("WORTH_")}
        env |= {"WORTH_TUNING_LOG": "json", "WORTH_TUNING_LOG_LEVEL": "DEBUG"}
        done = subprocess.run(
            [sys.executable, "-c", RUN, models.url, str(tmp_path / "cases.db")],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    assert "canary" not in done.stdout + done.stderr
    assert "says:" not in done.stderr, "no answer"
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    told = [(line["event"], line.get("status") or line.get("outcome")) for line in lines]
    assert told.count(("run", "running")) == 1
    assert sum(event == "call" for event, _ in told) == 24
    assert ("call", "answered") in told
    assert {line["level"] for line in lines} <= {"DEBUG", "INFO", "WARNING"}


def test_an_error_is_told_by_its_kind_and_place_and_never_by_its_words():
    try:
        raise ValueError("canary: the text was “…”")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    line = json.loads(JsonLines().format(record))
    assert "canary" not in json.dumps(line)
    assert line["error"] == "ValueError"
    assert line["where"][0].startswith("test_logs.py:")
    assert line["where"][0].endswith(
        "test_an_error_is_told_by_its_kind_and_place_and_never_by_its_words"
    )


def test_what_is_given_beside_the_event_stands_in_fields_of_its_own():
    record = logging.makeLogRecord({"msg": "run", "status": "done", "levelname": "INFO"})
    line = json.loads(JsonLines().format(record))
    assert (line["event"], line["status"], line["level"]) == ("run", "done", "INFO")


@pytest.mark.parametrize("name", ["openai", "aiohttp", "httpx2", "httpcore2", "sqlalchemy"])
def test_libraries_that_would_write_requests_are_kept_from_it(name):
    program = (
        "import logging; logging.basicConfig(level=logging.DEBUG)\n"
        "from advisor.host import logs; logs.configure()\n"
        f"print(logging.getLogger({name!r} + '.x').isEnabledFor(logging.INFO))"
    )
    env = {k: v for k, v in os.environ.items() if not k.startswith("WORTH_")}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"
