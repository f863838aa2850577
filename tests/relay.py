"""A way to a Postgres that can be cut: the server stays, for whoever asks here it is gone."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit


class Relay:
    """Listens at a port of its own and hands on what comes; see `away`."""

    def __init__(self, url: str) -> None:
        """Stand before the server of this URL, which has a socket in a folder or a port."""
        parts = urlsplit(url)
        folder = parse_qs(parts.query).get("host", [""])[0]
        port = parts.port or 5432
        self._there = f"{folder}/.s.PGSQL.{port}" if folder else (parts.hostname or "", port)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._away = False
        self._flows = threading.Event()
        self._flows.set()
        self._door = socket.create_server(("127.0.0.1", 0), backlog=100)
        user = parts.username or "postgres"
        secret = f":{parts.password}" if parts.password else ""
        at = f"127.0.0.1:{self._door.getsockname()[1]}"
        self.url = f"postgresql://{user}{secret}@{at}{parts.path}"

    @contextlib.contextmanager
    def running(self) -> Iterator["Relay"]:
        threading.Thread(target=self._welcome, daemon=True).start()
        try:
            yield self
        finally:
            self._door.close()
            self.go_on()
            self.go_away()

    def go_away(self) -> None:
        """Cut what is open, and whoever comes now."""
        with self._lock:
            self._away = True
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def hang(self) -> None:
        """Hand nothing on, and cut nothing: as a server that is stopped, or a disk that waits."""
        self._flows.clear()

    def go_on(self) -> None:
        self._flows.set()

    def come_back(self) -> None:
        with self._lock:
            self._away = False

    def _welcome(self) -> None:
        with contextlib.suppress(OSError):  # the door was closed
            while True:
                here, _ = self._door.accept()
                threading.Thread(target=self._between, args=(here,), daemon=True).start()

    def _between(self, here: socket.socket) -> None:
        kind = socket.AF_UNIX if isinstance(self._there, str) else socket.AF_INET
        with here, socket.socket(kind) as there, contextlib.suppress(OSError):
            with self._lock:
                if self._away:
                    return
                there.connect(self._there)
                pair = {here, there}
                self._open |= pair
            back = threading.Thread(target=self._pass_on, args=(there, here), daemon=True)
            back.start()
            self._pass_on(here, there)
            back.join()
            with self._lock:
                self._open -= pair

    def _pass_on(self, read: socket.socket, written: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := read.recv(65536):
                self._flows.wait()
                written.sendall(piece)
        with contextlib.suppress(OSError):
            written.shutdown(socket.SHUT_RDWR)
