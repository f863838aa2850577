"""Addresses as people paste them: what stands too much at their end, and what may be missing."""

import re
from urllib.parse import urlsplit, urlunsplit

_PASTED = re.compile(
    r"/(?:chat/completions|completions|responses|messages|embeddings|models)/*$", re.I
)
_DEPLOYMENT = re.compile(r"/openai/deployments/[^/]+$", re.I)


def mended(address: str) -> str:
    """The address without the path of a single call, which we add ourselves.

    "https://host/v1/chat/completions" is "https://host/v1"; the address of one deployment at Azure
    is that of all of them, as the model names the deployment.
    """
    parts = urlsplit(address)
    path = _PASTED.sub("", parts.path.rstrip("/"))
    query = parts.query
    if _DEPLOYMENT.search(path) and ".azure." in (parts.hostname or ""):
        path, query = _DEPLOYMENT.sub("/openai/v1", path), ""
    if path == parts.path.rstrip("/"):
        return address
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def path_ends(address: str) -> list[str]:
    """What an address may lack, the likeliest first; none where it names a version already."""
    path = urlsplit(address).path.rstrip("/")
    ends = ["/openai/v1", "/v1"] if ".azure." in address else ["/v1", "/openai/v1"]
    return [] if re.search(r"/v\d\w*$", path) else ends
