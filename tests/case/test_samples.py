"""The samples are data: whole, of known origin, and the code does without any of them."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal

import pytest

from advisor.case.case_file import SAMPLES, load_sample, sample_glance, sample_names
from advisor.verdict.costing import price_case
from pricing.offers import find_offer, load_providers
from tests.make import sample

ROOT = SAMPLES.parents[2]
PROMPTS = {"tuned_tickets": 48, "chatbot": 80, "clinic_notes": 40, "chatbot_raw": 80}
ARMS = {"tuned_tickets": ("base", "base_examples", "tuned")}
"""Who answered, where it was not base and tuned alone."""
RECORDED = {"tuned_tickets": "recorded on 30 November 2026"}
LICENCE = {
    "tuned_tickets": "Apache License",
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


def arms_of(name):
    return ARMS.get(name, ("base", "tuned"))


def test_these_samples_ship_and_the_first_is_the_one_opened():
    assert sample_names() == tuple(PROMPTS)


@pytest.mark.parametrize("name", PROMPTS)
def test_every_prompt_has_an_answer_of_each_option(name):
    case = load_sample(name)
    assert len(case.prompts) == PROMPTS[name]
    recorded = Counter((row["prompt_id"], row["arm"]) for row in answers(name))
    assert recorded == {(p.id, arm): 1 for p in case.prompts for arm in arms_of(name)}
    empty = [row["prompt_id"] for row in answers(name) if not row["text"].strip()]
    assert empty == EMPTY.get(name, [])
    assert all(row["model"] == case.arms[row["arm"]].model for row in answers(name))


@pytest.mark.parametrize("name", PROMPTS)
def test_a_sample_says_that_it_is_one(name):
    case = load_sample(name)
    assert case.recorded == RECORDED.get(name, "recorded in 2023")
    assert case.sample_of.startswith("Answers recorded with ")
    assert "priced as " in case.sample_of
    assert {arm.endpoint for arm in case.arms.values()} == {f"replay:{name}"}


@pytest.mark.parametrize("name", PROMPTS)
def test_a_sample_brings_its_licence_and_its_origin(name):
    folder = SAMPLES / name
    assert LICENCE[name] in (folder / "LICENSE").read_text("utf-8")
    origin = (folder / "README.md").read_text("utf-8")
    own = name == "tuned_tickets"
    assert (
        "Origin: texts, labels and training were made for" if own else "Origin: github "
    ) in origin
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


HOSTING = {
    # 730 hours at 0.80 an L4 and at 2.50 an A100; tokens are in the hour.
    "tuned_tickets": 584.00,
    "clinic_notes": 584.00,
    "chatbot": 1825.00,
    "chatbot_raw": 1825.00,
}


@pytest.mark.parametrize("name", PROMPTS)
def test_a_sample_is_priced_by_what_would_serve_it(name):
    money = price_case(load_sample(name), (), date(2026, 11, 22))
    tuned = money.cost.arms["tuned"]
    assert tuned.usd_per_request == 0
    assert float(tuned.hosting_usd_per_month) == HOSTING[name]
    assert money.quotes["tuned"].source_url.startswith("https://huggingface.co/docs/")
    assert "training" not in " ".join(tuned.missing)
    if name != "tuned_tickets":
        assert money.quotes["base"].ref == "openai:gpt-6-luna"


def test_the_tiny_base_is_served_by_the_same_machine_as_its_adapter():
    found = price_case(load_sample("tuned_tickets"), (), date(2026, 11, 22)).cost.arms
    assert {arm: float(cost.usd_per_month) for arm, cost in found.items()} == {
        "base": 584.00,
        "base_examples": 584.00,
        "tuned": 584.00,
    }
    machine = sample_machine()
    assert all(arm.offer == machine for arm in load_sample("tuned_tickets").arms.values())


def sample_machine():
    sheet = load_providers()["huggingface"]
    (ref,) = (o.ref for o in sheet.offers if "L4" in o.method)
    # The figure written beside the base in the case file is the sheet's.
    assert find_offer(ref).entries[-1].hosting_per_hour == Decimal("0.80")
    return ref


def test_right_answers_of_the_tuned_sample_are_as_its_readme_says():
    case = load_sample("tuned_tickets")
    queue = {prompt.id: prompt.reference for prompt in case.prompts}
    assert Counter(queue.values()) == dict.fromkeys(case.checks.labels, 6)
    right = Counter(
        row["arm"]
        for row in answers("tuned_tickets")
        if row["text"].strip() == queue[row["prompt_id"]]
    )
    assert right == {"base_examples": 6, "tuned": 43}


def test_the_first_page_shows_the_sample_s_own_verdict(tmp_path):
    glance = sample_glance("tuned_tickets")
    decision = sample("tuned_tickets", tmp_path).decided()
    verdict = decision.verdict
    assert (glance.recommendation, glance.firmness) == (verdict.recommendation, verdict.firmness)
    assert glance.texts == len(decision.case.prompts)
    costs = decision.money.cost.arms
    assert {a: round(float(c.usd_per_month)) for a, c in costs.items()} == glance.usd_per_month
    queue = {prompt.id: prompt.reference for prompt in decision.case.prompts}
    right = Counter(o.arm for o in decision.record.outputs if o.text.strip() == queue[o.prompt_id])
    assert {arm: right[arm] for arm in glance.right} == glance.right
    assert sample_glance("chatbot") is None


def test_a_replay_gives_the_tokens_that_were_recorded(tmp_path):
    kept = {(row["prompt_id"], row["arm"]): row for row in answers("tuned_tickets")}
    outputs = sample("tuned_tickets", tmp_path).record.outputs
    assert len(outputs) == len(kept)
    for output in outputs:
        row = kept[output.prompt_id, output.arm]
        assert (output.input_tokens, output.output_tokens) == (
            row["input_tokens"],
            row["output_tokens"],
        )
        assert not output.tokens_counted
        assert output.latency_ms is None
    # Nothing recorded can be asked to go on; the sample itself says how many were cut off.
    assert not any(output.truncated for output in outputs)
    cut = Counter(row["arm"] for row in kept.values() if row["finish_reason"] == "length")
    assert cut == {"base": 27}
    assert "27 of the base's 48 answers were cut off" in load_sample("tuned_tickets").sample_of


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
    found = ["tuned_tickets", "clinic_notes", "chatbot_raw", "another"]
    assert run(code, package) == [*found, str(samples)]


def test_deleting_all_samples_breaks_no_code(package):
    shutil.rmtree(package / "advisor/data/samples")
    assert run(
        "from advisor.case import case_file as case; print(case.sample_names())", package
    ) == ["()"]
