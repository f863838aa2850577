"""How one option is asked: its instruction and parameters, shown to who asks for more."""

import json
from typing import Any

import streamlit as st
from pydantic import ValidationError

from advisor.case.case import RunSettings
from advisor.case.options import Arm, Parameters
from pages.ui import markdown, widgets
from pricing.tokens import count_tokens

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")


def ask_instruction(now: Arm, label: str, key: str) -> str:
    """What is sent before each text."""
    text = st.text_area(
        label,
        value=now.system_prompt,
        height=160,
        key=f"{key}:system",
        help="The system prompt. May stay empty. A fine-tuned model usually needs a shorter one; "
        "each option is measured and priced with its own.",
    )
    markdown.note(f"{count_tokens(text, now.model):,} units billed, with each text")
    return text


def ask_parameters(now: Parameters, run: RunSettings, key: str) -> Parameters:
    """The parameters as the reader has them now; one that can't be read leaves the saved one."""
    usual = "not sent" if run.temperature is None else f"{run.temperature:g}, as for all"
    heat, top, effort, longest = st.columns(4)
    given: dict[str, Any] = {
        "temperature": widgets.number(
            heat,
            "Temperature",
            now.temperature,
            f"{key}:temperature",
            min_value=0.0,
            max_value=2.0,
            step=0.1,
            placeholder=usual,
        ),
        "top_p": widgets.number(
            top,
            "top_p",
            now.top_p,
            f"{key}:top_p",
            min_value=0.01,
            max_value=1.0,
            step=0.05,
            placeholder="not sent",
        ),
        "reasoning_effort": effort.selectbox(
            "Reasoning effort",
            EFFORTS,
            index=EFFORTS.index(now.reasoning_effort) if now.reasoning_effort else None,
            placeholder="as the model does",
            key=f"{key}:effort",
        ),
        "max_output_tokens": widgets.number(
            longest,
            "Longest answer, units billed",
            now.max_output_tokens,
            f"{key}:longest",
            min_value=1,
            max_value=10**9,
            step=256,
            placeholder=f"{run.max_output_tokens:,}, as for all",
        ),
    }
    return Parameters.model_validate({**given, **_ask_written(now, key)})


def _ask_written(now: Parameters, key: str) -> dict[str, Any]:
    """The parameters that are written as JSON."""
    stops = st.text_input(
        "Stop at (up to four, as a JSON list)",
        value=json.dumps(list(now.stop), ensure_ascii=False) if now.stop else "",
        placeholder='["###"]',
        key=f"{key}:stop",
    )
    form = st.text_area(
        "Fixed form of the answer (JSON Schema)",
        value=_written(now.response_format),
        key=f"{key}:form",
        placeholder='{"type": "object", "properties": {"topic": {"type": "string"}}}',
        help="The model address is asked to enforce it: structured output. Try this before you tune "
        "for a form.",
    )
    extra = st.text_area(
        "Anything else to send (a JSON object)",
        value=_written(now.extra),
        height=68,
        key=f"{key}:extra",
        help="Passed on as it is, for a server that takes more.",
    )
    given: dict[str, Any] = {}
    for field, text, empty in (
        ("stop", stops, ()),
        ("response_format", form, None),
        ("extra", extra, {}),
    ):
        try:
            given[field] = json.loads(text) if text.strip() else empty
            Parameters.model_validate({field: given[field]})
        except (json.JSONDecodeError, ValidationError, RecursionError) as error:
            given[field] = getattr(now, field)
            st.error(f"{_NAMES[field]}: {_said(error)} Until then the last one is kept.")
    return given


_NAMES = {
    "stop": "Stop at",
    "response_format": "Fixed form of the answer",
    "extra": "Anything else to send",
}


def _written(given: dict[str, Any] | None) -> str:
    return json.dumps(given, indent=1, ensure_ascii=False) if given else ""


def _said(error: Exception) -> str:
    if isinstance(error, ValidationError):
        said = error.errors()[0]["msg"].removeprefix("Value error, ")
        return markdown.plain(f"{said[0].upper()}{said[1:]}".rstrip(".") + ".")
    if isinstance(error, json.JSONDecodeError):
        return f"this is not JSON (line {error.lineno}); check quotes and commas."
    return "this is nested too deeply; make it simpler."
