"""Logs of requests to models with their replies: OpenAI's stored completions (API of openai-python
3.3.1), requests of a batch, Helicone (export 1.0.0), and what other proxies write in that shape."""

from typing import Any

from advisor.case.reading.exports.flat import FlatRow, dig, flat_table
from advisor.case.reading.messages import is_conversation, parsed
from advisor.case.reading.table import Table, TableRow

_REQUESTS = ("request_body", "requestBody", "request", "body", "input_body")
_REPLIES = ("response_body", "responseBody", "response", "completion", "output")
_TOOLS = {
    "request_body": "Helicone requests",
    "custom_id": "requests of a batch",
    "choices": "OpenAI stored completions",
}


def chat_log(table: Table) -> Table | None:
    """A log as a table of conversations with what each model said; None = it is another file."""
    if not {*_REQUESTS, "choices"} & set(table.columns):
        return None
    found = []
    for row in table.rows:
        made = _row(row)
        if made is None:
            return None
        found.append(made)
    tool = next((tool for key, tool in _TOOLS.items() if key in table.columns), "log of requests")
    return flat_table(tool, table.container, table.place, found, table.remarks)


def _row(row: TableRow) -> FlatRow | None:
    """A request with its reply; None = it is no such row."""
    whole = row.values
    reply = _reply(whole)
    request = next(
        (one for key in _REQUESTS if isinstance(one := parsed(whole.get(key)), dict)), None
    )
    if reply is None and request is None:
        return None
    asked = _asked(whole, request)
    if asked is None:
        return None
    values: dict[str, Any] = {"messages": asked}
    for name in ("id", "request_id", "custom_id"):
        if isinstance(whole.get(name), str | int):
            values.setdefault("id", whole[name])
    tools = (request or {}).get("tools") or whole.get("tools")
    if tools:
        values["tools"] = tools
    said = _said(reply)
    model = dig(reply, "model") or (request or {}).get("model") or whole.get("model") or "the model"
    return FlatRow(row.at, values, {str(model)[:100]: said} if said else {})


def _asked(whole: dict[str, Any], request: dict[str, Any] | None) -> list[Any] | None:
    """The messages that were sent."""
    for holder in (request, whole):
        for key in ("messages", "input"):
            found = parsed(holder.get(key)) if holder else None
            if isinstance(found, str) and holder is request:
                return [{"role": "user", "content": found}]
            if isinstance(found, dict) and is_conversation(found.get("data")):
                found = found["data"]  # a page of messages, as the API lists them
            if is_conversation(found):
                return found  # type: ignore[return-value]
    return None


def _reply(whole: dict[str, Any]) -> dict[str, Any] | None:
    """The reply, in an envelope or not."""
    if isinstance(whole.get("choices"), list):
        return whole
    for key in _REPLIES:
        found = parsed(whole.get(key))
        if isinstance(found, dict) and isinstance(found.get("body"), dict):
            found = found["body"]
        if isinstance(found, dict) and isinstance(found.get("choices"), list):
            return found
    return None


def _said(reply: dict[str, Any] | None) -> Any:
    """What the model said: words, or the calls it made."""
    message = dig(reply, "choices", 0, "message")
    if not isinstance(message, dict):
        return None
    return message.get("content") or message.get("tool_calls")
