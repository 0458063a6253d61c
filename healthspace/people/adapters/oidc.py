"""An identity provider by OpenID Connect: authorization code with PKCE, every answer checked before it is believed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import requests
from authlib.integrations.requests_client import OAuth2Session, OAuthError
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, RSAKey

from healthspace.common import clock
from healthspace.people.adapters import one_host, signed
from healthspace.people.rules import providers as rules
from healthspace.people.rules.providers import Claims, Provider, ProviderAway, ProviderRefused

FRESH_FOR: Final = timedelta(hours=1)
LOOK_AGAIN_AFTER: Final = timedelta(minutes=1)
AWAY_FOR: Final = timedelta(seconds=10)
MOST_KEYS: Final = 20
PATH: Final = "/.well-known/openid-configuration"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What a finished sign-in proved: claims of the ID token, with those of the userinfo beside them."""

    id_token: Claims
    person: Claims


@dataclass(slots=True)
class _Known:
    metadata: Json
    keys: list[Json]
    since: datetime
    keys_since: datetime


class Client:
    """One provider, its addresses and keys remembered for an hour; for several threads.

    ProviderAway when it does not answer, and then for 10 s without asking again; ProviderRefused when what it says
    does not hold.
    """

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._known: _Known | None = None
        self._away_until: datetime | None = None

    def address(self, *, state: str, nonce: str, verifier: str, back: str, is_fresh: bool = False) -> str:
        """Where the browser goes to sign in; `is_fresh`: the person is asked again, whatever session is there."""
        endpoint = self._endpoint("authorization_endpoint", is_for_browsers=True)
        span = 0 if is_fresh else int(rules.LONGEST_SIGNED_IN.total_seconds())
        again = {"prompt": "login"} if is_fresh else {}
        with self._session(back) as session:
            address, _ = session.create_authorization_url(
                endpoint,
                state=state,
                code_verifier=verifier,
                nonce=nonce,
                acr_values=self.provider.acrs[0],
                max_age=span,
                **again,
            )
        return str(address)

    @property
    def names_itself(self) -> bool:
        """Whether its answers must carry `iss` (RFC 9207)."""
        return self._metadata().get("authorization_response_iss_parameter_supported") is True

    def finish(self, *, code: str, nonce: str, verifier: str, back: str) -> Told:
        """The code becomes tokens, the tokens become claims; anything less than perfect is refused."""
        token_endpoint, userinfo_endpoint = self._endpoint("token_endpoint"), self._endpoint("userinfo_endpoint")
        with self._session(back) as session:
            with self._calling():
                tokens = _tokens(session, token_endpoint, code=code, verifier=verifier)
            access_token = tokens["access_token"]
            claims = self._id_token(tokens["id_token"], nonce=nonce, access_token=access_token)
            with self._calling():
                session.token = {"access_token": access_token, "token_type": "Bearer"}
                answer = session.get(userinfo_endpoint, headers={"Accept": "application/json, application/jwt"})
        return Told(claims, self._userinfo(answer, str(claims["sub"])))

    def logout_claims(self, token: str) -> Claims:
        """The claims of a logout token that this provider signed for us."""
        claims = self._verified(token, types={"JWT", "LOGOUT+JWT", ""})
        fault = rules.logout_fault(claims, provider=self.provider, at=clock.now())
        if fault:
            raise ProviderRefused(f"logout-{fault}")
        return claims

    def _id_token(self, token: str, *, nonce: str, access_token: str) -> Claims:
        claims = self._verified(token, types={"JWT", ""})
        fault = rules.id_token_fault(claims, provider=self.provider, nonce=nonce, at=clock.now())
        if (
            not fault
            and "at_hash" in claims
            and not signed.is_hash(claims["at_hash"], access_token, signed.header(token)["alg"])
        ):
            fault = "at_hash"
        if fault:
            raise ProviderRefused(fault)
        return claims

    def _userinfo(self, answer: requests.Response, subject: str) -> Claims:
        if answer.status_code != 200:
            raise ProviderRefused("userinfo-status") if answer.status_code < 500 else self._away()
        is_signed = answer.headers.get("Content-Type", "").split(";")[0].strip().lower() == "application/jwt"
        if is_signed:
            claims: Claims = self._verified(answer.text.strip(), types={"JWT", ""})
        else:
            claims = signed.json_object(answer.content, "userinfo")
        fault = rules.userinfo_fault(
            claims, provider=self.provider, subject=subject, is_signed=is_signed, at=clock.now()
        )
        if fault:
            raise ProviderRefused(fault)
        return claims

    def _verified(self, token: str, *, types: set[str]) -> Json:
        """The payload of a compact JWS by one of the provider's published keys and allowed algorithms."""
        header = signed.header(token)
        algorithm = header.get("alg")
        if algorithm not in self.provider.algorithms:
            raise ProviderRefused("alg")
        if not isinstance(header.get("typ", ""), str) or header.get("typ", "").upper() not in types:
            raise ProviderRefused("typ")
        if "crit" in header or "b64" in header:
            raise ProviderRefused("crit")
        key = self._key(header.get("kid"), algorithm)
        try:
            proven = jws.deserialize_compact(token.encode(), key, algorithms=[algorithm])
        except (JoseError, ValueError, TypeError, KeyError, RecursionError) as fault:
            raise ProviderRefused("signature") from fault
        return signed.json_object(proven.payload, "payload")

    def _key(self, kid: object, algorithm: str) -> RSAKey | ECKey:
        """The published key of that id; new keys are looked for at most once a minute."""
        found = signed.fitting(self._fresh().keys, kid, algorithm)
        if not found and clock.now() - self._fresh().keys_since > LOOK_AGAIN_AFTER:
            known = self._fresh()
            known.keys, known.keys_since = self._fetch_keys(known.metadata), clock.now()
            found = signed.fitting(known.keys, kid, algorithm)
        if len(found) != 1:
            raise ProviderRefused("kid")
        return signed.public_key(found[0])

    def _metadata(self) -> Json:
        return self._fresh().metadata

    def _endpoint(self, name: str, *, is_for_browsers: bool = False) -> str:
        address = self._metadata().get(name)
        if rules.endpoint_fault(self.provider, address, is_for_browsers=is_for_browsers):
            raise self._away()
        return str(address)

    def _fresh(self) -> _Known:
        at = clock.now()
        if self._known is None or not timedelta() <= at - self._known.since < FRESH_FOR:
            metadata = self._fetch(f"{self.provider.issuer.rstrip('/')}{PATH}")
            if metadata.get("issuer") != self.provider.issuer:
                raise self._away()
            self._known = _Known(metadata, self._fetch_keys(metadata), at, at)
        return self._known

    def _fetch_keys(self, metadata: Json) -> list[Json]:
        address = metadata.get("jwks_uri")
        if rules.endpoint_fault(self.provider, address):
            raise self._away()
        keys = self._fetch(str(address)).get("keys")
        return [key for key in keys[:MOST_KEYS] if isinstance(key, dict)] if isinstance(keys, list) else []

    def _fetch(self, address: str) -> Json:
        with self._session("") as session, self._calling():
            answer = session.get(address, withhold_token=True)
        if answer.status_code != 200:
            raise self._away()
        try:
            return signed.json_object(answer.content, "document")
        except ProviderRefused:
            raise self._away() from None

    @contextmanager
    def _calling(self) -> Iterator[None]:
        if self._away_until is not None and clock.now() < self._away_until <= clock.now() + AWAY_FOR:
            raise ProviderAway(self.provider.kind)
        try:
            with one_host.calling():
                yield
        except (requests.RequestException, OSError) as fault:
            raise self._away() from fault

    def _away(self) -> ProviderAway:
        self._away_until = clock.now() + AWAY_FOR
        return ProviderAway(self.provider.kind)

    @contextmanager
    def _session(self, back: str) -> Iterator[OAuth2Session]:
        one = self.provider
        key = _private_key(one.client_key) if one.client_key else None
        with OAuth2Session(
            one.client_id,
            key if key is not None else one.client_secret,
            token_endpoint_auth_method=self._method(),
            scope=" ".join(one.scopes),
            redirect_uri=back,
            code_challenge_method="S256",
        ) as session:
            if key:
                session.register_client_auth_method(_signed_by(key))
            scheme = one.issuer.partition(":")[0]
            one_host.bind(session, scheme=scheme, host=one.host, authority=one.authority, cert=one.certificate)
            yield session

    def _method(self) -> str:
        if self.provider.client_key:
            return "private_key_jwt"
        if not self.provider.client_secret:
            return "none"  # the certificate of the connection says who we are (RFC 8705): only client_id is sent
        known = self._known.metadata if self._known else {}
        offered = known.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        return "client_secret_post" if offered == ["client_secret_post"] else "client_secret_basic"


def _signed_by(key: RSAKey | ECKey) -> PrivateKeyJWT:
    algorithm = "RS256" if isinstance(key, RSAKey) else {"P-256": "ES256", "P-384": "ES384"}[key.curve_name]
    return PrivateKeyJWT(alg=algorithm, headers={"kid": key.kid} if key.kid else None)


def _private_key(text: str) -> RSAKey | ECKey:
    """The client's own key: PEM, or a JWK as JSON."""
    if text.lstrip().startswith("{"):
        key = JWKRegistry.import_key(json.loads(text))
        if isinstance(key, RSAKey | ECKey):
            return key
        raise ValueError("the client's key is neither RSA nor EC")
    try:
        return RSAKey.import_key(text)
    except (JoseError, ValueError):
        return ECKey.import_key(text)


def _tokens(session: OAuth2Session, endpoint: str, *, code: str, verifier: str) -> dict[str, str]:
    try:
        answer = session.fetch_token(endpoint, code=code, code_verifier=verifier, grant_type="authorization_code")
    except OAuthError as fault:
        raise ProviderRefused("code") from fault
    except (ValueError, TypeError, AttributeError, RecursionError) as fault:
        raise requests.ConnectionError("no tokens") from fault
    if str(answer.get("token_type", "")).lower() != "bearer":
        raise ProviderRefused("token_type")
    for name in ("access_token", "id_token"):
        if not isinstance(answer.get(name), str) or not answer[name]:
            raise ProviderRefused(name)
    return {"access_token": answer["access_token"], "id_token": answer["id_token"]}
