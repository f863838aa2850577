"""Feed: take newer editions of the facts in, from an address or a file, and keep the newest good one.

What is refused changes nothing, and is said in a sentence: on Prices and in the log.
"""

import logging
import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from advisor.host.settings import hosting
from advisor.llm.upkeep.fetch import fetch_content
from advisor.llm.upkeep.look import LATEST, FeedLook, keep_look, kept_folder
from advisor.report.method import load_method
from pricing.compared import Fetched
from pricing.editions import use_edition
from pricing.export import digest_in_use, newest_in_use, pointer_to
from pricing.taking import BadEdition, read_pointer, take_edition

_LOG = logging.getLogger(__name__)
_one_at_a_time = threading.Lock()


def open_kept() -> None:
    """Activate the edition kept on disk, if there is one and it is not older."""
    folder = kept_folder()
    if not (folder / LATEST).is_file():
        return
    try:
        pointer = read_pointer((folder / LATEST).read_bytes())
        _use((folder / pointer.file).read_bytes(), pointer.sha256)
    except (OSError, BadEdition) as error:
        _LOG.warning("the kept facts are not used: %s", error)


def look_for_newer() -> FeedLook:
    """Take the newest edition in from where the host says it is; what fails changes nothing."""
    return _look(lambda: _take_from(hosting().facts))


def take_file(content: bytes, name: str) -> FeedLook:
    """Take in one edition that a person brings, under the name that its export gave it."""
    return _look(lambda: _take(content, _digest_in(name)))


def _look(take: Callable[[], bool]) -> FeedLook:
    with _one_at_a_time:
        try:
            look = FeedLook(datetime.now(UTC), take())
        except BadEdition as error:
            look = FeedLook(datetime.now(UTC), taken=False, refused=str(error))
            _LOG.warning("newer facts are not taken in: %s", error)
        keep_look(look)
    return look


def _digest_in(name: str) -> str:
    """The digest in the name of a file; browsers add to it what they like."""
    found = re.search(r"[0-9a-f]{64}", name)
    if found is None:
        raise BadEdition("Bring the file under the name that the export gave it: 64 characters.")
    return found[0]


def _take_from(where: str) -> bool:
    """Whether a newer edition is in use now.

    Raises:
        BadEdition: nothing could be had there, or it is refused.
    """
    pointer = read_pointer(_content(_beside(where, LATEST)))
    if pointer.sha256 == digest_in_use():
        return False
    return _take(_content(_beside(where, pointer.file)), pointer.sha256)


def _take(content: bytes, digest: str) -> bool:
    if digest == digest_in_use():
        return False
    _use(content, digest)
    _keep(content, digest)
    _LOG.info("newer facts", extra={"sha256": digest})
    return True


def _use(content: bytes, digest: str) -> None:
    use_edition(take_edition(content, digest))
    load_method.cache_clear()  # its figures are filled in from the prices


def _keep(content: bytes, digest: str) -> None:
    """Cache the edition on disk; where that fails, the next start fetches it again."""
    folder = kept_folder()
    pointer = pointer_to(digest, newest_in_use())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, body in ((f"{digest}.json", content), (LATEST, pointer)):
            part = folder / f"{name}.{threading.get_ident()}.part"
            part.write_bytes(body)
            part.replace(folder / name)
        for old in folder.glob("*.json"):
            if old.name not in (LATEST, f"{digest}.json"):
                old.unlink(missing_ok=True)
    except OSError:
        _LOG.warning("newer facts can't be kept on disk", exc_info=True)


def _beside(where: str, name: str) -> str:
    """A file of the feed: `where` is its folder, or the latest.json in it."""
    return f"{where.removesuffix(LATEST).rstrip('/')}/{name}"


def _content(place: str) -> bytes:
    if not place.startswith(("http://", "https://")):
        try:
            return Path(place).expanduser().read_bytes()
        except OSError:
            raise BadEdition(f"There is no file {place} to read.") from None
    found = fetch_content(place)
    if isinstance(found, Fetched):
        raise BadEdition(_not_had(found))
    return found


def _not_had(found: Fetched) -> str:
    if found.why == "away":
        return found.detail or "Nobody answers at its address."
    if found.moved_to:
        return f"Its address leads to {found.moved_to}; put that in WORTH_TUNING_FACTS."
    if not found.whole:
        return "It broke off on the way."
    return f"Its server answered {found.status}."
