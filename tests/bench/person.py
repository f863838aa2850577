"""One person at the pages without a browser: the app's own websocket, and its own messages."""

import asyncio
import time
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

WHOLE, FRAGMENT = (
    ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY,
    ForwardMsg.ScriptFinishedStatus.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
)
EARLY = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN


@dataclass
class Person:
    """A session; what it has seen last stands in its fields."""

    url: str
    took_ms: list[float] = field(default_factory=list)
    """From sending a click to the end of what it set off."""
    came_ms: list[float] = field(default_factory=list)
    """The same, of the clicks before."""
    errors: list[str] = field(default_factory=list)
    buttons: dict[str, str] = field(default_factory=dict)
    """Label: id, of the page as it was drawn last."""
    says: list[str] = field(default_factory=list)
    toasts: list[str] = field(default_factory=list)
    """All that were shown."""
    timers: dict[str, float] = field(default_factory=dict)
    """Fragments that ask to be drawn again: seconds between."""
    pages: dict[str, str] = field(default_factory=dict)
    query: str = ""
    page: str = ""

    async def arrive(self, query: str = "", page: str = "", button: str = "") -> None:
        """Open the app.

        Args:
            query: behind the `?`.
            page: the last part of its address.
            button: id of one that is clicked at once, as on a page that lost its server.
        """
        address = self.url.replace("http", "ws") + "/_stcore/stream"
        self._socket: ClientConnection = await connect(
            address, subprotocols=["streamlit"], origin=self.url, max_size=None, open_timeout=60
        )
        self.query = query
        await self._ask(name=page, button=button, counted=False)

    async def leave(self) -> None:
        """Close the tab."""
        await self._socket.close()

    async def go(self, page: str) -> None:
        """Open a page by the navigation."""
        self.page = self.pages[page]
        await self._ask()

    async def click(self, label: str) -> None:
        """Click a button of the page."""
        found = [id_ for words, id_ in self.buttons.items() if label in words]
        assert found, f"{label!r} is not among {list(self.buttons)}; it says {self.says[:9]}"
        await self._ask(button=found[0])

    async def wait(self, seconds: float) -> None:
        """Sit there; what asks to be drawn again is, as a browser would."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            await asyncio.sleep(min(left, *self.timers.values()) if self.timers else left)
            for fragment in list(self.timers):
                if fragment in self.timers:
                    await self._ask(fragment=fragment)

    async def _ask(
        self, *, button: str = "", fragment: str = "", name: str = "", counted: bool = True
    ) -> None:
        message = BackMsg()
        state = message.rerun_script
        state.query_string = self.query
        state.page_script_hash = self.page
        state.page_name = name
        state.fragment_id = fragment
        state.is_auto_rerun = bool(fragment)
        state.context_info.timezone = "UTC"
        state.context_info.url = f"{self.url}/{name}"
        if button:
            widget = state.widget_states.widgets.add()
            widget.id, widget.trigger_value = button, True
        self._part = bool(fragment)
        began = time.perf_counter()
        await self._socket.send(message.SerializeToString())
        await self._hear_out()
        if counted:
            self.took_ms.append((time.perf_counter() - began) * 1000)

    async def _hear_out(self) -> None:
        """Take messages in until the script has run to its end."""
        while True:
            heard = ForwardMsg()
            heard.ParseFromString(await asyncio.wait_for(self._socket.recv(decode=False), 60))
            self._take(heard)
            if heard.WhichOneof("type") == "script_finished":
                if heard.script_finished in (WHOLE, FRAGMENT):
                    return
                self._part = False  # what follows is the whole page
                if heard.script_finished != EARLY:
                    self.errors.append("the script could not be compiled")
                    return

    def _take(self, heard: ForwardMsg) -> None:
        kind = heard.WhichOneof("type")
        if kind == "new_session" and not self._part:
            self.page = heard.new_session.page_script_hash
            self.buttons, self.says, self.timers = {}, [], {}
        elif kind == "navigation":
            self.page = heard.navigation.page_script_hash
            self.pages = {
                page.url_pathname: page.page_script_hash for page in heard.navigation.app_pages
            }
        elif kind == "page_info_changed":
            self.query = heard.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.timers[heard.auto_rerun.fragment_id] = heard.auto_rerun.interval
        elif kind == "stop_auto_rerun":
            self.timers.clear()
        elif kind == "delta" and heard.delta.WhichOneof("type") == "new_element":
            self._see(heard)

    def _see(self, heard: ForwardMsg) -> None:
        element = heard.delta.new_element
        what = element.WhichOneof("type")
        if what == "button":
            self.buttons[element.button.label] = element.button.id
        elif what == "markdown":
            self.says.append(element.markdown.body)
        elif what == "toast":
            self.toasts.append(element.toast.body)
        elif what == "exception":
            self.errors.append(f"{element.exception.type}: {element.exception.message}")
        elif what == "alert" and element.alert.icon == ":material/error:":
            self.errors.append(element.alert.body)
