"""The stack of `compose.yaml`, started by the commands of `docs/hosting.md` as they stand there."""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_network
from pathlib import Path

from tests.e2e.server import ROOT

HOSTNAME = "tuning.localhost"
"""For a name like this a browser asks this machine, and Caddy makes its own certificate."""
KEPT = "worth-tuning-test"
"""What compose calls it here: it takes away no volume of a stack that somebody uses."""
KILLER = "postgres:17"
"""An image that is there and has a shell."""


def docker(*words: str) -> str:
    """What the client says; an error is raised with its own words."""
    ran = subprocess.run(["docker", *words], capture_output=True, text=True, timeout=600)
    assert ran.returncode == 0, f"docker {' '.join(words)}: {ran.stderr[-2000:]}"
    return ran.stdout.strip()


def missing() -> str:
    """Why no stack can be started here; "" = it can."""
    if shutil.which("docker") is None:
        return "there is no docker here"
    for words in (("info",), ("compose", "version")):
        ran = subprocess.run(["docker", *words], capture_output=True, text=True, timeout=60)
        if ran.returncode:
            return f"`docker {' '.join(words)}` says: {ran.stderr.strip()[-200:]}"
    return ""


def guide(heading: str) -> list[str]:
    """The commands of a section of the guide, in their order."""
    text = (ROOT / "docs/hosting.md").read_text("utf-8")
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return [line.strip() for line in section.splitlines() if re.match(r" {4,}\S", line)]


def gateway() -> str:
    """The machine's own address, as containers see it."""
    said = json.loads(docker("network", "inspect", "bridge", "-f", "{{json .IPAM.Config}}"))[0]
    return str(said.get("Gateway") or ip_network(said["Subnet"])[1])


class Stack:
    """A checkout with its `.env`, and what runs of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"https://{HOSTNAME}"

    def run(self, command: str) -> str:
        """A command of the guide, in the checkout; what it printed."""
        ran = self._ran(command)
        assert ran.returncode == 0, f"{command}: {ran.stdout[-1000:]}{ran.stderr[-3000:]}"
        return ran.stdout

    def refused(self, command: str) -> str:
        """One that has to end in an error; what it said of it."""
        ran = self._ran(command)
        assert ran.returncode == 1, f"{command}: {ran.stdout[-1000:]}{ran.stderr[-3000:]}"
        return ran.stderr

    def _ran(self, command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            ["/bin/sh", "-c", command], cwd=self.folder, env=self._env(),
            capture_output=True, text=True, timeout=1500, check=False,
        )  # fmt: skip

    def set(self, **variables: str) -> None:
        """Fill in `.env`."""
        file = self.folder / ".env"
        lines = [
            line
            for line in file.read_text("utf-8").splitlines()
            if line.partition("=")[0] not in variables
        ]
        said = [f"{name}={value}" for name, value in variables.items()]
        file.write_text("\n".join([*lines, *said]) + "\n", "utf-8")

    def container(self, service: str, number: int = 1) -> str:
        return f"{KEPT}-{service}-{number}"

    def kill(self, *containers: str) -> None:
        """SIGKILL to their processes, from outside: told by its own engine it would stay down."""
        processes = docker("inspect", "-f", "{{.State.Pid}}", *containers).split()
        docker(
            "run", "--rm", "--pid=host", "--entrypoint", "/bin/sh", KILLER,
            "-c", f"kill -9 {' '.join(processes)}",
        )  # fmt: skip

    def ready(self, *services: str) -> None:
        """Wait until these are up and healthy."""
        self.run(f"docker compose up --detach --no-build --no-recreate --wait {' '.join(services)}")

    def address(self, service: str) -> str:
        """Of its first container, inside the machine."""
        form = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
        return docker("inspect", "-f", form, self.container(service))

    def _env(self) -> dict[str, str]:
        return os.environ | {"COMPOSE_PROJECT_NAME": KEPT, "COMPOSE_ANSI": "never"}

    @contextmanager
    def gone_in_the_end(self) -> Iterator[None]:
        """It is taken away; what its services logged lasts, beside the checkout."""
        try:
            yield
        finally:
            logged = self.run("docker compose logs --no-color --timestamps")
            self.folder.with_name("stack.log").write_text(logged, "utf-8")
            self.run("docker compose --profile s3 down --volumes --timeout 5")


def checkout(folder: Path) -> Stack:
    """What git holds of this folder, as it stands here, in a folder of its own."""
    names = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for name in filter(None, names.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    return Stack(folder)


def until(holds: Callable[[], object], seconds: float, what: str) -> None:
    """Wait until something holds."""
    over = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < over, what
        time.sleep(0.2)
