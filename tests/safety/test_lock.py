"""What is installed is what was looked at: every package by version and digest, and asked about."""

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = ("requirements.txt", "requirements-scale.txt", "requirements-dev.txt")
AUDIT = runpy.run_path(str(ROOT / ".ci/audit.py"))


def plain(name: str) -> str:
    """A package's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def asked_for(name: str) -> dict[str, str]:
    """Version of each direct dependency of a requirements file, and of those it includes."""
    found: dict[str, str] = {}
    for line in (ROOT / name).read_text("utf-8").splitlines():
        if line.startswith("-r "):
            found |= asked_for(line[3:].strip())
        elif pinned := re.match(r"([\w.-]+)(?:\[[\w,]+\])?==([^\s;]+)", line):
            found[plain(pinned[1])] = pinned[2]
    return found


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Version and number of digests of each package of a lock file."""
    text = (ROOT / "locks" / name).read_text("utf-8").replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        pinned = re.match(r"([\w.-]+)(?:\[[\w,]+\])?==(\S+)", line)
        assert pinned, line
        digests = re.findall(r"--hash=sha256:[0-9a-f]{64}(?!\S)", line)
        found[plain(pinned[1])] = (pinned[2], len(digests))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_lock_holds_what_is_asked_for_so_make_lock_was_run(name):
    held = {package: version for package, (version, _) in locked(name).items()}
    wanted = asked_for(name)
    assert {package: held.get(package) for package in wanted} == wanted


@pytest.mark.parametrize("name", [*NAMES, "live.txt", "real.txt"])
def test_every_package_is_held_by_a_digest_and_by_nothing_else(name):
    found = locked(name)
    assert len(found) > (60 if name in NAMES else 1)
    assert [package for package, (_, digests) in found.items() if not digests] == []
    text = (ROOT / "locks" / name).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash)", text, re.M)  # no option: no index, no folder, no file


def test_the_locks_agree_with_each_other():
    run, scale, dev = (locked(name) for name in NAMES)
    assert run.items() <= scale.items() <= dev.items()


INSTALLS = re.compile(
    r"\b(pip3?|uv pip|conda|poetry|pipenv|easy_install|pipx|npm|yarn) (install|sync|add)\b"
    r"|\buv (sync|add|tool|run)\b|\$\(PIP\)|^PIP :=|\$\(call NEW\b",
    re.M,
)
HELD = re.compile(
    r"pip install (--[\w-]+ (python3 |\"\$TARGET\" )?)*--require-hashes (--[\w-]+ )*"
    r"-r locks/(requirements(-\w+)?|uv)\.txt"
    r"|^\t\$\(PIP\) -r locks/requirements(-\w+)?\.txt$"
    r"|^\t\$\(call NEW,\.venv-\w+\) (--no-deps )?-r locks/(live|real)\.txt$"
    r"|^PIP := \$\(BIN\)/uv pip install (--[\w-]+ |\$\(BIN\)/python )*--require-hashes$"
    r"|^\t\$\(BIN\)/uv pip install (--[\w-]+ |\$\(1\)/bin/python )*--require-hashes$"
)
"""Every package by its digest, and from a lock file that there is."""


def installs() -> dict[str, list[str]]:
    """Lines that install packages, by the file that has them: whatever runs, and whatever is told.

    Tests and the locks are left out: they install nothing that anybody uses.
    """
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    found: dict[str, list[str]] = {}
    for name in listed:
        if name.startswith(("locks/", "tests/")) and not name.endswith(".sh"):
            continue
        try:
            text = (ROOT / name).read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a font or a picture
        if lines := [line for line in text.splitlines() if INSTALLS.search(line)]:
            found[name] = lines
    return found


def test_nothing_is_installed_anywhere_without_a_digest():
    found = installs()
    assert {"Makefile", "Dockerfile", "advisor/store/database.py"} <= found.keys()
    assert len(found["Makefile"]) == 7
    lines = [(name, line) for name, of in found.items() for line in of]
    assert [(name, line) for name, line in lines if not HELD.search(line)] == []
    named = {lock for _, line in lines for lock in re.findall(r"locks/[\w-]+\.txt", line)}
    assert {name for name in named if not (ROOT / name).is_file()} == set()


def test_the_image_gets_the_locks_that_it_installs_from():
    before, _, _ = (ROOT / "Dockerfile").read_text("utf-8").partition("RUN pip install")
    (copied,) = re.findall(r"^COPY (.+) locks/$", before, re.M)
    assert set(copied.split()) == {
        lock for line in installs()["Dockerfile"] for lock in re.findall(r"locks/[\w-]+\.txt", line)
    }


@pytest.mark.parametrize(
    ("line", "held"),
    [
        ("RUN pip install --no-cache-dir -r requirements-scale.txt", False),
        ("RUN pip install --no-cache-dir --require-hashes -r requirements-scale.txt", False),
        ("RUN pip install --require-hashes --no-cache-dir -r locks/requirements.txt", True),
        ("\t$(PIP) -r requirements-dev.txt", False),
        ("run: uv pip install plotly", False),
        ('    && uv pip install --target "$TARGET" --require-hashes -r locks/uv.txt', True),
        ('    && uv pip install --target "$TARGET" -r locks/requirements.txt', False),
    ],
)
def test_what_counts_as_held_by_a_digest(line, held):
    assert INSTALLS.search(line)
    assert bool(HELD.search(line)) is held


def test_a_package_with_another_digest_is_not_installed(tmp_path):
    wrong = tmp_path / "lock.txt"
    wrong.write_text("thing==1.0 --hash=sha256:" + "0" * 64 + "\n")
    (tmp_path / "thing-1.0-py3-none-any.whl").write_bytes(b"PK\x05\x06" + bytes(18))
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--require-hashes",
        "--no-index",
        "--dry-run",
    ]
    command += ["--isolated", "--find-links", str(tmp_path), "-r", str(wrong)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    assert told.returncode != 0
    assert "DO NOT MATCH" in told.stderr


# Asking about known holes

HOLE = {"id": "PYSEC-2026-1", "fix_versions": ["2.0"], "aliases": [], "description": ""}
ABSENT = {"name": "a", "skip_reason": "Dependency not found on PyPI and could not be audited"}


@pytest.mark.parametrize(
    ("told", "sentence", "code"),
    [
        pytest.param(
            "", "pip-audit skipped: no network to the advisory database.", 0, id="no answer"
        ),
        pytest.param(
            [ABSENT, ABSENT],
            "pip-audit skipped: no network to the advisory database.",
            0,
            id="a mirror without advisories",
        ),
        pytest.param(
            [{"name": "a", "version": "1", "vulns": []}, ABSENT],
            "pip-audit: none known; 1 of 2 packages were asked about.",
            0,
            id="none",
        ),
        pytest.param(
            [{"name": "a", "version": "1", "vulns": [HOLE]}],
            "a 1: PYSEC-2026-1, mended in 2.0\n"
            "pip-audit: 1 known; 1 of 1 packages were asked about.",
            1,
            id="one",
        ),
    ],
)
def test_known_holes_fail_and_silence_is_said_to_be_silence(told, sentence, code):
    said = json.dumps({"dependencies": told, "fixes": []}) if told else ""
    assert AUDIT["verdict"](said) == (sentence, code)


def test_a_change_is_audited_before_it_is_taken():
    assert "make audit" in (ROOT / ".ci/run").read_text("utf-8").splitlines()
    assert ".ci/audit.py locks/requirements-dev.txt" in (ROOT / "Makefile").read_text("utf-8")
