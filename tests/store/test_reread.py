"""Answers of an earlier version are read anew when its database is brought up to date."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from advisor.llm.reread import reread, reread_row
from advisor.store import database
from advisor.store.repository import Store

OLD = {
    "whole": ("Yes.", "stop", ("answered", "Yes.", "", None)),
    "thinks": ("<think>Hm.</think>Yes.", "stop", ("answered", "Yes.", "Hm.", None)),
    "unclosed": ("<think>Hm.", "stop", ("no_answer", "", "Hm.", "unclosed")),
    "spent": ("<think>Hm.", "length", ("no_answer", "", "Hm.", "thinking")),
    "empty": ("", "stop", ("no_answer", "", "", "empty")),
    "sensitive": ("No.", "sensitive", ("refused", "No.", "", None)),
    "broken": ("Ye", "error", ("failed", "", "", None)),
    "no reason": ("Yes.", "", ("answered", "Yes.", "", "end_unknown")),
    "code": ("```\n<think>\n```", "stop", ("answered", "```\n<think>\n```", "", None)),
}


def test_a_database_of_before_says_of_each_answer_what_it_was(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0012")
        connection.execute(
            text(
                "INSERT INTO cases (id, owner, title, body, created_at, updated_at) VALUES "
                "('c', 'local', 'Old', '{}', '2026-11-01', '2026-11-01')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO runs (id, case_id, owner, spec_hash, spec, settings, planned, status, "
                "created_at) VALUES ('r', 'c', 'local', 'h', '{}', '{}', 9, 'done', '2026-11-01')"
            )
        )
        for prompt, (said, finish, _) in OLD.items():
            connection.execute(
                text(
                    "INSERT INTO outputs (run_id, prompt_id, arm, sample, owner, call_hash, "
                    "started_at, outcome, text, finish_reason, tokens_counted, attempts, reused) "
                    "VALUES ('r', :prompt, 'base', 0, 'local', 'x', '2026-11-01', 'answered', "
                    ":said, :finish, 0, 1, 0)"
                ),
                {"prompt": prompt, "said": said, "finish": finish},
            )
    store = Store.open(tmp_path / "old.db")
    found = {o.prompt_id: (o.outcome, o.text, o.reasoning, o.why) for o in store.outputs("r")}
    assert found == {prompt: whole for prompt, (_, _, whole) in OLD.items()}
    progress = store.progress("r")
    assert (progress.answered, progress.refused, progress.no_answer) == (4, 1, 3)
    store.close()


@pytest.mark.parametrize("prompt", OLD)
def test_what_was_read_anew_is_read_no_further(prompt):
    said, finish, _ = OLD[prompt]
    row = {"outcome": "answered", "text": said, "finish_reason": finish, "reasoning": None}
    once = reread_row(row)
    assert reread_row(once) == once


def test_a_limit_in_other_words_is_the_limit():
    assert reread("Ye", "MAX_TOKENS").finish_reason == "length"
    assert reread("Ye", "length") is None
