"""A small HTTP proxy that speaks CONNECT, as a company has one at the edge of its network."""

import contextlib
import socket
import threading
from collections.abc import Iterator


class EgressProxy:
    """Notes what it is asked for; whatever that is, it leads to `to`."""

    def __init__(self, to: int) -> None:
        self.asked: list[str] = []
        """The first line of each request, and what it says of who asks."""
        self.refuses = False
        self._to = to

    @contextlib.contextmanager
    def running(self) -> Iterator[str]:
        """Serve; gives its `host:port`."""
        with socket.create_server(("127.0.0.1", 0)) as door:
            threading.Thread(target=self._welcome, args=(door,), daemon=True).start()
            yield f"127.0.0.1:{door.getsockname()[1]}"

    def _welcome(self, door: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                here, _ = door.accept()
                threading.Thread(target=self._serve, args=(here,), daemon=True).start()

    def _serve(self, here: socket.socket) -> None:
        with here, contextlib.suppress(OSError):
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                head += here.recv(1)
            lines = head.decode().split("\r\n")
            self.asked += [lines[0], *(one for one in lines if one.startswith("Proxy-"))]
            if self.refuses:
                here.sendall(b"HTTP/1.1 403 Forbidden\r\n\r\n")
                return
            with socket.create_connection(("127.0.0.1", self._to)) as there:
                here.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=_pass_on, args=(there, here), daemon=True)
                back.start()
                _pass_on(here, there)
                back.join(5)


def _pass_on(read: socket.socket, written: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while piece := read.recv(65536):
            written.sendall(piece)
    with contextlib.suppress(OSError):
        written.shutdown(socket.SHUT_RDWR)
