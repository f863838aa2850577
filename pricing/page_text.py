"""Page text: the visible words of a page on one line, whatever its markup."""

import re
from html.parser import HTMLParser

_UNSEEN = ("script", "style", "noscript", "template", "svg", "head")
_MARKS = re.compile(r"</?\w[^>]*>|\^\d\^|[¹²³|`*\\]+|(?<!\S)[-:]{2,}(?!\S)|\]\([^)]*\)|\[")
"""What Markdown draws tables, stress and links with."""


def page_text(body: str, html: bool) -> str:
    """The words of a page in HTML, Markdown or plain text, a blank between each two."""
    if html:
        reader = _Seen()
        reader.feed(body)
        reader.close()
        body = " ".join(reader.pieces)
    return " ".join(_MARKS.sub(" ", body).split())


def is_drawn_by_script(body: str, text: str) -> bool:
    """Whether an HTML page has almost no words of its own, and a script that fetches them."""
    return "<script" in body.lower() and len(text) < 400


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._inside.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.pieces.append(data)
