"""A comparison from the command line, recorded and against a real server."""

import json

import pytest

from tests.cli.command import EXPECTED, TODAY, sample_case, verdict
from tests.replay_server import replaying


@pytest.mark.parametrize(
    ("sample", "calls", "empty"),
    [("clinic_notes", 80, 0), ("chatbot", 160, 0), ("chatbot_raw", 160, 1)],
)
def test_a_sample_gives_the_same_verdict_from_its_recording_and_from_a_server(
    run, recorded, sample, calls, empty
):
    db, written = recorded
    whole = {"status": "done", "planned": calls, "done": calls - empty}
    whole |= {"cut": 0, "refused": 0, "no_answer": empty, "failed": 0}
    code = 3 if empty else 0  # of a server more may come than of a recording
    assert written[sample] == {**whole, "run_id": written[sample]["run_id"], "cost_usd": 0}
    replayed = run.json("decide", sample_case(sample), "--db", db, "--today", TODAY)
    assert verdict(replayed) == EXPECTED[sample]

    with replaying(sample) as server:
        case = run.copy(sample, server.url)
        live = run.json("compare", case, "--db", run.db, expect=code)
        assert live == live | whole
        assert len(server.asked) == calls
        again = run.json("compare", case, "--db", run.db, expect=code)
        # Nothing is bought twice; what came without an answer is asked for again, and billed.
        assert again == live | ({"cost_usd": again["cost_usd"]} if empty else {})
        assert len(server.asked) == calls + empty
        assert len(server.keys) == 1  # a placeholder, where no key is named
    decided = run.json("decide", case, "--db", run.db, "--today", TODAY)
    assert verdict(decided) == EXPECTED[sample]
    assert decided["reasons"] == replayed["reasons"]
    assert decided["score"] == replayed["score"]
    assert decided["cost"] == replayed["cost"]


def test_a_server_that_fails_some_calls_leaves_a_partial_run(run):
    with replaying("clinic_notes") as server:
        case = run.copy("clinic_notes", server.url, texts=8)
        lines = (case.parent / "prompts.jsonl").read_text("utf-8").splitlines()
        bad = sorted(json.loads(line)["prompt"] for line in lines[:3])
        server.breaks = lambda model, text: model == "gpt-4" and text in bad
        found = run("compare", case, "--db", run.db, "--json", run.out, expect=3)
        written = json.loads(run.out.read_text("utf-8"))
        run.out.unlink()
        expected = {"status": "partial", "planned": 16, "done": 13, "refused": 0, "failed": 3}
        assert written == written | expected
        assert "13 of 16 answered" in found.stdout
        assert "Traceback" not in found.output

        decided = run.json("decide", case, "--db", run.db, "--today", TODAY)
        assert decided["evidence"]["complete"] is False
        assert decided["firmness"] != "decided"
        assert "The run is not complete, so it decides nothing yet." in decided["missing"]

        server.breaks = lambda model, text: False
        server.asked.clear()
        mended = run.json("compare", case, "--db", run.db)
        assert (mended["run_id"], mended["status"]) == (written["run_id"], "done")
        assert sorted(asked["messages"][-1]["content"] for asked in server.asked) == bad


def test_the_key_comes_from_the_environment_and_is_written_nowhere(run, monkeypatch):
    key = "canary-key-41b7"
    monkeypatch.setenv("WORTH_TUNING_TEST_KEY", key)
    with replaying("chatbot") as server:
        case = run.copy("chatbot", server.url, texts=2)
        toml = case.read_text("utf-8")
        named = '[arms.tuned]\napi_key_env = "WORTH_TUNING_TEST_KEY"\n'
        case.write_text(toml.replace("[arms.tuned]\n", named))
        said = run("compare", case, "--db", run.db, "--json", run.out).output
        said += run("decide", case, "--db", run.db, "--pdf", run.folder / "o.pdf").output
        assert f"Bearer {key}" in server.keys
        assert len(server.keys) == 2  # only the arm that names it sends it
    kept = [path.read_bytes() for path in run.folder.rglob("*") if path.is_file()]
    assert len(kept) > 5
    assert all(key.encode() not in content for content in (*kept, said.encode()))
