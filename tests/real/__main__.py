"""`make real`: the same comparison on servers that people really run; prints what held.

Nothing here is part of `make test`: it needs packages of its own and minutes.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from advisor.case.case_file import load_sample
from advisor.evidence.model import Output
from advisor.llm.probe import probe
from advisor.store.repository import Store
from tests.e2e.server import ROOT
from tests.real.live import made_live
from tests.real.servers import KEY, Served, litellm, llama_cpp, transformers

Row = tuple[str, str, bool]
"""What was claimed, what was seen, whether it held."""
SAMPLE = load_sample("tuned_tickets")
TEXTS = [prompt for i, prompt in enumerate(SAMPLE.prompts) if i % 4 == 0]
"""12 of the 48."""
LIMIT = 16
"""Tokens: more than a queue's name, fewer than the base's sentences."""


@dataclass(frozen=True)
class Ran:
    """What `python -m advisor compare` did."""

    code: int
    said: str
    seconds: float
    outputs: dict[str, list[Output]]
    """By option."""


def ran(folder: Path, options: dict[str, Served], texts: Iterable[str], limit: int = LIMIT) -> Ran:
    """Run the command on these options and texts."""
    folder.mkdir()
    rows = [{"id": f"t{i}", "prompt": text} for i, text in enumerate(texts)]
    lines = "\n".join(json.dumps(row) for row in rows)
    (folder / "prompts.jsonl").write_text(lines, "utf-8")
    case = ['title = "A real server"', '[brief]\nuse_case = "classification"']
    case.append('[prompts]\nfile = "prompts.jsonl"')
    for option, served in options.items():
        instruction = SAMPLE.arms["tuned" if option == "tuned" else "base"].system_prompt
        case.append(
            f"[arms.{option}]\nendpoint = {json.dumps(served.url)}\n"
            f"model = {json.dumps(served.model)}\nsystem_prompt = {json.dumps(instruction)}"
        )
        if served.key:
            case.append('api_key_env = "KEY_OF_REAL"')
    case.append(f"[run]\nconcurrency = 2\ntimeout_s = 120\nmax_output_tokens = {limit}")
    (folder / "CASE.toml").write_text("\n".join(case), "utf-8")
    key = next((served.key for served in options.values() if served.key), "")
    began = time.monotonic()
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "advisor",
            "compare",
            folder / "CASE.toml",
            "--db",
            folder / "runs.db",
        ],
        cwd=ROOT,
        env=os.environ | {"KEY_OF_REAL": key},
        capture_output=True,
        text=True,
    )
    seconds = time.monotonic() - began
    outputs: dict[str, list[Output]] = {option: [] for option in options}
    run_id = done.stdout.partition("run ")[2].partition(":")[0]
    if run_id:
        for output in Store.open(str(folder / "runs.db")).outputs(run_id):
            outputs[output.arm].append(output)
    return Ran(done.returncode, done.stdout + done.stderr, seconds, outputs)


def compared(name: str, folder: Path, base: Served, tuned: Served) -> Iterator[Row]:
    """Base against its LoRA, fact by fact."""
    found = ran(folder, {"base": base, "tuned": tuned}, [text.text for text in TEXTS])
    every = [output for outputs in found.outputs.values() for output in outputs]
    answered = sum(output.outcome == "answered" for output in every)
    seen = f"{answered} of {2 * len(TEXTS)} in {found.seconds:.0f} s, exit {found.code}"
    yield f"{name}: every call answered", seen, answered == 2 * len(TEXTS) and found.code == 0
    reported = sum(not output.tokens_counted for output in every)
    yield (
        f"{name}: tokens are the server's own",
        f"{reported} of {len(every)}",
        reported == len(every),
    )
    yield same_tokens(name, found, base, tuned)
    asked = {"base": base.model, "tuned": tuned.model}
    served = {(output.arm, output.served_model) for output in every}
    yield f"{name}: the model that served", listed(served), served == set(asked.items())
    ended = [
        (o.arm, o.finish_reason) for o in every if o.truncated != (o.finish_reason == "length")
    ]
    cut = [sum(o.truncated for o in found.outputs[option]) for option in ("base", "tuned")]
    seen = f"base {cut[0]}, fine-tuned {cut[1]} of {len(TEXTS)}"
    yield (
        f"{name}: answers cut at {LIMIT} tokens are marked so",
        seen,
        cut[0] > 0 == cut[1] and not ended,
    )
    right = {text.text: text.references[0] for text in TEXTS}
    texts = {f"t{i}": text.text for i, text in enumerate(TEXTS)}
    hits = sum(o.text.strip() == right[texts[o.prompt_id]] for o in found.outputs["tuned"])
    yield f"{name}: the LoRA answers, not the base", f"{hits} of {len(TEXTS)} right", hits >= 9


def same_tokens(name: str, found: Ran, base: Served, tuned: Served) -> Row:
    """What is kept of a call, beside what the server says of the same call by itself."""
    seen: list[str] = []
    for option, served in (("base", base), ("tuned", tuned)):
        kept = next((o for o in found.outputs[option] if o.prompt_id == "t0"), None)
        instruction = SAMPLE.arms[option].system_prompt
        said = served.says(
            messages=[
                {"role": "system", "content": instruction.strip()},
                {"role": "user", "content": TEXTS[0].text},
            ],
            max_tokens=LIMIT,
            temperature=0,
        )
        ours = kept and (kept.input_tokens, kept.finish_reason)
        usage, choice = said["usage"], said["choices"][0]
        if ours != (theirs := (usage["prompt_tokens"], choice["finish_reason"])):
            seen.append(f"{option}: {ours} kept, {theirs} said")
    return (
        f"{name}: kept as the server counts when asked directly",
        "; ".join(seen) or "same",
        not seen,
    )


def one_model(name: str, folder: Path, base: Served) -> Row:
    """Two names at a server that has one model loaded."""
    other = Served(base.url, "a-tuned-model-it-has-not", base.key)
    found = ran(folder, {"base": base, "tuned": other}, [text.text for text in TEXTS[:4]])
    said = next((line for line in found.said.splitlines() if "answers for both" in line), "")
    return f"{name}: one model behind two options is said", said or found.said[-300:], bool(said)


def too_long(name: str, folder: Path, base: Served) -> Row:
    """A text that does not fit the window fails alone, in the server's own words."""
    found = ran(folder, {"base": base}, ["word " * 3_000, TEXTS[0].text])
    by_id = {output.prompt_id: output for output in found.outputs["base"]}
    error = by_id["t0"].error or "" if "t0" in by_id else found.said
    held = "context size" in error and by_id["t1"].outcome == "answered"
    return f"{name}: a text beyond the window fails alone", error, held


def large_limit(name: str, folder: Path, tuned: Served) -> Row:
    """A limit beyond the model's window: the server takes it, or says so and it is lowered."""
    found = ran(folder, {"tuned": tuned}, [text.text for text in TEXTS[:2]], limit=100_000)
    ended = listed({(o.outcome, o.finish_reason) for o in found.outputs["tuned"]})
    lowered = next((line for line in found.said.splitlines() if "was lowered" in line), "")
    return f"{name}: a limit of 100,000 tokens", lowered or f"taken: {ended}", found.code == 0


def turned_away(name: str, folder: Path, served: Served, says: str) -> Row:
    """A wrong key, or an unknown model: the option stops after a few, with the server's reason."""
    found = ran(folder, {"base": served}, [text.text for text in TEXTS])
    made = len(found.outputs["base"])
    said = found.said.splitlines()[-1]
    return (
        name,
        f"{made} of {len(TEXTS)} asked; {said}",
        made <= 5 and says in said and found.code == 3,
    )


def alone(name: str, folder: Path, base: Served) -> Iterator[Row]:
    """A server that has the base only."""
    found = ran(folder, {"base": base}, [text.text for text in TEXTS[:3]])
    outputs = found.outputs["base"]
    answered = [o for o in outputs if o.outcome == "answered" and not o.tokens_counted]
    seen = f"{len(answered)} of 3 in {found.seconds:.0f} s, exit {found.code}"
    yield f"{name}: answered, with its own tokens", seen, len(answered) == 3 and found.code == 0
    cut = sum(o.truncated for o in outputs)
    yield f"{name}: answers cut at {LIMIT} tokens are marked so", f"{cut} of 3", cut > 0


def listed(pairs: Iterable[tuple[object, object]]) -> str:
    """Pairs in a row."""
    return ", ".join(sorted(f"{one}: {other}" for one, other in pairs))


def rows(folder: Path, python: str | None) -> Iterator[Row]:
    """Everything that is claimed, each as it is found."""
    yield from made_live(folder / "live")
    with ExitStack() as running:
        began = time.monotonic()
        base, tuned = running.enter_context(llama_cpp())
        yield "llama.cpp: ready", f"{time.monotonic() - began:.0f} s", True
        yield from compared("llama.cpp", folder / "llama", base, tuned)
        yield one_model("llama.cpp", folder / "one", base)
        said = probe(base.url, "a-tuned-model-it-has-not").sentence
        yield (
            "llama.cpp: the test of the connection says which model answers",
            said,
            base.model in said,
        )
        yield too_long("llama.cpp", folder / "long", base)
        yield large_limit("llama.cpp", folder / "limit", tuned)
        began = time.monotonic()
        proxied = running.enter_context(litellm(folder, base, tuned))
        yield "litellm: ready", f"{time.monotonic() - began:.0f} s", True
        yield from compared("litellm", folder / "litellm", *proxied)
        wrong = Served(proxied[0].url, proxied[0].model, "sk-canary-wrong")
        yield turned_away("litellm: a wrong key stops the option", folder / "key", wrong, "db")
        unknown = Served(proxied[0].url, "no-such-model", KEY)
        yield turned_away(
            "litellm: an unknown model too", folder / "model", unknown, "no-such-model"
        )
    if python:
        with transformers(folder, Path(python)) as served:
            yield from alone("transformers serve", folder / "transformers", served)


def main() -> int:
    """Print the table; 1 where something did not hold."""
    held = True
    print("| What | Seen | |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        for what, seen, kept in rows(Path(name), os.environ.get("TRANSFORMERS")):
            print(f"| {what} | {seen} | {'held' if kept else 'DID NOT HOLD'} |", flush=True)
            held = held and kept
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
