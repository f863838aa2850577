"""The samples are data: whole, of known origin, and the code does without any of them."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date

import pytest

from advisor.case.case_file import SAMPLES, load_sample, sample_names
from advisor.verdict.costs import price_case

ROOT = SAMPLES.parents[2]
PROMPTS = {"clinic_notes": 40, "chatbot": 80, "chatbot_raw": 80}
LICENCE = {
    "clinic_notes": "Attribution 4.0 International",
    "chatbot": "Apache License",
    "chatbot_raw": "Apache License",
}
# Tuned, tie, base: as the judge of 2023 gave them.
TALLY = {"chatbot": (14, 22, 44), "chatbot_raw": (77, 0, 3)}


EMPTY = {"chatbot_raw": ["vicuna80-074"]}
"""The raw model said nothing to this one."""


def answers(name):
    lines = (SAMPLES / name / "answers.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_these_samples_ship_and_the_first_is_the_one_opened():
    assert sample_names() == tuple(PROMPTS)


@pytest.mark.parametrize("name", PROMPTS)
def test_every_prompt_has_both_answers(name):
    case = load_sample(name)
    assert len(case.prompts) == PROMPTS[name]
    recorded = Counter((row["prompt_id"], row["arm"]) for row in answers(name))
    assert recorded == {(p.id, arm): 1 for p in case.prompts for arm in ("base", "tuned")}
    empty = [row["prompt_id"] for row in answers(name) if not row["text"].strip()]
    assert empty == EMPTY.get(name, [])
    assert all(row["model"] == case.arms[row["arm"]].model for row in answers(name))


@pytest.mark.parametrize("name", PROMPTS)
def test_a_sample_says_that_it_is_one(name):
    case = load_sample(name)
    assert case.recorded == "recorded in 2023"
    assert case.sample_of.startswith("Answers recorded with ")
    assert "priced as gpt-6-luna" in case.sample_of
    assert {arm.endpoint for arm in case.arms.values()} == {f"replay:{name}"}


@pytest.mark.parametrize("name", PROMPTS)
def test_a_sample_brings_its_licence_and_its_origin(name):
    folder = SAMPLES / name
    assert LICENCE[name] in (folder / "LICENSE").read_text("utf-8")
    origin = (folder / "README.md").read_text("utf-8")
    assert "Origin: github " in origin
    assert "Licence: " in origin


@pytest.mark.parametrize("name", TALLY)
def test_judgments_are_of_these_very_answers(name):
    case = load_sample(name)
    text = {(row["prompt_id"], row["arm"]): row["text"] for row in answers(name)}
    assert [j.prompt_id for j in case.judgments] == [p.id for p in case.prompts]
    for judgment in case.judgments:
        for arm in ("base", "tuned"):
            judged = text[judgment.prompt_id, arm]
            sha256 = hashlib.sha256(judged.encode()).hexdigest()
            assert getattr(judgment, f"{arm}_sha256") == sha256
    given = Counter(j.preference for j in case.judgments)
    assert (given["tuned"], given["tie"], given["base"]) == TALLY[name]
    assert given["both_bad"] == 0
    assert {j.order for j in case.judgments} == {"base_first"}


def test_clinic_notes_come_with_approved_notes_and_no_judge():
    case = load_sample("clinic_notes")
    assert all(prompt.reference for prompt in case.prompts)
    assert case.judgments == ()
    assert case.brief.training_pairs == 67


@pytest.mark.parametrize("name", PROMPTS)
def test_a_sample_is_priced_whole(name):
    # An H100 at 3.99 an hour: 730 x 3.99 = 2,912.70 a month, tokens included.
    money = price_case(load_sample(name), (), date(2026, 11, 22))
    tuned = money.cost.arms["tuned"]
    assert tuned.usd_per_request == 0
    assert float(tuned.hosting_usd_per_month) == 2912.70
    assert money.quotes["base"].ref == "openai:gpt-6-luna"


def run(code, package):
    environment = {**os.environ, "PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=package,
        env=environment,
        capture_output=True,
        text=True,
        timeout=150,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


@pytest.fixture
def package(tmp_path):
    """A copy of the package, without the heavy fonts."""
    shutil.copytree(
        ROOT / "advisor",
        tmp_path / "advisor",
        ignore=shutil.ignore_patterns("__pycache__", "fonts"),
    )
    (tmp_path / "pricing").symlink_to(ROOT / "pricing")
    return tmp_path


def test_samples_are_found_not_listed(package):
    samples = package / "advisor/data/samples"
    shutil.copytree(samples / "clinic_notes", samples / "another")
    shutil.rmtree(samples / "chatbot")
    code = (
        "from advisor.case import case_file as case; from advisor.cli import command as cli; "
        "print(*case.sample_names()); print(case.SAMPLES)"
    )
    assert run(code, package) == ["clinic_notes", "chatbot_raw", "another", str(samples)]


def test_deleting_all_samples_breaks_no_code(package):
    shutil.rmtree(package / "advisor/data/samples")
    assert run(
        "from advisor.case import case_file as case; print(case.sample_names())", package
    ) == ["()"]
