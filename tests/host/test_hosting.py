"""What docs/hosting.md and the container files name exists: settings, commands, files, variables."""

import ast
import inspect
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import AliasChoices

from advisor.cli.backup import main
from advisor.host.endpoints import HostEndpoint
from advisor.host.settings import Exposure, FromEnvironment, Hosting, Settings
from advisor.store.erasing import UNDO_DAYS
from pages.ui.server.served import routes
from tests.test_architecture import LAYERS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/hosting.md").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
EXAMPLE = (ROOT / "deploy/env.example").read_text("utf-8")
FOR_COMPOSE = {"APP_HOSTNAME", "POSTGRES_PASSWORD", "POSTGRES_ADMIN_PASSWORD"}
"""What stands in .env for compose alone; both passwords are taken away from our own processes."""
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")


def fields(settings: type[FromEnvironment]) -> Iterator[tuple[str, Any, str]]:
    """Each setting: its name in the environment, its default, and its docstring."""
    body = ast.parse(inspect.getsource(settings)).body[0].body
    said = {
        at.target.id: " ".join(docstring.value.value.split())
        for at, docstring in pairwise(body)
        if isinstance(at, ast.AnnAssign) and isinstance(docstring, ast.Expr)
    }
    for name, field in settings.model_fields.items():
        by = field.validation_alias or f"WORTH_TUNING_{name.upper()}"
        variable = str(by.choices[0] if isinstance(by, AliasChoices) else by)
        yield variable, field.default, said.get(name, "")


def row(variable: str, said: str) -> str:
    """A line of the table: "What it sets. Left out: what holds then."."""
    what, _, left_out = said.removesuffix(".").partition(". Left out: ")
    return f"| `{variable}` | {what[:1].lower()}{what[1:]} | {left_out} |".replace("|  |", "| |")


KINDS = (Settings, Exposure, Hosting)
SETTINGS = [found for kind in KINDS for found in fields(kind)]
KNOWN = {variable: default for variable, default, _ in SETTINGS}
ROWS = r"(?<=\| Left out \|\n\|---\|---\|---\|\n)(?:\|.*\n)+"
"""The rows of the table of settings."""
TABLE = dict(re.findall(r"^\| `([A-Z_]+)` \|.*\| ([^|]*?) ?\|$", PAGE, re.M))


def test_every_setting_has_its_row_as_its_docstring_says(request: pytest.FixtureRequest):
    rows = "".join(row(variable, said) + "\n" for variable, _, said in SETTINGS)
    if request.config.getoption("--update-golden"):
        (ROOT / "docs/hosting.md").write_text(re.sub(ROWS, lambda _: rows, PAGE), "utf-8")
        return
    found = re.search(ROWS, PAGE)
    assert found
    assert found[0] == rows, "run `make golden`"
    assert [variable for variable, _, said in SETTINGS if not said] == []


READS_THE_ENVIRONMENT = {
    "advisor/host/endpoints.py": "keys, by the names that WORTH_TUNING_ENDPOINTS gives",
    "advisor/runs/compare.py": "keys, by the names that a case file gives",
    "advisor/store/backup.py": "hands it on to Postgres' own programs",
    "pricing/tokens.py": "tells tiktoken where its vocabularies are",
}


def test_a_setting_that_this_table_does_not_know_of_can_not_be_read():
    code = [ROOT / "app.py", *(p for f in LAYERS for p in (ROOT / f).rglob("*.py"))]
    read = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in code}
    classes = {
        name for said in read.values() for name in re.findall(r"class (\w+)\(FromEnvironment", said)
    }
    assert classes == {kind.__name__ for kind in KINDS}
    by_hand = {
        path for path, said in read.items() if re.search(r"\benviron\b|getenv|environb", said)
    }
    assert by_hand == READS_THE_ENVIRONMENT.keys()


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_the_default_in_the_table_is_the_one_of_the_code(name):
    said = re.search(r"`([^`]+)`", TABLE[name])
    if name in ("WORTH_TUNING_HOSTED", "WORTH_TUNING_KEEP_DAYS"):
        return  # said in words
    if said is None:
        assert KNOWN[name] in (None, "", (), False)
    else:
        assert float(said[1]) == KNOWN[name] if said[1].isdigit() else said[1] == str(KNOWN[name])


def environments() -> dict[str, dict[str, str]]:
    return {name: one.get("environment", {}) for name, one in COMPOSE["services"].items()}


OURS = ("app1", "app2", "worker")


def test_every_setting_is_handed_on_as_the_environment_s_file_says_it():
    for name in OURS:
        assert COMPOSE["services"][name]["env_file"] == ".env"
    example = dict(re.findall(r"^([A-Z_0-9]+)=(.*)$", EXAMPLE, re.M))
    keys = {one.key_env for one in endpoints().values()}
    assert example.keys() - KNOWN.keys() - keys == FOR_COMPOSE
    chosen = {
        key: example[key] for key in ("WORTH_TUNING_KEEP_DAYS", "WORTH_TUNING_RUN_BUDGET_USD")
    }
    assert chosen == {"WORTH_TUNING_KEEP_DAYS": "90", "WORTH_TUNING_RUN_BUDGET_USD": "10"}
    assert "kept for 90 days, a user may spend $20 a day and $10 a run" in PAGE


def test_the_page_names_what_compose_sets_itself():
    told = set(re.findall(r"^\| `([A-Z_]+)` \| [^|]* \|$", PAGE, re.M)) - TABLE.keys()
    told |= {key for key in TABLE if re.search(rf"^\| `{key}` \| [^|]* \|$", PAGE, re.M)}
    keys = {key for name in OURS for key in environments()[name]} - FOR_COMPOSE
    assert keys == told


def test_compose_sets_only_what_the_code_reads():
    keys = {key for name in OURS for key in environments()[name]}
    streamlits = {key for key in keys if key.startswith("STREAMLIT_")}
    assert keys - streamlits - FOR_COMPOSE <= KNOWN.keys()
    option = "import streamlit as st; print(st.get_option('server.cookieSecret'))"
    asked = subprocess.run(
        [sys.executable, "-c", option],
        env={"STREAMLIT_SERVER_COOKIE_SECRET": "of-the-test", "HOME": "/nonexistent"},
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert asked.stdout.strip() == "of-the-test"
    assert streamlits == {"STREAMLIT_SERVER_COOKIE_SECRET"}


def test_compose_starts_two_replicas_and_two_workers_behind_a_proxy_that_keeps_readers():
    services = COMPOSE["services"]
    assert services["app1"] == services["app2"]
    assert services["worker"]["deploy"]["replicas"] == 2
    caddy = (ROOT / "deploy/Caddyfile").read_text("utf-8")
    assert "reverse_proxy app1:8501 app2:8501 {" in caddy
    assert "lb_policy cookie" in caddy
    of_workers = {"WORTH_TUNING_WORKER_PORT"}
    assert set(environments()["app1"]) > set(environments()["worker"]) - of_workers


def test_compose_asks_a_worker_for_its_health_where_it_answers_and_the_token_is_the_apps():
    worker = COMPOSE["services"]["worker"]
    port = worker["environment"]["WORTH_TUNING_WORKER_PORT"]
    assert f"127.0.0.1:{port}/healthz" in worker["healthcheck"]["test"][-1]
    assert f"`compose.yaml` gives them {port}" in PAGE
    assert worker["env_file"] == COMPOSE["services"]["app1"]["env_file"]


def test_every_file_that_compose_mounts_or_the_image_copies_is_there():
    mounted = [
        volume.split(":")[0]
        for one in COMPOSE["services"].values()
        for volume in one.get("volumes", [])
    ]
    files = [path for path in mounted if path.startswith(".")]
    files += [secret["file"] for secret in COMPOSE["secrets"].values()]
    copied = re.search(r"^COPY (\S*requirements.*) locks/$", DOCKERFILE, re.M)
    assert copied
    files += copied[1].split()
    assert len(files) >= 3
    assert [path for path in files if not (ROOT / path).exists()] == []
    named = set(mounted) - set(files)
    assert named - COMPOSE["volumes"].keys() == set()


def endpoints() -> dict[str, HostEndpoint]:
    tables = tomllib.loads((ROOT / "deploy/endpoints.toml").read_text("utf-8"))
    return {name: HostEndpoint.model_validate(table) for name, table in tables.items()}


def test_the_endpoints_that_compose_hands_over_can_be_read_and_their_keys_are_asked_for():
    asked = {f"{one.key_env}=" for one in endpoints().values()}
    assert asked <= set(EXAMPLE.splitlines())


def test_every_command_of_ours_that_is_named_is_one():
    named = set(re.findall(r"python -m advisor (\w+)", PAGE))
    command = COMPOSE["services"]["worker"]["command"]
    assert command[:3] == ["python", "-m", "advisor"]
    assert {*named, command[3]} == {"worker", "backup", "restore", "facts"}
    assert {*named, command[3]} <= main.commands.keys()
    assert all(
        (ROOT / f"{m.replace('.', '/')}.py").exists()
        for m in re.findall(r"-m (tests\S+?)[` ]", PAGE)
    )


def test_the_image_runs_the_app_as_nobody_special_on_the_port_it_opens():
    run = re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.M)
    assert run
    words = yaml.safe_load(run[1])
    assert words[:3] == ["streamlit", "run", "app.py"]
    assert re.search(r"^USER \d+$", DOCKERFILE, re.M)
    assert "EXPOSE 8501" in DOCKERFILE
    assert "127.0.0.1:8501/healthz" in DOCKERFILE
    assert "STOPSIGNAL SIGTERM" in DOCKERFILE


def test_the_addresses_of_the_page_are_served():
    served = {route.path for route in routes()}
    assert set(re.findall(r"^\| `(/\w+)` \|", PAGE, re.M)) == {"/healthz", "/readyz", "/metrics"}
    assert served >= {"/healthz", "/readyz", "/metrics"}


def test_the_page_says_what_env_has_to_hold():
    asked = set(re.findall(r"(?<!\$)\$\{([A-Z_0-9]+)", (ROOT / "compose.yaml").read_text("utf-8")))
    told = re.search(r"Besides the variables of the table it reads (.*)\.$", PAGE, re.M)
    assert told
    assert set(re.findall(r"`([A-Z_0-9]+)`", told[1])) == asked - KNOWN.keys()


WITHIN_A_LINE = {
    "make run": "README.md's first command",
    "make live": "tests/test_repo.py",
    "make test": ".ci/run",
    "make hosted": "itself",
    "make sbom": "not run",
    "git pull": "not run",
    "docker compose up -d": "tests/hosted/test_looking_after.py",
    "docker compose restart proxy": "tests/hosted/test_stack.py",
    "docker compose ps": "tests/hosted/test_looking_after.py",
    "docker compose logs app1": "tests/hosted/test_looking_after.py",
    "docker compose --profile s3 up -d backup-s3": "tests/hosted/test_looking_after.py",
    "python -m advisor worker": "tests/runs/workers/hosting.py",
    "python -m advisor backup FILE": "tests/store/test_backup.py",
    "python -m advisor restore FILE": "tests/store/test_backup.py",
    "python -m advisor facts export FOLDER": "tests/cli/test_facts.py",
    "python -m tests.bench.load": "by hand",
    "python -m tests.bench.load soak": "by hand",
}
"""What runs each command that stands within a line."""
ALONE = {"Settings": 2, "One container": 2, "Replicas and workers": 4, "Looking after it": 6}
"""Commands on lines of their own, by section: `make hosted` reads them there, and runs them all."""


def test_each_command_is_run_by_something_or_says_that_it_is_not():
    within = re.findall(r"`((?:docker |make |git |python )[^`]*)`", PAGE)
    assert set(within) == WITHIN_A_LINE.keys()
    for command, by in WITHIN_A_LINE.items():
        if by == "not run":
            assert re.search(rf"`{command}`,? \(?\*not run\*", PAGE), command
    sections = re.split(r"^## (.+)$", PAGE, flags=re.M)
    alone = {
        name: len(re.findall(r"^ {4,}\S", said, re.M))
        for name, said in zip(sections[1::2], sections[2::2], strict=True)
    }
    assert {name: many for name, many in alone.items() if many} == ALONE


def test_secrets_and_data_stay_out_of_the_image():
    ignored = (ROOT / ".dockerignore").read_text("utf-8").split()
    assert {".git", ".env", ".streamlit/secrets.toml", "data", ".venv", "**/*.db"} <= set(ignored)
    needed = {"app.py", "pages", "advisor", "pricing", "static", ".streamlit", "locks"}
    assert needed.isdisjoint(ignored)


def test_the_page_says_for_how_long_a_deletion_can_be_undone_and_that_nothing_was_built_here():
    assert f"erased {UNDO_DAYS} days later" in PAGE
    assert "*not run*" in PAGE
    assert all(shlex.split(line) for line in re.findall(r"^    (docker .*)$", PAGE, re.M))
