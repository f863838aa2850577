"""A reader at the pages: opens them, answers, clicks, and reads what stands there."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Self

from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest, app_test, local_script_runner
from streamlit.testing.v1.element_tree import Block
from streamlit.util import calc_hash

from advisor.case.run_spec import spec_of
from advisor.runs import inline
from pages.ui import session

# A session of AppTest reads the metadata of every installed package, in search of components:
# four fifths of what a test of a page took. They are the same for all sessions of a process.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

# It compiles every script anew at each run; all sessions of a server share what is compiled.
app_test.ScriptCache = local_script_runner.ScriptCache = cache(app_test.ScriptCache)

# It looks every millisecond whether the script has ended, and takes the interpreter from it to do so.
look = local_script_runner.require_widgets_deltas


def wait_and_look(runner: Any, timeout: float) -> None:
    """Wait for the script's thread to end; complain where it did not, as before."""
    runner._script_thread.join(timeout)
    look(runner, 0.1)


local_script_runner.require_widgets_deltas = wait_and_look

APP = Path(__file__).parents[2] / "app.py"

STEPS = ("start", "use_case", "texts", "options", "compare", "costs", "verdict")
LIBRARY = tuple(sorted(page.stem for page in (APP.parent / "pages/library").glob("[a-z]*.py")))
PAGES = {name: f"pages/steps/{name}.py" for name in STEPS} | {
    name: f"pages/library/{name}.py" for name in LIBRARY
}

BAR = 3
"""Where a page's elements are kept that stand at the foot of the window."""

FOLDS = ("page", "pictures", "analyst", "quotes", "ground", "costs", "results")

WORDED = (
    "title",
    "header",
    "subheader",
    "markdown",
    "caption",
    "info",
    "warning",
    "error",
    "success",
)
"""Elements whose text is Markdown."""


class Reader:
    """One session. A second one with the same case id is the same reader after a reload."""

    def __init__(
        self, page: str = "start", case_id: str | None = None, user: dict[str, Any] | None = None
    ) -> None:
        self.at = AppTest.from_file(APP, default_timeout=60)
        self.at.user = dict(user or {})
        if case_id is not None:
            self.at.query_params["case"] = case_id
        self.at.run()
        self.page = "start"
        if page != "start":
            self.go(page)

    @classmethod
    def at_address(cls, path: str, case_id: str) -> Self:
        """A session whose first page is the one at this path, which may be none of `PAGES`."""
        reader = cls.__new__(cls)
        reader.at, reader.page = AppTest.from_file(APP, default_timeout=60), path
        reader.at.query_params["case"] = case_id
        reader.at._page_hash = calc_hash(path)
        reader.at.run()
        return reader

    def go(self, page: str) -> Self:
        """Open a page by the navigation."""
        self.page = page
        self.at.switch_page(PAGES[page])
        if page == "verdict":
            unfold(self.at)
        if page == "costs":
            for fold in ("prices", "people", "offers"):
                self.at.session_state[f"fold:{fold}"] = True
        if page == "options" and "case" in self.at.query_params:
            for option in self.case.arms:
                self.at.session_state[f"change:{option}"] = True
        self.at.run()
        return self

    def click(self, label: str, then: str | None = None) -> Self:
        """Click a button; `then` is the page it leads to."""
        self.button(label).click().run()
        if then is not None:
            # AppTest asks for the page it was last sent to, not for the one the app went to.
            title = self.at.title[0].value
            self.go(then)
            assert self.at.title[0].value == title, f"{label} leads to {title}, not to {then}"
        return self

    def button(self, label: str) -> Any:
        return self._one(self.at.button, label)

    def pick(self, label: str, value: Any) -> Self:
        """Answer a question with pills or segments."""
        self.turn_to("button_group", label)
        self._one(self.at.button_group, label).set_value(value).run()
        return self

    def fill(self, kind: str, label: str, value: Any, nth: int = 0) -> Self:
        """Fill in a field."""
        self.field(kind, label, nth).set_value(value).run()
        return self

    def field(self, kind: str, label: str, nth: int = 0) -> Any:
        self.turn_to(kind, label)
        found = [field for field in getattr(self.at, kind) if asked(field.label) == label]
        assert len(found) > nth, f"{label} is not among {[f.label for f in getattr(self.at, kind)]}"
        return found[nth]

    def turn_to(self, kind: str, label: str) -> Self:
        """Of the three screens of questions the one with this label; else stays where it is."""
        if self.page != "use_case":
            return self
        here = [asked(widget.label) for widget in getattr(self.at, kind)]
        for way in ("Continue", "Continue", "Back", "Back"):
            if label in here:
                break
            buttons = [b for b in self.at.button if unescaped(b.label) == way]
            if buttons:
                buttons[0].click().run()
                here = [asked(widget.label) for widget in getattr(self.at, kind)]
        return self

    def upload(self, name: str, content: bytes) -> Self:
        """Choose a file, and ask for it to be used where it can be."""
        self.at.segmented_control[0].set_value("File").run()
        self.at.file_uploader[0].upload(name, content).run()
        if any("Use this file" in button.label for button in self.at.button):
            return self.click("Use this file")
        return self

    def paste(self, text: str) -> Self:
        self.at.segmented_control[0].set_value("Paste").run()
        self.at.text_area[0].set_value(text).run()
        return self.click("Use these texts")

    def compete(self, *kinds: str) -> Self:
        """On Options: add an option of each kind, to be filled in."""
        words = {"base": "A base model at your own address", "tuned": "A fine-tuned model"}
        for kind in kinds:
            self.click(words[kind])
        return self

    def act(self, option: str, what: str) -> Self:
        """On Options: choose something from the menu of one option."""
        self.at.menu_button(f"act:{option}").click(what).run()
        return self

    def change(self, option: str) -> Self:
        """On Options: open the form of one option, or close it."""
        self.at.button(f"change_button:{option}").click().run()
        return self

    def replay(self) -> Self:
        """Start the comparison and wait until all answers are in."""
        self.click("Replay the recorded answers")
        run = session.store().find_run(spec_of(self.case).spec_hash, self.case_id)
        assert run is not None
        inline.wait(run.id, 60)
        self.at.run()
        return self

    def finish(self) -> Self:
        """Wait until the run that was started last has ended."""
        run = session.store().latest_run(self.case_id)
        assert run is not None
        inline.wait(run.id, 30)
        self.at.run()
        return self

    @property
    def case_id(self) -> str:
        """The open case, as the address has it."""
        return str(self.at.query_params["case"])

    @property
    def case(self) -> Any:
        """The open case, as the store has it."""
        return session.store().load_case(self.case_id)

    @property
    def errors(self) -> list[str]:
        return [unescaped(str(error.value)) for error in self.at.error]

    @property
    def says(self) -> str:
        """Every text of the page, frame line and the bar at its foot included: one element a line."""
        return said(self.at)

    @property
    def charts(self) -> list[str]:
        """What each chart of the page says to who does not see it."""
        return [chart.proto.alt for chart in self.at.get("plotly_chart")]

    @property
    def dialog(self) -> str:
        """Every text of the dialog that stands over the page; "" = there is none."""
        blocks = self.at._tree.children.values()
        return "\n".join(text for block in blocks if block.type == "event" for text in texts(block))

    def _one(self, widgets: Any, label: str) -> Any:
        found = [widget for widget in widgets if asked(widget.label) == label]
        assert len(found) == 1, f"{label!r} is not once among {[w.label for w in widgets]}"
        return found[0]


def unfold(at: AppTest) -> None:
    """Open what a report keeps folded and draws for who opens it; stays so until another page."""
    for name in FOLDS:
        at.session_state[f"fold:{name}"] = True


def said(at: AppTest) -> str:
    """What stands on the page and in the bar at its foot."""
    blocks = at._tree.children
    shown = [at.main, *([blocks[BAR]] if BAR in blocks else [])]
    return "\n".join(text for block in shown for text in texts(block))


def texts(node: Any) -> Iterator[str]:
    """The texts under a node, in the order of the page."""
    if isinstance(node, Block):
        for child in node.children.values():
            yield from texts(child)
    elif node.type in ("text", "code"):
        yield str(node.value)
    elif node.type == "metric":
        yield f"{node.label}: {node.value}"
    elif node.type in ("markdown", "heading", *WORDED) or node.type == "alert":
        yield unescaped(str(node.value))


def asked(label: str) -> str:
    """A label as it is read, without the number of its question."""
    return re.sub(r"^\d+[a-z]? · ", "", unescaped(label))


def unescaped(text: str) -> str:
    """Markdown as it is read: what was escaped stands as itself, a colour is not seen."""
    kept = re.sub(r"(?<!\\):[a-z]+(?:-badge)?\[((?:\\.|[^\]\\])*)\]", r"\1", text)
    plain = re.sub(r"\\([\\`*_{}\[\]()#+\-.!|<>~$:^=&])", r"\1", kept)
    return plain.replace("\u2060", "")  # stands in an address, so that it is no link
