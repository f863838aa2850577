"""`make live`, told to end: the command that it runs is ended with it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "deploy/live.py"
RUNS = """
import importlib.util, sys
spec = importlib.util.spec_from_file_location("live", sys.argv[1])
live = importlib.util.module_from_spec(spec)
spec.loader.exec_module(live)
try:
    sys.exit(live.run([sys.executable, "-c", sys.argv[2]], {"TOLD": "yes"}))
except KeyboardInterrupt:
    sys.exit(7)
"""
SLEEPS = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(print("let go", flush=True)))
print(os.getpid(), os.environ["TOLD"], flush=True)
time.sleep(60)
"""


def started(command):
    return subprocess.Popen(
        [sys.executable, "-c", RUNS, FILE, command], stdout=subprocess.PIPE, text=True
    )


@pytest.mark.real_clock
def test_a_command_is_ended_with_whoever_waits_for_it():
    with started(SLEEPS) as process:
        assert process.stdout is not None
        child, told = process.stdout.readline().split()
        assert told == "yes"
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 7
        assert process.stdout.read() == "let go\n"
    with pytest.raises(ProcessLookupError):
        os.kill(int(child), 0)


def test_a_command_that_ends_gives_its_code():
    with started("raise SystemExit(3)") as process:
        assert process.wait(20) == 3
