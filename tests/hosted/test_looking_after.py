"""Backups, upgrades, sizes and the log of a stack, by the commands of the guide as they stand there."""

import json
import os
import re
import socket
import ssl
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from playwright.sync_api import Browser

from advisor.store.database import HEAD
from tests.e2e.server import ROOT, settled
from tests.hosted.hosted import COOKIE_SECRET, KEY, PASSWORD, Hosted, opened, sign_in
from tests.hosted.s3_server import bucket
from tests.hosted.stack import HOSTNAME, checkout, docker, guide, until
from tests.make import case_at
from tests.oidc_server import SECRET

pytestmark = [
    pytest.mark.timeout(1500),
    pytest.mark.skipif("MAKE_HOSTED" not in os.environ, reason="`make hosted` runs it"),
]
WRITTEN = "worth-tuning-20261130T090000Z.backup"
"""The name of a backup in the guide."""
STRANGER_MB = 50
UPLOADED_MB, TABS, GIVEN_BACK_S = 150, 3, 240


def cases(hosted: Hosted) -> int:
    with psycopg.connect(hosted.database) as connection:
        row = connection.execute("SELECT count(*) FROM cases").fetchone()
    assert row is not None
    return int(row[0])


def test_a_backup_comes_back_by_the_commands_of_the_guide(hosted: Hosted):
    commands = [line for line in guide("Looking after it") if line.startswith("docker compose")]
    now, listed, taken_out, stopped, restored, up = commands
    hosted.saved(case_at("host:ours", 3))
    before = cases(hosted)
    file = hosted.stack.run(now).strip()
    assert file.rpartition("/")[2] in hosted.stack.run(listed).split()
    hosted.stack.run(taken_out)
    name = file.rpartition("/")[2]
    assert (hosted.stack.folder / "backups" / name).read_bytes().startswith(b"PGDMP")
    hosted.saved(case_at("host:ours", 3))
    assert cases(hosted) == before + 1
    hosted.stack.run(stopped)
    hosted.stack.run(restored.replace(f"/backups/{WRITTEN}", file))
    hosted.stack.run(up)
    hosted.stack.ready()
    assert cases(hosted) == before
    opened(hosted.page, hosted.stack.url)


def test_backups_are_copied_to_a_bucket(hosted: Hosted):
    with bucket(hosted.server.host) as s3:
        hosted.stack.set(
            S3_BACKUPS="company/backups",
            S3_ENDPOINT=s3.url,
            S3_REGION="eu-central-1",
            S3_ACCESS_KEY_ID="key",
            S3_SECRET_ACCESS_KEY="secret",
        )
        guided = (ROOT / "docs/hosting.md").read_text("utf-8")
        command = re.search("`(docker compose --profile s3 [^`]+)`", guided)
        assert command is not None
        hosted.stack.run(command[1])
        until(lambda: s3.files, 60, "nothing was copied")
        names = {path for path in s3.files if path.endswith(".backup")}
        assert names
        assert all(path.startswith("/company/backups/worth-tuning-") for path in names)
        assert all(s3.files[path].startswith(b"PGDMP") for path in names)
        assert any("/eu-central-1/s3/" in signed for signed in s3.signed)
        hosted.stack.run("docker compose --profile s3 rm --stop --force backup-s3")


@contextmanager
def load() -> Iterator[Counter[int]]:
    """Three who ask one thing after another; what they were answered, by status."""
    answered: Counter[int] = Counter()
    over = threading.Event()

    def keep_asking() -> None:
        while not over.is_set():
            answered[ask("/")] += 1

    asking = [threading.Thread(target=keep_asking) for _ in range(3)]
    for one in asking:
        one.start()
    try:
        yield answered
    finally:
        over.set()
        for one in asking:
            one.join()


def test_an_upgrade_and_a_rollback_under_load_fail_no_request(hosted: Hosted):
    images = [docker("image", "inspect", "worth-tuning", "-f", "{{.Id}}")]
    (hosted.stack.folder / "static/newer.txt").write_text("of a newer version", "utf-8")
    _, _, upgrade, rollback = guide("Replicas and workers")
    with load() as answered:
        for command in (upgrade, upgrade, rollback):
            began = time.monotonic()
            hosted.stack.run(command)
            print(f"\n{command}: {time.monotonic() - began:.0f} s")
            running = docker("inspect", hosted.stack.container("app2"), "-f", "{{.Image}}")
            images.append(running)
    print(dict(answered))
    before, upgraded, again, rolled_back = images
    assert before != upgraded == again
    assert rolled_back == before
    assert set(answered) == {200}
    assert answered[200] > 100


BROKEN = {
    "can't be built": {"app.py": "this is no Python\n"},
    "does not start": {
        "app.py": "import os, sys\nif 'DATABASE_URL' in os.environ:\n    sys.exit('canary: no start')\n"
    },
    "can't change the database": {
        "advisor/store/database.py": 'HEAD = "9999"\n',
        "advisor/store/migrations/versions/9999_broken.py": (
            f'from alembic import op\nrevision, down_revision = "9999", "{HEAD}"\n'
            "branch_labels = depends_on = None\n\n\n"
            "def upgrade() -> None:\n"
            '    op.execute("CREATE TABLE made_in_vain (id text)")\n'
            '    op.execute("ALTER TABLE no_such_table ADD COLUMN id text")\n'
        ),
    },
}
"""What is written at the end of which files of a version that does not come up."""
REASONS = {
    "can't be built": "failed to solve",
    "does not start": "canary: no start",
    "can't change the database": "no_such_table",
}
SERVICES = (("app1", 1), ("app2", 1), ("worker", 1), ("worker", 2))


@pytest.mark.parametrize("how", BROKEN)
def test_a_version_that_does_not_come_up_takes_nobodys_place(hosted: Hosted, how: str):
    containers = [hosted.stack.container(*service) for service in SERVICES]
    images = docker("inspect", *containers, "-f", "{{.Image}}").split()
    untouched = [*containers[1:], hosted.stack.container("proxy")]
    others = docker("inspect", *untouched, "-f", "{{.Id}}")
    upgrade = guide("Replicas and workers")[2]
    kept = {name: hosted.stack.folder / name for name in BROKEN[how]}
    before = {name: file.read_text("utf-8") for name, file in kept.items() if file.exists()}
    for name, more in BROKEN[how].items():
        kept[name].write_text(before.get(name, "") + more, "utf-8")
    began = time.monotonic()
    try:
        with load() as answered:
            said = hosted.stack.refused(upgrade)
            # What an operator types next starts nothing of the version that does not come up.
            hosted.stack.run("docker compose up -d")
            time.sleep(10)
    finally:
        for name, file in kept.items():
            file.write_text(before[name], "utf-8") if name in before else file.unlink()
    print(
        f"\na version that {how}: {time.monotonic() - began:.0f} s, {dict(answered)}, {said[-600:]}"
    )
    assert REASONS[how] in said
    if how == "can't be built":
        assert said.endswith("This version can't be built; nothing was replaced.\n")
    else:
        assert said.endswith(
            "app1 does not come up with this version: why stands above. "
            "It runs again what it ran. Nothing else was replaced.\n"
        )
    assert docker("inspect", *containers, "-f", "{{.Image}}").split() == images
    assert docker("inspect", *untouched, "-f", "{{.Id}}") == others
    assert docker("image", "inspect", "worth-tuning", "-f", "{{.Id}}") == images[0]
    assert set(answered) == {200}
    with psycopg.connect(hosted.database) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert connection.execute("SELECT to_regclass('made_in_vain')").fetchone() == (None,)


def test_a_version_whose_workers_do_not_come_up_is_taken_back_by_the_command_it_names(
    hosted: Hosted,
):
    containers = [hosted.stack.container(*service) for service in SERVICES]
    images = docker("inspect", *containers, "-f", "{{.Image}}").split()
    _, _, upgrade, rollback = guide("Replicas and workers")
    file = hosted.stack.folder / "advisor/runs/workers/worker.py"
    before = file.read_text("utf-8")
    ends = "\nimport os, sys\nif 'DATABASE_URL' in os.environ:\n    sys.exit('canary: no worker')\n"
    file.write_text(before + ends, "utf-8")
    try:
        with load() as answered:
            said = hosted.stack.refused(upgrade)
            between = docker("inspect", *containers, "-f", "{{.Image}}").split()
            hosted.stack.run(rollback)
    finally:
        file.write_text(before, "utf-8")
    print(f"\nworkers do not start: {dict(answered)}, {said[-400:]}")
    assert "canary: no worker" in said
    assert said.endswith(
        "worker does not come up with this version: why stands above. It runs again what it ran. "
        f"{rollback} takes back what was replaced: app1 app2.\n"
    )
    assert between[0] == between[1] != images[0]
    assert between[2:] == images[2:]
    assert docker("inspect", *containers, "-f", "{{.Image}}").split() == images
    assert set(answered) == {200}


def tls() -> ssl.SSLSocket:
    """A connection to the proxy, whoever has signed its certificate."""
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    plain = socket.create_connection(("127.0.0.1", 443), 60)
    return unchecked.wrap_socket(plain, server_hostname=HOSTNAME)


def ask(path: str, method: str = "GET", length: int = 0) -> int:
    """Status of an answer through the proxy; 0 = none."""
    connection = HTTPConnection(HOSTNAME, timeout=60)
    try:
        connection.sock = tls()
        connection.putrequest(method, path)
        if length:
            connection.putheader("Content-Length", str(length))
        connection.endheaders()
        for _ in range(length // 1_000_000):
            connection.send(b"x" * 1_000_000)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


def test_one_stranger_adds_little_to_a_replica_and_uploads_nothing(hosted: Hosted):
    services = [hosted.stack.container(name) for name in ("app1", "app2")]
    before = memory_mb(*services)
    for _ in range(20):
        assert ask("/_stcore/upload_file/some-session/some-file", "PUT", 100_000_000) in (0, 401)
        assert ask("/") == 200
    after = memory_mb(*services)
    print(f"\nreplicas took {before} MB, and {after} after a stranger")
    assert all(now - then < STRANGER_MB for then, now in zip(before, after, strict=True))


def test_what_a_user_uploads_is_given_back_when_their_session_ends(
    hosted: Hosted, browser: Browser, tmp_path: Path
):
    file = tmp_path / "large.json"
    file.write_bytes(b"x" * (UPLOADED_MB // TABS * 1_000_000))
    services = [hosted.stack.container(name) for name in ("app1", "app2")]
    context = browser.new_context(ignore_https_errors=True)
    sign_in(context.new_page(), hosted.stack.url)
    tabs = [context.new_page() for _ in range(TABS)]
    for page in tabs:
        opened(page, f"{hosted.stack.url}/decisions")
        settled(page, "My decisions")
        page.get_by_role("button", name="Import").click()
        settled(page)
    before = memory_mb(*services)
    for page in tabs:
        with page.expect_response(lambda said: said.request.method == "PUT") as put:
            page.locator("input[type=file]").first.set_input_files(file)
        assert put.value.ok
    until(lambda: sum(memory_mb(*services)) > sum(before) + UPLOADED_MB * 0.8, 60, "not held")
    held = memory_mb(*services)
    began = time.monotonic()
    context.close()
    until(
        lambda: all(
            now - then < STRANGER_MB for then, now in zip(before, memory_mb(*services), strict=True)
        ),
        GIVEN_BACK_S,
        f"replicas took {before} MB, {held} with a file, and {memory_mb(*services)} after",
    )
    took = time.monotonic() - began
    print(
        f"\nreplicas took {before} MB, {held} with {UPLOADED_MB} MB of files, given back after "
        f"{took:.0f} s"
    )


def memory_mb(*containers: str) -> list[int]:
    """What they take, without files that are cached."""
    said = docker("stats", "--no-stream", "--format", "{{json .}}", *containers).splitlines()
    taken = {one["Name"]: one["MemUsage"].partition("MiB")[0] for one in map(json.loads, said)}
    return [round(float(taken[name])) for name in containers]


def test_workers_are_scaled_and_every_service_has_a_limit_that_is_kept(hosted: Hosted):
    hosted.stack.run("docker compose up --detach --no-recreate --wait --scale worker=3")
    workers = [hosted.stack.container("worker", number) for number in (1, 2, 3)]
    print(f"\nworkers take {memory_mb(*workers)} MB")
    assert set(docker("inspect", *workers, "-f", "{{.HostConfig.Memory}}").split()) == {"536870912"}
    hosted.stack.run("docker compose up --detach --no-recreate --wait --scale worker=2")
    everything = docker(
        "ps", "--filter", "name=worth-tuning-test", "--format", "{{.Names}}"
    ).split()
    assert len(everything) == 7
    limits = docker("inspect", *everything, "-f", "{{.HostConfig.Memory}}").split()
    assert "0" not in limits
    killed = docker("inspect", *everything, "-f", "{{.State.OOMKilled}}").split()
    assert set(killed) == {"false"}


def test_a_setting_that_was_changed_is_read_by_the_commands_of_the_guide(hosted: Hosted):
    changed, named = guide("Settings")
    back = "https://elsewhere.localhost/oauth2callback"
    kept = hosted.stack.folder.joinpath(".env").read_text("utf-8")
    hosted.stack.set(WORTH_TUNING_OIDC_REDIRECT_URI=back)
    endpoints = hosted.stack.folder / "deploy/endpoints.toml"
    endpoints.write_text(endpoints.read_text("utf-8") + "# changed\n", "utf-8")
    hosted.stack.run(changed)
    hosted.stack.run(named)
    hosted.stack.ready()
    for service in ("app1", "app2", "worker"):
        within = f"docker compose exec {service} sh -c"
        held = hosted.stack.run(f"{within} 'echo $WORTH_TUNING_OIDC_REDIRECT_URI'")
        assert held.strip() == back
        assert "# changed" in hosted.stack.run(f"{within} 'cat $WORTH_TUNING_ENDPOINTS'")
    hosted.stack.folder.joinpath(".env").write_text(kept, "utf-8")
    hosted.stack.run(changed)
    hosted.stack.ready()


def test_one_container_answers_by_the_commands_of_the_guide(hosted: Hosted, tmp_path: Path):
    build, run = guide("One container")
    (tmp_path / "checkout").mkdir()
    alone = checkout(tmp_path / "checkout")
    (alone.folder / ".env").write_text("WORTH_TUNING_SIGN_IN=none\n", "utf-8")
    alone.run(build)
    began = time.monotonic()
    started = subprocess.Popen(run.split(), cwd=alone.folder, stderr=subprocess.DEVNULL)
    try:
        until(lambda: answers_at(8501), 120, "it does not answer")
        print(f"\none container: ready after {time.monotonic() - began:.0f} s")
    finally:
        (name,) = docker("ps", "--quiet", "--filter", "publish=8501").split()
        docker("rm", "--force", name)
        started.wait(60)
        docker("volume", "rm", "worth-tuning")


def answers_at(port: int) -> bool:
    connection = HTTPConnection("localhost", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def test_no_secret_and_no_code_stands_in_any_log(hosted: Hosted):
    for guided in ("docker compose ps", "docker compose logs app1"):
        assert "app1" in hosted.stack.run(guided)
    logged = hosted.stack.run("docker compose logs --no-color")
    assert len(logged) > 10_000
    for secret in (KEY, PASSWORD, COOKIE_SECRET, SECRET, "code=", "anna@example.com"):
        assert secret not in logged


def test_the_proxy_shows_the_companys_own_certificate(hosted: Hosted):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOSTNAME)])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOSTNAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder = hosted.stack.folder / "deploy/tls"
    (folder / "app.pem").write_bytes(made.public_bytes(Encoding.PEM))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "app.key").write_bytes(private)
    hosted.stack.set(APP_TLS="tls /tls/app.pem /tls/app.key")
    hosted.stack.run(guide("Replicas and workers")[1])
    until(lambda: ask("/") == 200, 60, "the proxy does not answer")
    with tls() as connection:
        assert connection.getpeercert(binary_form=True) == made.public_bytes(Encoding.DER)
