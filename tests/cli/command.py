"""The commands as one calls them, in a folder of their own, and what the samples come to."""

import json
import shutil

import pytest
from click.testing import CliRunner

from advisor.case.case_file import SAMPLES
from advisor.cli.command import main

TODAY = "2026-11-22"
EXPECTED = {
    "tuned_tickets": {
        "recommendation": "fine-tuned",
        "firmness": "decided",
        "rule": "tuned_wins",
        "overrules_matrix": False,
        "word": "decides",
        # Right where base with examples is wrong 38 times of 48, and the other way round once.
        "preferences": {"tuned": 38, "base": 1, "tie": 9, "both_bad": 0},
    },
    "clinic_notes": {
        "recommendation": "base",
        # Score -14.8 alone says 1 / (1 + e^0.444) = 0.39, and shared words move no likelihood:
        # between 0.35 and 0.65 it is open.
        "firmness": "open",
        "rule": "open",
        "overrules_matrix": False,
        "word": "not_enough",
        "preferences": {"tuned": 22, "base": 17, "tie": 1, "both_bad": 0},
    },
    "chatbot": {
        "recommendation": "base",
        "firmness": "decided",
        "rule": "base_wins",
        "overrules_matrix": False,
        "word": "decides",
        "preferences": {"tuned": 14, "base": 44, "tie": 22, "both_bad": 0},
    },
    "chatbot_raw": {
        "recommendation": "fine-tuned",
        "firmness": "decided",
        "rule": "tuned_wins",
        "overrules_matrix": True,
        "word": "decides",
        # One text has no answer: the untrained model sent nothing.
        "preferences": {"tuned": 76, "base": 3, "tie": 0, "both_bad": 0},
    },
}


class Command:
    """Runs a command in a folder of its own and reads what it wrote."""

    def __init__(self, folder):
        self.folder = folder
        self.db = folder / "answers.db"
        self.out = folder / "out.json"

    def write(self, toml, prompts='{"prompt": "hello", "reference": "a note"}\n'):
        path = self.folder / "CASE.toml"
        path.write_text(toml, "utf-8")
        (self.folder / "prompts.jsonl").write_text(prompts, "utf-8")
        (self.folder / "judgments.jsonl").write_text("", "utf-8")
        return path

    def copy(self, sample, url, texts=None):
        """A copy of a sample's case, its answers at an address instead of the recording."""
        folder = self.folder / sample
        shutil.copytree(SAMPLES / sample, folder)
        (folder / "answers.jsonl").unlink()
        prompts = (folder / "prompts.jsonl").read_text("utf-8").splitlines(keepends=True)
        (folder / "prompts.jsonl").write_text("".join(prompts[:texts]), "utf-8")
        case = folder / "CASE.toml"
        toml = case.read_text("utf-8")
        assert toml.count(f'"replay:{sample}"') == 2
        case.write_text(toml.replace(f'"replay:{sample}"', f'"{url}"'), "utf-8")
        return case

    def __call__(self, *arguments, expect=0):
        found = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert found.exception is None or isinstance(found.exception, SystemExit), found.exception
        assert found.exit_code == expect, found.output
        return found

    def json(self, *arguments, expect=0):
        self(*arguments, "--json", self.out, expect=expect)
        value = json.loads(self.out.read_text("utf-8"), parse_constant=pytest.fail)
        self.out.unlink()
        return value

    def refused(self, *arguments):
        """Wrong input: code 2, one sentence on standard error, no JSON."""
        found = self(*arguments, "--json", self.out, expect=2)
        assert found.stdout == ""
        assert "Traceback" not in found.stderr
        assert found.stderr.endswith(".\n")
        assert found.stderr.count("\n") == 1
        assert not self.out.exists()
        return found.stderr


def sample_case(sample):
    return SAMPLES / sample / "CASE.toml"


def verdict(decided):
    return {
        "recommendation": decided["recommendation"],
        "firmness": decided["firmness"],
        "rule": decided["rule"],
        "overrules_matrix": decided["overrules_matrix"],
        "word": decided["evidence"]["word"],
        "preferences": decided["evidence"]["preferences"],
    }
