import os
import subprocess
from datetime import UTC, datetime, timedelta

from advisor.runs.process import STALE, is_dead, new_runner_id


def now() -> datetime:
    return datetime.now(UTC)


def test_a_runner_of_this_process_lives():
    assert not is_dead(new_runner_id(), now())
    assert new_runner_id() != new_runner_id()


def test_a_process_of_this_machine_lives_though_its_database_was_away_for_long():
    assert not is_dead(new_runner_id(), now() - STALE - timedelta(seconds=1))


def test_without_a_runner_or_a_heartbeat_nobody_is_at_it():
    assert is_dead(None, now())
    assert is_dead(new_runner_id(), None)


def test_a_runner_whose_process_has_ended_is_dead_at_once():
    ended = subprocess.Popen(["true"])
    ended.wait()
    machine, _, _, unique = new_runner_id().split("|")
    assert is_dead(f"{machine}|{ended.pid}|1|{unique}", now())


def test_a_process_number_used_again_is_another_process():
    machine, _, began, unique = new_runner_id().split("|")
    other = f"{machine}|{os.getpid()}|{began}9|{unique}"
    assert is_dead(other, now())


def test_on_another_machine_only_the_heartbeat_tells():
    _, rest = new_runner_id().split("|", 1)
    elsewhere = f"elsewhere|{rest}"
    assert not is_dead(elsewhere, now())
    assert is_dead(elsewhere, now() - STALE - timedelta(seconds=1))
