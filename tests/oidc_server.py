"""A small OpenID provider on this machine: discovery, code flow with PKCE, signed tokens, sign-out.

Whoever asks to sign in is taken for the user that `who` names; no password is asked for.
"""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "worth-tuning", "only-for-tests"


class Provider:
    """One issuer with one client."""

    def __init__(self) -> None:
        self.who: dict[str, str] = {"sub": "1", "name": "Anna", "email": "anna@example.com"}
        self.more: dict[str, str] | None = None
        """What it says of a user at a second address; None = it has no such address."""
        self.key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.codes: dict[str, dict[str, str]] = {}
        self.issuer = ""
        self.signed_out = 0
        self.spoil_signature = False
        self.prompts: tuple[str, ...] = ()
        """Values of `prompt` that it knows; a strict one refuses others."""

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/end",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            **({} if self.more is None else {"userinfo_endpoint": f"{self.issuer}/me"}),
        }

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        """What a code is worth, once, to the client that asked for it."""
        asked = self.codes.pop(form["code"])
        challenge = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(challenge).rstrip(b"=").decode() == asked["code_challenge"]
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "iat": now,
            "exp": now + 600,
            "nonce": asked["nonce"],
            **self.who,
        }
        key = RSAKey.generate_key(2048, {"kid": "one"}) if self.spoil_signature else self.key
        signed = jwt.encode({"alg": "RS256", "kid": "one"}, claims, key)
        return {"access_token": secrets.token_hex(8), "token_type": "Bearer", "id_token": signed}


@contextmanager
def provider(host: str = "localhost") -> Iterator[Provider]:
    """Serve one on a free port of this address of the machine."""
    found = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            if address.path == "/.well-known/openid-configuration":
                self._json(found.metadata())
            elif address.path == "/jwks":
                self._json({"keys": [found.key.as_dict(private=False)]})
            elif address.path == "/authorize":
                assert asked["client_id"] == CLIENT
                if asked.get("prompt", "login") not in ("login", "none", *found.prompts):
                    said = {"error": "invalid_request", "error_description": "unsupported prompt"}
                    self._to(asked["redirect_uri"], said | {"state": asked["state"]})
                    return
                code = secrets.token_hex(8)
                found.codes[code] = asked
                self._to(asked["redirect_uri"], {"code": code, "state": asked["state"]})
            elif address.path == "/me":
                assert self.headers["Authorization"].startswith("Bearer ")
                self._json(found.more)
            elif address.path == "/favicon.ico":
                self.send_response(204)
                self.end_headers()
            elif address.path == "/end":
                found.signed_out += 1
                back = asked.get("post_logout_redirect_uri", "")
                if back:  # a strict one, that was told of no such address
                    self.send_error(400, "post_logout_redirect_uri is not registered")
                else:
                    self._json({"signed_out": True})
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            basic = base64.b64decode(self.headers["Authorization"].partition(" ")[2]).decode()
            assert basic == f"{CLIENT}:{SECRET}"
            self._json(found.token({name: values[0] for name, values in parse_qs(sent).items()}))

        def _json(self, value: Any) -> None:
            body = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _to(self, address: str, query: dict[str, str]) -> None:
            self.send_response(302)
            self.send_header("Location", f"{address}?{urlencode(query)}" if query else address)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer((host, 0), Handler)
    found.issuer = f"http://{host}:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
