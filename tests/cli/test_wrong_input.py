"""Wrong input is one sentence that says what to do, and exit code 2."""

import pytest

from advisor.host.settings import settings
from tests.case_files import SHORT, WHOLE
from tests.cli.command import TODAY, sample_case
from tests.replay_server import replaying


@pytest.mark.parametrize("command", ["cost", "decide"])
@pytest.mark.parametrize(
    ("toml", "said"),
    [
        pytest.param("title = ", "CASE.toml is not valid TOML", id="TOML"),
        pytest.param(WHOLE.replace("epochs", "epoch"), "arms.tuned.price.epoch", id="key"),
        pytest.param(SHORT.replace("chatbots", "chatboots"), "general_chatboots", id="use case"),
        pytest.param(WHOLE.replace("prompts.jsonl", "none.jsonl"), "none.jsonl", id="no file"),
        pytest.param(SHORT + '[arms.tuned]\noffer = "acme:x"\n', "No offer goes by", id="offer"),
    ],
)
def test_a_case_that_cannot_be_used_is_one_sentence(run, command, toml, said):
    assert said in run.refused(command, run.write(toml), "--today", TODAY)


def test_a_measure_nobody_knows(run):
    toml = SHORT + '[run]\nprimary_metric = "blue"\n'
    assert "blue" in run.refused("decide", run.write(toml), "--today", TODAY)
    # Before anything is bought, and before there is a database.
    assert "blue" in run.refused("compare", run.write(toml), "--db", run.db)
    assert not run.db.exists()


def test_an_ambiguous_offer_lists_what_can_be_meant(run):
    toml = SHORT + '[arms.tuned]\noffer = "azure_foundry:gpt-4.1"\n'
    sentence = run.refused("decide", run.write(toml), "--today", TODAY)
    for method in ("SFT/DPO global", "SFT/DPO developer"):
        assert f'"azure_foundry:gpt-4.1-2025-04-14:{method}"' in sentence


@pytest.mark.parametrize("command", ["compare", "decide", "cost"])
def test_no_case_file(run, command):
    said = run.refused(command, run.folder / "none.toml", "--db", run.folder / "x.db")
    assert "none.toml can't be opened" in said


@pytest.mark.parametrize(
    ("prompts", "said"),
    [
        pytest.param("", "No text found", id="empty"),
        pytest.param("[1]", "Entry 1 of prompts.jsonl is a number, not an object", id="list"),
        pytest.param('{"p": "x"}', "Which column holds your texts?", id="no prompt"),
    ],
)
def test_prompts_that_cannot_be_read(run, prompts, said):
    assert said in run.refused("decide", run.write(WHOLE, prompts), "--today", TODAY)


def test_a_case_without_models_compares_nothing(run):
    said = run.refused("compare", run.write(SHORT), "--db", run.db)
    assert said.startswith("There is nothing to run: add texts, and an address and a model")


def test_a_key_that_is_not_set(run, monkeypatch):
    monkeypatch.delenv("WORTH_TUNING_TEST_KEY", raising=False)
    said = run.refused("compare", run.write(WHOLE), "--db", run.db)
    assert said == (
        "arms.base wants WORTH_TUNING_TEST_KEY from the environment; set it to the key.\n"
    )


def test_a_cap_without_a_price_is_refused(run, monkeypatch):
    monkeypatch.setenv("WORTH_TUNING_TEST_KEY", "k")
    toml = WHOLE.replace("output = 3.20\n", "")
    assert "ft:base-model:acme::abc123" in run.refused("compare", run.write(toml), "--db", run.db)


def test_a_database_that_is_not_there(run):
    case = run.write(SHORT)
    assert "does not exist; run compare first" in run.refused("decide", case, "--db", run.db)
    assert "The folder" in run.refused("compare", case, "--db", run.folder / "no" / "a.db")


def test_a_run_without_a_database(run, monkeypatch):
    """The app's own is asked: where it was never made there is nothing to look in."""
    monkeypatch.setenv("WORTH_TUNING_DB", str(run.folder / "never made.db"))
    settings.cache_clear()
    try:
        assert "--run needs --db" in run.refused("decide", run.write(SHORT), "--run", "x")
    finally:
        settings.cache_clear()


def test_a_run_nobody_knows(run, recorded):
    options = ("--db", recorded[0], "--run", "x", "--today", TODAY)
    assert "no run" in run.refused("decide", sample_case("clinic_notes"), *options)


@pytest.mark.parametrize("option", ["--json", "--pdf"])
def test_an_output_that_cannot_be_written(run, option):
    target = run.folder / "no" / "such" / "file"
    found = run("decide", run.write(SHORT), option, target, "--today", TODAY, expect=2)
    assert found.stderr.startswith(f"{target} can't be written")
    assert "Traceback" not in found.output


def test_nothing_is_written_where_one_output_cannot_be(run):
    pdf = run.folder / "no" / "such.pdf"
    run.refused("decide", run.write(SHORT), "--pdf", pdf, "--today", TODAY)


@pytest.mark.parametrize("command", ["compare", "decide"])
def test_a_database_that_is_none(run, command):
    run.db.write_text("These are my notes, not a database. " * 50)
    assert str(run.db) in run.refused(command, sample_case("chatbot"), "--db", run.db)
    assert run.db.read_text().startswith("These are my notes")


def test_nothing_is_bought_for_an_output_that_cannot_be_written(run):
    with replaying("clinic_notes") as server:
        case = run.copy("clinic_notes", server.url, texts=1)
        target = run.folder / "no" / "out.json"
        run("compare", case, "--db", run.db, "--json", target, expect=2)
        assert server.asked == []
