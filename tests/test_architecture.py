"""Imports point inwards, and the README's tree is true."""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from advisor.case.questions import QUESTIONS
from advisor.verdict.rules import load_rules

ROOT = Path(__file__).parent.parent
LAYERS = ("pricing", "advisor", "pages")
"""Each may import those before it."""


def code_of(layer: str) -> list[str]:
    return sorted(p.relative_to(ROOT).as_posix() for p in (ROOT / layer).rglob("*.py"))


CODE = ["app.py", *(path for layer in LAYERS for path in code_of(layer))]

# Library: where alone it may be imported. Only those in use or named by the design.
ONLY_IN = {
    "streamlit": ("app.py", "pages/"),
    "plotly": ("pages/",),
    "openai": ("advisor/llm/",),
    "aiohttp": ("advisor/llm/direct.py",),
    "httpcore2": ("advisor/llm/",),
    "ssrfguard": ("advisor/llm/",),
    "sqlalchemy": ("advisor/store/",),
    "alembic": ("advisor/store/",),
    "psycopg_pool": ("advisor/runs/workers/shared_limit.py",),
    "pyrate_limiter": ("advisor/runs/workers/shared_limit.py",),
    "procrastinate": (
        "advisor/runs/workers/connector.py",
        "advisor/runs/workers/queue.py",
        "advisor/runs/workers/turns.py",
        "advisor/runs/workers/worker.py",
    ),
    "typst": ("advisor/report/pdf/render.py",),
    "click": ("advisor/cli",),
    "tiktoken": ("pricing/tokens.py",),
    "gepa": ("advisor/runs/improve/",),
    "genai_prices": ("pricing/base_prices.py",),
}


def imports(source: str) -> set[str]:
    """First names of all modules imported anywhere in a file."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute, so that this test sees them"
            found.add((node.module or "").partition(".")[0])
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            found |= {str(ast.literal_eval(node.args[0])).partition(".")[0]}
    return found


@cache
def imported_by(path: str) -> set[str]:
    return imports((ROOT / path).read_text("utf-8"))


def test_this_test_sees_every_way_to_import():
    source = """
import a.b, c as d
def f():
    from e.f import g
    import importlib
    importlib.import_module("h.i")
"""
    assert imports(source) == {"a", "c", "e", "importlib", "h"}
    assert len(CODE) > 60
    assert {"app.py", "pages/steps/start.py", "advisor/cli/command.py", "pricing/cost.py"} <= set(
        CODE
    )


@pytest.mark.parametrize("layer", LAYERS)
def test_imports_point_inwards(layer):
    outside = {*LAYERS[LAYERS.index(layer) + 1 :], "app", "tests"}
    wrong = {path: found for path in code_of(layer) if (found := imported_by(path) & outside)}
    assert not wrong


def test_the_frame_imports_no_tests():
    assert "tests" not in imported_by("app.py")


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_stays_where_it_belongs(library):
    wrong = [
        path
        for path in CODE
        if library in imported_by(path) and not path.startswith(ONLY_IN[library])
    ]
    assert not wrong


# The network: whatever is not listed here opens no socket and looks up no name.

NETWORK = {
    "aiohttp", "asyncssh", "boto3", "dns", "ftplib", "genai_prices.update_prices", "grpc",
    "http.client", "http.server", "httpcore", "httpcore2", "httpx", "imaplib",
    "multiprocessing.connection", "nntplib", "paramiko", "poplib", "pycurl", "redis", "requests",
    "smtplib", "socket", "socketserver", "ssl", "subprocess", "telnetlib", "tornado", "trio",
    "urllib.request", "urllib3", "uvicorn", "websocket", "websockets", "wsgiref", "xmlrpc",
}  # fmt: skip
"""Modules that connect, listen or look up names; or that start a program, which may."""
CONNECTS = {
    "connect_tcp", "connect_unix", "create_connection", "create_datagram_endpoint", "create_server",
    "create_tcp_listener", "create_unix_connection", "getaddrinfo", "gethostbyname", "getnameinfo",
    "open_connection", "open_unix_connection", "popen", "sock_connect", "start_server", "system",
    "urlopen", "urlretrieve",
}  # fmt: skip
"""Functions that do, by whatever module they are had; of httpx2, which all may name, every call."""
MAY = {
    "advisor/case/rule_sandbox.py": "starts the process where readers' own rules are tried, offline",
    "advisor/llm/": "asks models and sources of prices, at addresses that were checked (guard.py)",
    "advisor/runs/workers/server.py": "listens for whoever looks after a worker, and asks nobody",
    "advisor/store/backup.py": "starts pg_dump and pg_restore, at the host's own database",
}
"""Who may all the same, and why. The database has its drivers, held to their places in ONLY_IN."""


def network_in(source: str) -> set[str]:
    """What in a file reaches the network: modules by their dotted names, and calls."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        named = set()
        if isinstance(node, ast.Import):
            named = {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            named = {node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)}
            if (node.module or "").partition(".")[0] == "httpx2":
                found |= {f"httpx2.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call):
            if ast.unparse(node.func).endswith("import_module"):
                named = {str(ast.literal_eval(node.args[0]))}
            called = ast.unparse(node.func)
            if called.startswith("httpx2.") or called.rpartition(".")[2] in CONNECTS:
                found.add(f"{called}()")
        found |= {m for m in NETWORK if any(n == m or n.startswith(f"{m}.") for n in named)}
    return found


@cache
def reaching() -> dict[str, set[str]]:
    return {path: found for path in CODE if (found := network_in((ROOT / path).read_text("utf-8")))}


def test_this_test_sees_every_way_to_the_network():
    for line, seen in {
        "import socket": "socket",
        "import urllib.request as r": "urllib.request",
        "from urllib import parse, request": "urllib.request",
        "from http.client import HTTPSConnection": "http.client",
        "def f():\n    import requests.adapters": "requests",
        "import importlib; importlib.import_module('aiohttp')": "aiohttp",
        "import httpx2; httpx2.get('x')": "httpx2.get()",
        "import httpx2; c = httpx2.AsyncClient()": "httpx2.AsyncClient()",
        "from httpx2 import Client": "httpx2.Client",
        "import asyncio; asyncio.open_connection('x', 1)": "asyncio.open_connection()",
        "loop.getaddrinfo('x', 1)": "loop.getaddrinfo()",
        "import os; os.system('curl x')": "os.system()",
    }.items():
        assert network_in(line) == {seen}, line
    harmless = """
from urllib.parse import urlsplit
from http import HTTPStatus
import httpx2, platform
def f(by: httpx2.AsyncBaseTransport) -> None:
    platform.node()
"""
    assert network_in(harmless) == set()


def test_nothing_reaches_the_network_but_what_is_meant_to():
    wrong = {path: found for path, found in reaching().items() if not path.startswith(tuple(MAY))}
    assert not wrong, "go by advisor/llm, or say in MAY why this may"


def test_whatever_may_reach_the_network_does():
    assert [one for one in MAY if not any(path.startswith(one) for path in reaching())] == []


# From the case to the report the same question gets the same answer: day and seed are arguments.

PURE = tuple(f"advisor/{name}/" for name in ("case", "training", "evidence", "verdict", "report"))
CLOCK = {
    "datetime.date.today", "datetime.datetime.now", "datetime.datetime.today",
    "datetime.datetime.utcnow", "os.urandom", "random.SystemRandom", "uuid.uuid1", "uuid.uuid4",
}  # fmt: skip
"""What gives another answer at another time, or by chance."""
SEEDED = {"random.Random", "numpy.random.default_rng", "numpy.random.RandomState"}
"""What repeats itself, where it is given a seed; all else of these modules draws anew."""


def clock_in(source: str) -> set[str]:
    """Calls in a file that ask the clock or chance, by their full names."""
    tree = ast.parse(source)
    full = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            full |= {a.asname or a.name: a.name for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            full |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            first, dot, rest = ast.unparse(node.func).partition(".")
            called = full.get(first, first) + dot + rest
            draws = re.match(r"(numpy\.random|random|secrets|time)\.\w+$", called)
            seeded = called in SEEDED and (node.args or node.keywords)
            if called in CLOCK or (draws and not seeded):
                found.add(called)
    return found


def test_this_test_sees_every_way_to_the_clock_and_to_chance():
    for line, seen in {
        "from datetime import datetime; datetime.now(UTC)": "datetime.datetime.now",
        "import datetime as dt; dt.datetime.utcnow()": "datetime.datetime.utcnow",
        "from datetime import date as day\ndef f(): return day.today()": "datetime.date.today",
        "import time; time.time()": "time.time",
        "from time import monotonic as now; now()": "time.monotonic",
        "import random; random.random()": "random.random",
        "from random import shuffle; shuffle(x)": "random.shuffle",
        "import random; random.Random()": "random.Random",
        "import numpy as np; np.random.default_rng()": "numpy.random.default_rng",
        "import numpy as np; np.random.normal(0, 1)": "numpy.random.normal",
        "from uuid import uuid4; uuid4()": "uuid.uuid4",
        "import secrets; secrets.token_hex()": "secrets.token_hex",
    }.items():
        assert clock_in(line) == {seen}, line
    harmless = """
from datetime import date, datetime, timedelta
import random
import numpy as np
def f(today: date, seed: int) -> date:
    random.Random(seed).shuffle([])
    np.random.default_rng(seed=seed)
    datetime.fromisoformat("2026-11-22")
    return today + timedelta(days=1)
"""
    assert clock_in(harmless) == set()


def test_from_the_case_to_the_report_nothing_asks_the_clock_or_chance():
    pure = [path for path in CODE if path.startswith(PURE)]
    assert {path.split("/")[1] for path in pure} == {name.split("/")[1] for name in PURE}
    wrong = {path: found for path in pure if (found := clock_in((ROOT / path).read_text("utf-8")))}
    assert not wrong, "take the day, or the seed, as an argument"


def test_no_page_stands_directly_under_pages():
    # On a fresh process a first hit on such a page's link runs it without the frame.
    assert list((ROOT / "pages").glob("*.py")) == []


# Costs: one module works them out

COSTING = {"cost_of", "option_cost", "compare_costs", "break_even", "pay_back", "request_cost",
           "months_of_use", "hosting_cost", "storage_cost"}  # fmt: skip
"""What works a cost out from prices and use; `pricing` hands each of them on."""


def costing_in(source: str) -> set[str]:
    """Which of them a file imports, and modules of `pricing` that it takes whole."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "pricing":
            found |= {alias.name for alias in node.names} & {*COSTING, "cost", "option", "charges"}
        elif isinstance(node, ast.Import):
            wholes = {"pricing", "pricing.cost", "pricing.option", "pricing.charges"}
            found |= {alias.name for alias in node.names} & wholes
    return found


def test_one_module_works_out_what_an_option_costs():
    assert costing_in("from pricing.cost import Cost, cost_of as c") == {"cost_of"}
    assert costing_in("def f():\n    from pricing import option, lifecycle") == {"option"}
    assert costing_in("import pricing.charges") == {"pricing.charges"}
    above = ["app.py", *code_of("advisor"), *code_of("pages")]
    calls = [path for path in above if costing_in((ROOT / path).read_text("utf-8"))]
    assert calls == ["advisor/verdict/costing.py"]


# The report words values that it is given

LOOKED_UP = {
    "base_price", "cheapest_base", "find_offer", "for_newcomers", "list_read", "load_base_models",
    "load_providers", "load_rules", "load_training_rules", "stop_of", "within_a_sentence",
}  # fmt: skip
"""Rows of a table that ships, by their name, and what holds of one on a day."""
SAID_OF_THE_RULES = {"enough_pairs", "level_alpha", "texts_to_bring"}
"""A figure that follows from the thresholds alone, said where it is one."""
BEFORE_A_DECISION = {
    "before.py": {"plan_test"},
    "judging.py": {"of_the_judges_family"},
    "ruled_out.py": {"asked_though_barred"},
}
"""What is worded of a case that has no decision yet."""
GIVES_VALUES = ("advisor.evidence", "advisor.training", "advisor.verdict", "pricing")


def called_from_below(source: str) -> set[str]:
    """Functions, and whole modules, that a file of the report takes from what works values out."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(GIVES_VALUES):
            found |= {alias.name for alias in node.names if not alias.name[0].isupper()}
        elif isinstance(node, ast.Import):
            found |= {a.name for a in node.names if a.name.startswith(GIVES_VALUES)}
    return found


def test_the_report_is_given_its_values_and_works_none_out():
    assert called_from_below("from advisor.verdict.lean import Lean, lean") == {"lean"}
    assert called_from_below("from advisor.evidence import planning") == {"planning"}
    assert called_from_below("import pricing.cost") == {"pricing.cost"}
    found = {}
    for path in code_of("advisor/report"):
        name = path.removeprefix("advisor/report/")
        called = called_from_below((ROOT / path).read_text("utf-8"))
        found[name] = called - LOOKED_UP - SAID_OF_THE_RULES
    assert {name: called for name, called in found.items() if called} == BEFORE_A_DECISION


# An answer's words: one table

WORDS_OF_THEIR_OWN = ["advisor/report/for_legal.py"]
"""The paper for the legal department says in whole sentences whether training is permitted."""


def word_tables(source: str) -> Iterator[str]:
    """Questions of which a file words every answer, in a table by the answers' values."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Dict):
            continue
        pairs = zip(node.keys, node.values, strict=True)
        worded = {
            key.value
            for key, value in pairs
            if isinstance(key, ast.Constant)
            and isinstance(key.value, str)
            and isinstance(value, ast.Constant)
            and isinstance(value.value, str)
        }
        for question in QUESTIONS:
            if {choice.value for choice in question.choices} <= worded:
                yield question.key


def test_an_answer_is_worded_in_one_table():
    assert "human_check" in set(
        word_tables('X = {"always": "each", "spot": "some", "never": "none"}')
    )
    paths = [*code_of("advisor"), *code_of("pages")]
    wrong = [path for path in paths if any(word_tables((ROOT / path).read_text("utf-8")))]
    assert [path for path in wrong if path != "advisor/case/questions.py"] == WORDS_OF_THEIR_OWN


# A reader's sentence stands in the report or on a page: below it stand values

VALUES = ("pricing", "advisor/evidence", "advisor/verdict", "advisor/store")
ASKED_OF_A_MODEL = ("advisor/evidence/judge/prompt.py", "advisor/evidence/judge/injection.py")
SAID_BELOW = {
    "pricing/base_prices.py": "errors, and the name of a source",
    "pricing/offers.py": "errors",
    "advisor/verdict/base_suggestions.py": "the name that a suggested option gets",
    "advisor/store/archive/file.py": "errors",
    "advisor/store/cases.py": "errors",
    "advisor/store/connected.py": "errors",
    "advisor/store/outputs.py": "the error that a call ends with, as the database keeps it",
    "advisor/store/runs.py": "errors, and why a run ended, as the database keeps it",
    "advisor/store/votes.py": "errors",
    "advisor/store/voting.py": "errors",
}
"""Files that may, and what: an error is raised where it is found, whoever words the rest."""


def prose_in(source: str) -> Iterator[str]:
    """Sentences in a file's values: four words in a row, with a value or written as a sentence is.

    Neither documentation, nor what is raised, nor what a metric says beside its function.
    """
    tree = ast.parse(source)
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            silent.add(id(node.value))
        elif isinstance(node, ast.Raise) or (
            isinstance(node, ast.Call) and ast.unparse(node.func) == "metric"
        ):
            silent |= {id(part) for part in ast.walk(node)}
        elif isinstance(node, ast.JoinedStr):
            silent |= {id(part) for part in node.values}
    for node in ast.walk(tree):
        if id(node) in silent:
            continue
        if isinstance(node, ast.JoinedStr):
            parts = (p.value if isinstance(p, ast.Constant) else "…" for p in node.values)
            text = "".join(str(part) for part in parts)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        in_a_row = re.search(r"\w+(?:'\w+)?(?:[,;:]? (?:\w+(?:'\w+)?|…)){3}", text)
        as_one = "…" in text or re.match(r"[A-Z][a-z]|.*[.]$", text)
        if in_a_row and as_one and not re.match(r"\s*[A-Z]{4,} [A-Z]{2,}", text):  # no query
            yield text


def test_this_test_sees_a_sentence_in_a_value():
    source = '''
"""What the file is for, in a sentence."""
NAME = "own machines"
FIGURE = "input tokens per request"
def f(name: str) -> str:
    """What it gives, in a sentence."""
    raise ValueError("an amount is negative, so correct it.")
    return f"your texts may go to {name} only"
LATE = ("Fine-tuned costs twice as much",)
@metric("First word", "Whether both start alike in it.")
def g() -> None: ...
'''
    said = ["your texts may go to … only", "Fine-tuned costs twice as much"]
    assert sorted(prose_in(source)) == sorted(said)


def test_below_the_report_stand_values_and_no_sentences():
    below = [path for layer in VALUES for path in code_of(layer) if "/migrations/" not in path]
    found = {path: [*prose_in((ROOT / path).read_text("utf-8"))] for path in below}
    speak = {path for path, said in found.items() if said} - {*ASKED_OF_A_MODEL}
    assert {path: found[path] for path in speak - {*SAID_BELOW}} == {}, "word it in advisor/report"
    assert speak == {*SAID_BELOW}


# A threshold stands in verdict.toml, and nowhere a second time

FIGURES = load_rules().model_dump()


def second_copies(source: str, figures: Mapping[str, object]) -> Iterator[str]:
    """Figures of the rules that a file gives a value of its own: as a default, or as a constant."""
    for node in ast.walk(ast.parse(source)):
        given: dict[str, ast.expr | None] = {}
        if isinstance(node, ast.arguments):
            places = [*node.posonlyargs, *node.args]
            given = {a.arg: d for a, d in zip(places[::-1], node.defaults[::-1], strict=False)}
            given |= {a.arg: d for a, d in zip(node.kwonlyargs, node.kw_defaults, strict=True)}
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            given = {node.targets[0].id.lower(): node.value}
        for name, value in given.items():
            number = isinstance(value, ast.Constant) and isinstance(value.value, int | float)
            if name in figures and number and not isinstance(value.value, bool):
                yield name


def test_a_threshold_has_no_second_copy():
    figures = {**FIGURES["evidence"], **FIGURES["likelihood"]}
    assert {"alpha", "power", "clear_choices", "leaning"} <= set(figures)
    source = "ALPHA = 0.05\ndef f(n, alpha=0.05, *, power=0.8, seed=1, rules=None): ..."
    assert sorted(second_copies(source, figures)) == ["alpha", "alpha", "power"]
    found = {
        path: names
        for path in CODE
        if (names := [*second_copies((ROOT / path).read_text("utf-8"), figures)])
    }
    assert found == {}, "take it as an argument, from the rules"


# The packages of the README


def tree_lines(readme: str) -> Iterator[tuple[str, str]]:
    """(path, words) of each line of the code block under the heading "The house"."""
    block = re.search(r"^#+ The house\n.*?^```\w*\n(.*?)^```$", readme, re.M | re.S)
    assert block, 'the README has no code block under a heading "The house"'
    folders: list[str] = []
    for line in block[1].splitlines():
        if not line.strip():
            continue
        found = re.fullmatch(r"((?:  )*)(\S+)(?:  +(\S.*))?", line)
        assert found, f"neither `name  words` nor two spaces a level: {line!r}"
        level, name = len(found[1]) // 2, found[2]
        assert level <= len(folders), f"deeper than the folder above it: {line!r}"
        del folders[level:]
        yield "".join(folders) + name, found[3] or ""
        if name.endswith("/"):
            folders.append(name)


def test_the_tree_is_read_as_agreed():
    readme = """# X
## The house

Words.

```text
app.py  the frame
pages/
  steps/  five of them
    start.py  where it starts
  public/report.py    read-only
advisor/
  cli.py  commands
```
"""
    assert list(tree_lines(readme)) == [
        ("app.py", "the frame"),
        ("pages/", ""),
        ("pages/steps/", "five of them"),
        ("pages/steps/start.py", "where it starts"),
        ("pages/public/report.py", "read-only"),
        ("advisor/", ""),
        ("advisor/cli.py", "commands"),
    ]


def packages() -> set[str]:
    """Folders that hold code, as the README names them; migrations are the store's own."""
    found = {f"{Path(path).parent.as_posix()}/" for path in CODE if "/" in path}
    found |= {"advisor/", "pages/"}
    return {folder for folder in found if "migrations" not in folder}


def test_every_package_has_its_line_in_the_readme():
    lines = list(tree_lines((ROOT / "README.md").read_text("utf-8")))
    assert Counter(path for path, _ in lines) == Counter(packages())
    assert [path for path, words in lines if not words] == []


def test_the_advisor_is_entered_by_few_doors():
    entries = {path.split("/")[1] for path in code_of("advisor")} - {"__init__.py"}
    assert len({*entries, "data"}) <= 16
