"""`facts`: the age of what ships, what ends soon, and all of it as one file."""

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from advisor.cli import main
from advisor.cli.facts import facts

ROOT = Path(__file__).parents[2]


def run(*words):
    return CliRunner().invoke(main, ["facts", *map(str, words)])


def test_status_says_what_is_ageing_and_what_ends():
    found = run("status", "--today", "2026-11-30", "--within", 11)
    assert found.exit_code == 0
    lines = found.stdout.splitlines()
    assert lines[0] == "Facts on 30 Nov 2026."
    assert any(line.startswith("Dates of vendors that close: ") for line in lines)
    assert "  11 Dec 2026, in 11 days: openai:gpt-5-mini stops; then gpt-6.1-terra" in lines
    assert not [line for line in lines if "gpt-4.1-mini stops" in line]


def test_status_in_json_holds_every_fact():
    value = json.loads(run("status", "--today", "2026-11-30", "--json", "-").stdout)
    assert value["today"] == "2026-11-30"
    assert {fact["kind"] for fact in value["facts"]} == {"dates", "host prices", "list prices"}
    assert all(fact["source"].startswith("https://") for fact in value["facts"])
    assert [one["on"] for one in value["ends_soon"]] == sorted(
        one["on"] for one in value["ends_soon"]
    )


@pytest.mark.parametrize(("more", "code"), [((), 0), (("--require-fresh",), 1)])
def test_a_scheduled_job_learns_by_the_code_that_something_is_ageing(more, code):
    assert run("status", "--today", "2028-06-01", *more).exit_code == code


def test_export_writes_one_file_named_by_its_digest_and_one_that_names_it(tmp_path):
    assert run("export", tmp_path).exit_code == 0
    pointer = json.loads((tmp_path / "latest.json").read_bytes())
    content = (tmp_path / pointer["file"]).read_bytes()
    assert pointer["file"] == f"{sha256(content).hexdigest()}.json"
    assert run("export", tmp_path).exit_code == 0
    assert len(list(tmp_path.iterdir())) == 2  # the same facts are the same file


def test_export_into_no_folder_is_a_sentence(tmp_path):
    found = run("export", tmp_path / "nowhere")
    assert (found.exit_code, found.stderr.count("\n")) == (2, 1)
    assert "is no folder; name one that exists." in found.stderr


def test_the_weekly_job_calls_commands_that_exist():
    job = yaml.safe_load((ROOT / "docs/facts-weekly.yml").read_text("utf-8"))
    steps = " ".join(str(step.get("run", "")) for step in job["jobs"]["check"]["steps"])
    called = re.findall(r"python -m advisor facts (\w+)((?: --[\w-]+)*)", steps)
    assert {name for name, _ in called} == {"check", "update", "status"}
    for name, options in called:
        known = {word for option in facts.commands[name].params for word in option.opts}
        assert set(options.split()) <= known
