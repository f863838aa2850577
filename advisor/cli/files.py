"""Files that a command line names: read, written, and refused in a sentence."""

import os
from pathlib import Path

from advisor.errors import AdvisorError


def read_file(path: Path) -> bytes:
    """What a file holds.

    Raises:
        AdvisorError: it can't be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise AdvisorError(f"{path} can't be read ({error.strerror}); check its name.") from error


def write_file(path: Path, content: bytes) -> None:
    """Write a file, over one that is there.

    Raises:
        AdvisorError: it can't be written.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise AdvisorError(
            f"{path} can't be written ({error.strerror}); name another file."
        ) from error


def check_writable(*paths: Path | None) -> None:
    """Refuse before anything is bought or written; None and `-` are no files.

    Raises:
        AdvisorError: names the first path that can't be written.
    """
    for path in paths:
        if path is None or path == Path("-"):
            continue
        folder = path.parent
        if path.is_dir() or not folder.is_dir() or not os.access(folder, os.W_OK):
            raise AdvisorError(f"{path} can't be written; name a file in a folder that exists.")
