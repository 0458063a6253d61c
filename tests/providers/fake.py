"""A small identity provider on loopback that can be told to lie: each fault of a token, once."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from healthspace.common import clock
from healthspace.people.rules.providers import Provider

CLIENT, SECRET, ACR = "healthspace-test", "a secret of the tests", "eidas2"
RSA = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec-1", "use": "sig"})
STRANGER = RSAKey.generate_key(2048, {"kid": "rsa-1", "use": "sig"})
Change = Callable[[dict[str, Any]], None]


def nothing(_: dict[str, Any]) -> None:
    """Leave it as it is."""


@dataclass(slots=True)
class Fake:
    """The provider: what it says of the person, and how it lies."""

    issuer: str
    subject: str = "subject-1"
    person: dict[str, Any] = field(default_factory=dict)
    sid: str = "sid-1"
    metadata: Change = nothing
    claims: Change = nothing
    header: Change = nothing
    userinfo: Change = nothing
    tokens: Change = nothing
    sign: Callable[[dict[str, Any], dict[str, Any]], str] | None = None
    keys: list[dict[str, Any]] = field(default_factory=lambda: [RSA.as_dict(private=False), EC.as_dict(private=False)])
    signs_userinfo: bool = True
    delay: float = 0
    raw: Callable[[BaseHTTPRequestHandler], bool] | None = None
    asked: dict[str, str] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)
    calls: list[str] = field(default_factory=list)

    def authorize(self, address: str) -> dict[str, str]:
        """What the browser would bring back from that address, somebody having signed in."""
        self.asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        return {"state": self.asked["state"], "code": f"code-{self.asked['state'][:8]}", "iss": self.issuer}

    def signed(self, claims: dict[str, Any], header: dict[str, Any]) -> str:
        """A token by this provider's key, unless it was told to sign otherwise."""
        if self.sign:
            return self.sign(header, claims)
        return jwt.encode(header, claims, {"rsa-1": RSA, "ec-1": EC}[header["kid"]], algorithms=[header["alg"]])

    def id_token(self, access_token: str) -> str:
        """The ID token, with the fault asked for."""
        now = int(clock.now().timestamp())
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        claims = {
            "iss": self.issuer, "sub": self.subject, "aud": CLIENT, "iat": now, "exp": now + 60, "acr": ACR,
            "nonce": self.asked.get("nonce", ""), "sid": self.sid, "auth_time": now,
            "at_hash": base64.urlsafe_b64encode(half).decode().rstrip("="),
        }  # fmt: skip
        header = {"alg": "RS256", "kid": "rsa-1", "typ": "JWT"}
        self.claims(claims)
        self.header(header)
        return self.signed(claims, header)

    def logout_token(self, change: Change = nothing, header: Change = nothing) -> str:
        """A token that ends the session of this provider's person."""
        now = int(clock.now().timestamp())
        claims: dict[str, Any] = {
            "iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "jti": "jti-1", "sub": self.subject,
            "sid": self.sid, "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        }  # fmt: skip
        change(claims)
        top = {"alg": "RS256", "kid": "rsa-1", "typ": "logout+jwt"}
        header(top)
        return self.signed(claims, top)

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, str, bytes]:
        """Status, media type and body of one call."""
        self.calls.append(path)
        time.sleep(self.delay)
        if path == "/.well-known/openid-configuration":
            found = {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "jwks_uri": f"{self.issuer}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                "authorization_response_iss_parameter_supported": True,
            }
            self.metadata(found)
            return 200, "application/json", json.dumps(found).encode()
        if path == "/keys":
            return 200, "application/json", json.dumps({"keys": self.keys}).encode()
        if path == "/token":
            return self._token(form)
        return self._userinfo()

    def _token(self, form: dict[str, str]) -> tuple[int, str, bytes]:
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        is_right = base64.urlsafe_b64encode(digest).decode().rstrip("=") == self.asked.get("code_challenge")
        is_ours = (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        code = form.get("code", "")
        if not (is_right and is_ours and code.startswith("code-")) or code in self.spent:
            return 400, "application/json", b'{"error": "invalid_grant"}'
        self.spent.add(code)
        tokens = {"access_token": "at-1", "token_type": "Bearer", "id_token": self.id_token("at-1")}
        self.tokens(tokens)
        return 200, "application/json", json.dumps(tokens).encode()

    def _userinfo(self) -> tuple[int, str, bytes]:
        now = int(clock.now().timestamp())
        claims = {"iss": self.issuer, "aud": CLIENT, "exp": now + 60, "sub": self.subject, **self.person}
        self.userinfo(claims)
        if self.signs_userinfo:
            token = jwt.encode({"alg": "ES256", "kid": "ec-1"}, claims, EC, algorithms=["ES256"])
            return 200, "application/jwt", token.encode()
        return 200, "application/json", json.dumps(claims).encode()


@contextmanager
def running() -> Iterator[Fake]:
    """The provider on a free port of loopback, for as long as the test takes."""
    fake = Fake("")

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            if fake.raw and fake.raw(self):
                return
            length = int(self.headers.get("Content-Length") or 0)
            form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
            status, media_type, body = fake.answer(urlsplit(self.path).path, form)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815 - names of the library

        def log_message(self, *_: Any) -> None:
            """Say nothing on the screen."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    fake.issuer = f"http://127.0.0.1:{server.server_port}"
    yield fake
    server.shutdown()
    server.server_close()


def settings_of(fake: Fake, kind: str, **changed: Any) -> dict[str, Any]:
    """What an operator would set for this provider."""
    given = {
        "name": "Invented Connect",
        "issuer": fake.issuer,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "scopes": ("openid",),
        "acrs": (ACR, "eidas3"),
        "algorithms": ("RS256", "ES256"),
        "is_userinfo_signed": kind == "citizen",
    }
    return given | changed


def provider_of(fake: Fake, kind: str = "citizen", **changed: Any) -> Provider:
    """The provider as the adapter takes it."""
    return Provider(kind=kind, **settings_of(fake, kind, **changed))  # type: ignore[arg-type]
