"""The demo's own identity providers, on loopback: one page to choose which invented person to be, no password.

A process of its own, started by the supervisor of the demo alone; the product sees it as any other provider.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import secrets
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from healthspace.demo import cast

CLIENT: Final = "healthspace-demo"
KINDS: Final = ("citizen", "professional")
LASTS: Final = 60.0
MOST_WAITING: Final = 1000
MOST_FORM: Final = 16_384
Answer = tuple[int, str, bytes]
ABSENT: Final[Answer] = (404, "text/plain", b"There is nothing here.\n")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody one can be here."""

    name: str
    claims: Mapping[str, Any]


@dataclass(slots=True)
class Town:
    """The two providers, and who is about to come back from them."""

    address: str
    secret: str
    sites: tuple[str, ...]
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"}))
    codes: dict[str, tuple[float, str, str, dict[str, str]]] = field(default_factory=dict)
    tokens: dict[str, tuple[float, str, str]] = field(default_factory=dict)

    def answer(self, kind: str, what: str, asked: dict[str, str], bearer: str) -> Answer:
        """One page or document of the provider of that kind."""
        if kind not in KINDS:
            return ABSENT
        if what == ".well-known/openid-configuration":
            return _document(self._metadata(kind))
        if what == "keys":
            return _document({"keys": [self.key.as_dict(private=False)]})
        if what == "authorize":
            return self._page(kind, asked)
        if what == "token":
            return self._token(kind, asked)
        return self._userinfo(kind, bearer) if what == "userinfo" else ABSENT

    def chosen(self, kind: str, asked: dict[str, str]) -> str:
        """Where the browser goes once somebody is chosen; empty when the request is not ours."""
        if kind not in KINDS or not self._is_ours(kind, asked) or asked.get("who") not in people(kind):
            return ""
        _forget(self.codes)
        code = secrets.token_urlsafe(24)
        self.codes[code] = (time.monotonic() + LASTS, kind, asked["who"], asked)
        back = {"code": code, "state": asked["state"], "iss": self._issuer(kind)}
        return f"{asked['redirect_uri']}?{urlencode(back)}"

    def _issuer(self, kind: str) -> str:
        return f"{self.address}/{kind}"

    def _metadata(self, kind: str) -> dict[str, Any]:
        issuer = self._issuer(kind)
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "userinfo_endpoint": f"{issuer}/userinfo",
            "jwks_uri": f"{issuer}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "authorization_response_iss_parameter_supported": True,
        }

    def _is_ours(self, kind: str, asked: dict[str, str]) -> bool:
        backs = {f"{site}/sign-in/with/{kind}/back/" for site in self.sites}
        has_all = all(asked.get(name) for name in ("state", "nonce", "code_challenge"))
        return has_all and asked.get("client_id") == CLIENT and asked.get("redirect_uri") in backs

    def _page(self, kind: str, asked: dict[str, str]) -> Answer:
        if not self._is_ours(kind, asked):
            return ABSENT
        links = "".join(
            f'<li><a href="choose?{html.escape(urlencode(asked | {"who": who}))}">{html.escape(person.name)}</a></li>'
            for who, person in people(kind).items()
        )
        return 200, "text/html; charset=utf-8", PAGE.replace("LINKS", links).encode()

    def _token(self, kind: str, form: dict[str, str]) -> Answer:
        until, of_kind, who, asked = self.codes.pop(form.get("code", ""), (0.0, "", "", {}))
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        is_right = (
            time.monotonic() < until
            and of_kind == kind
            and secrets.compare_digest(form.get("client_secret", "").encode(), self.secret.encode())
            and _url64(digest) == asked.get("code_challenge")
            and form.get("redirect_uri") == asked.get("redirect_uri")
        )
        if not is_right:
            return _document({"error": "invalid_grant"}, 400)
        _forget(self.tokens)
        access_token = secrets.token_urlsafe(24)
        self.tokens[access_token] = (time.monotonic() + LASTS, kind, who)
        claims = self._claims(kind, who) | {"nonce": asked["nonce"], "acr": "eidas2", "sid": secrets.token_hex(8)}
        claims["auth_time"] = claims["iat"]
        return _document({"access_token": access_token, "token_type": "Bearer", "id_token": self._signed(claims)})

    def _userinfo(self, kind: str, bearer: str) -> Answer:
        until, of_kind, who = self.tokens.get(bearer, (0.0, "", ""))
        if time.monotonic() >= until or of_kind != kind:
            return _document({"error": "invalid_token"}, 401)
        return 200, "application/jwt", self._signed({**self._claims(kind, who), **people(kind)[who].claims}).encode()

    def _claims(self, kind: str, who: str) -> dict[str, Any]:
        now = int(time.time())
        return {"iss": self._issuer(kind), "aud": CLIENT, "sub": who, "iat": now, "exp": now + int(LASTS)}

    def _signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.kid, "typ": "JWT"}, claims, self.key)


PAGE: Final = (
    '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Identité de démonstration</title>'
    '<meta name="viewport" content="width=device-width, initial-scale=1"></head><body><main>'
    "<h1>Qui êtes-vous aujourd’hui\u202f?</h1><p>Personnes inventées. Aucun mot de passe.</p>"
    "<ul>LINKS</ul></main></body></html>"
)


def people(kind: str) -> dict[str, Person]:
    """Who one can be: holders with an account, or every professional of the town."""
    if kind == "professional":
        return {
            key: Person(
                f"{maker.shown_name}, {maker.place.name}",
                {
                    "SubjectNameID": f"8{maker.rpps}",
                    "SubjectRefPro": {
                        "codeProfession": maker.profession,
                        "exercices": [{"activities": [{"companyFINESSSiteNumber": maker.place.finess}]}],
                    },
                },
            )
            for key, maker in cast.makers().items()
        }
    return {
        key: Person(
            one.subject.shown_name,
            {
                "family_name": one.subject.birth_name,
                "given_name": " ".join(one.subject.first_names),
                "birthdate": one.subject.born_on.isoformat(),
                "gender": "male" if one.subject.sex == "M" else "female",
                "birthplace": one.subject.birth_place_code,
                "birthcountry": "99100",
                "ins": {"matricule": one.subject.ins, "oid": one.subject.oid},
            },
        )
        for key, one in cast.villagers().items()
        if one.account
    }


def _url64(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _document(content: dict[str, Any], status: int = 200) -> Answer:
    return status, "application/json", json.dumps(content).encode()


def _forget(waiting: dict[str, Any]) -> None:
    """A demo that is left open does not grow."""
    while len(waiting) >= MOST_WAITING:
        waiting.pop(next(iter(waiting)))


def serve(town: Town, host: str, port: int) -> ThreadingHTTPServer:
    """The server of both providers, not running yet."""

    class Door(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            parts = urlsplit(self.path)
            _, kind, what = (*parts.path.split("/", 2), "", "")[:3]
            length = min(int(self.headers.get("Content-Length") or 0), MOST_FORM)
            text = self.rfile.read(length).decode("ascii", "replace") if length else parts.query
            asked = {name: values[0] for name, values in parse_qs(text).items()}
            if what == "choose" and (address := town.chosen(kind, asked)):
                self.send_response(303)
                self.send_header("Location", address)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
            status, media_type, body = town.answer(kind, what, asked, bearer)
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Content-Security-Policy", "default-src 'none'")
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815 - names of the library

        def log_message(self, *_: Any) -> None:
            """Say nothing: a line would name whom somebody chose to be."""

    server = ThreadingHTTPServer((host, port), Door)
    server.daemon_threads = True
    return server


def main(port: str, first: str, secret_file: str) -> None:
    """Serve until ended; `first` is the port of the pages."""
    sites = tuple(f"http://{name}:{first}" for name in ("localhost", "127.0.0.1"))
    town = Town(f"http://127.0.0.1:{port}", Path(secret_file).read_text(encoding="utf-8").strip(), sites)
    serve(town, "127.0.0.1", int(port)).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
