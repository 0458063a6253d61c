"""T11: mix-up, replay, foreign and bent tokens of an identity provider; every mutant of a good sign-in is refused."""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from joserfc import jws, jwt
from joserfc.jwk import RSAKey

from healthspace.common import clock
from healthspace.people.actions import providers
from healthspace.people.rules.providers import ProviderRefused
from tests.providers import fake as fakes
from tests.providers.fake import EC, RSA, STRANGER, Fake

BACK = "http://localhost:8400/sign-in/with/citizen/back/"
Mutant = Callable[[Fake], None]


@pytest.fixture
def fake(settings: Any) -> Iterator[Fake]:
    """A provider for this test alone, set as the citizens' one."""
    with fakes.running() as running:
        settings.PROVIDERS = {"citizen": fakes.settings_of(running, "citizen")}
        yield running


def begun(fake: Fake) -> tuple[providers.Attempt, providers.Answer]:
    """A sign-in whose browser has come back."""
    address, attempt = providers.begin(kind="citizen", back=BACK)
    brought = fake.authorize(address)
    return attempt, providers.Answer(state=brought["state"], code=brought["code"], issuer=brought["iss"])


def signed_in(fake: Fake) -> providers.Proven:
    """A whole sign-in."""
    attempt, answer = begun(fake)
    return providers.finish(attempt=attempt, answer=answer, back=BACK)


def compact(header: dict[str, Any], claims: dict[str, Any], signature: bytes = b"") -> str:
    """A token put together by hand."""

    def part(content: bytes) -> str:
        return base64.urlsafe_b64encode(content).decode().rstrip("=")

    return ".".join([part(json.dumps(header).encode()), part(json.dumps(claims).encode()), part(signature)])


def claim(name: str, value: Any) -> Mutant:
    def mutate(fake: Fake) -> None:
        fake.claims = lambda claims: claims.update({name: value})

    return mutate


def no_claim(name: str) -> Mutant:
    def mutate(fake: Fake) -> None:
        fake.claims = lambda claims: claims.pop(name)

    return mutate


def shifted(name: str, seconds: int) -> Mutant:
    def mutate(fake: Fake) -> None:
        fake.claims = lambda claims: claims.update({name: int(clock.now().timestamp()) + seconds})

    return mutate


def header(**changed: Any) -> Mutant:
    def mutate(fake: Fake) -> None:
        fake.header = lambda top: top.update(changed)
        fake.sign = _signed_loosely

    return mutate


def _signed_loosely(top: dict[str, Any], claims: dict[str, Any]) -> str:
    """By the right key over whatever stands in the header, so that nothing but the header is wrong."""
    plain = compact(top, claims).rpartition(".")[0]
    signature = RSA.private_key.sign(plain.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{plain}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def signed_by(make: Callable[[dict[str, Any], dict[str, Any]], str]) -> Mutant:
    def mutate(fake: Fake) -> None:
        fake.sign = make

    return mutate


def told(name: str, value: Any) -> Mutant:
    def mutate(fake: Fake) -> None:
        fake.userinfo = lambda claims: claims.update({name: value})

    return mutate


def tokens(**changed: Any) -> Mutant:
    def mutate(fake: Fake) -> None:
        fake.tokens = lambda answer: answer.update(changed)

    return mutate


def plain_userinfo(fake: Fake) -> None:
    fake.signs_userinfo = False


def _hs256(secret: bytes) -> Callable[[dict[str, Any], dict[str, Any]], str]:
    def make(top: dict[str, Any], claims: dict[str, Any]) -> str:
        plain = compact({"alg": "HS256", "kid": "rsa-1"}, claims).rpartition(".")[0]
        signature = hmac.digest(secret, plain.encode(), "sha256")
        return f"{plain}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"

    return make


def _own_key_inside(top: dict[str, Any], claims: dict[str, Any]) -> str:
    own = {"alg": "RS256", "kid": "rsa-1", "jwk": STRANGER.as_dict(private=False)}
    return jws.serialize_compact(own, json.dumps(claims), STRANGER, algorithms=["RS256"])


def _cut(top: dict[str, Any], claims: dict[str, Any]) -> str:
    return jwt.encode(top, claims, RSA).rpartition(".")[0] + "."


def _changed_after(top: dict[str, Any], claims: dict[str, Any]) -> str:
    first, _, last = jwt.encode(top, claims, RSA).split(".")
    other = compact(top, claims | {"sub": "somebody else"}).split(".")[1]
    return f"{first}.{other}.{last}"


MUTANTS: dict[str, tuple[Mutant, str]] = {
    "alg none": (signed_by(lambda top, claims: compact({"alg": "none"}, claims)), "alg"),
    "alg None": (signed_by(lambda top, claims: compact({"alg": "nOnE", "kid": "rsa-1"}, claims)), "alg"),
    "no alg": (signed_by(lambda top, claims: compact({"kid": "rsa-1"}, claims, b"x")), "alg"),
    "alg a list": (signed_by(lambda top, claims: compact({"alg": ["RS256"]}, claims, b"x")), "alg"),
    "HS256 by the public key": (signed_by(_hs256(RSA.as_pem(private=False))), "alg"),
    "HS256 by the client's secret": (signed_by(_hs256(fakes.SECRET.encode())), "alg"),
    "alg not agreed": (signed_by(lambda t, c: jwt.encode({"alg": "RS512", "kid": "rsa-1"}, c, RSA, ["RS512"])), "alg"),
    "stranger's key": (signed_by(lambda top, claims: jwt.encode(top, claims, STRANGER)), "signature"),
    "stranger's key inside": (signed_by(_own_key_inside), "signature"),
    "signature cut": (signed_by(_cut), "signature"),
    "changed after signing": (signed_by(_changed_after), "signature"),
    "RS256 by an EC key id": (header(kid="ec-1"), "kid"),
    "unknown kid": (header(kid="rsa-2"), "kid"),
    "kid no text": (header(kid=1), "kid"),
    "crit": (header(crit=["exp"]), "crit"),
    "an access token": (header(typ="at+jwt"), "typ"),
    "a logout token": (header(typ="logout+jwt"), "typ"),
    "no token at all": (tokens(id_token="not.a.token"), "token"),
    "encrypted shape": (tokens(id_token="a.b.c.d.e"), "token"),
    "no ID token": (tokens(id_token=None), "id_token"),
    "MAC token": (tokens(token_type="mac"), "token_type"),
    "other issuer": (claim("iss", "https://elsewhere.example"), "iss"),
    "issuer with a slash": (lambda f: claim("iss", f.issuer + "/")(f), "iss"),
    "no issuer": (no_claim("iss"), "iss"),
    "other audience": (claim("aud", "another client"), "aud"),
    "one audience more": (claim("aud", [fakes.CLIENT, "another client"]), "aud"),
    "no audience": (no_claim("aud"), "aud"),
    "empty audience": (claim("aud", []), "aud"),
    "other party": (claim("azp", "another client"), "azp"),
    "other nonce": (claim("nonce", "another"), "nonce"),
    "no nonce": (no_claim("nonce"), "nonce"),
    "nonce a list": (claim("nonce", ["x"]), "nonce"),
    "over": (shifted("exp", -31), "exp"),
    "no end": (no_claim("exp"), "exp"),
    "end as text": (claim("exp", "99999999999"), "exp"),
    "end true": (claim("exp", True), "exp"),
    "of tomorrow": (shifted("iat", 86_400), "iat"),
    "of yesterday": (shifted("iat", -86_400), "iat"),
    "no beginning": (no_claim("iat"), "iat"),
    "not yet": (shifted("nbf", 3_600), "nbf"),
    "signed in tomorrow": (shifted("auth_time", 86_400), "auth_time"),
    "signed in too long": (shifted("auth_time", -13 * 3600), "auth_time"),
    "signed in as text": (claim("auth_time", "now"), "auth_time"),
    "assurance too low": (claim("acr", "eidas1"), "acr"),
    "no assurance": (no_claim("acr"), "acr"),
    "assurance a list": (claim("acr", ["eidas2"]), "acr"),
    "of another access token": (claim("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "at_hash"),
    "at_hash no text": (claim("at_hash", 1), "at_hash"),
    "no subject": (no_claim("sub"), "sub"),
    "empty subject": (claim("sub", ""), "sub"),
    "endless subject": (claim("sub", "x" * 256), "sub"),
    "userinfo of somebody else": (told("sub", "somebody else"), "userinfo-sub"),
    "userinfo of another issuer": (told("iss", "https://elsewhere.example"), "userinfo-iss"),
    "userinfo for another client": (told("aud", "another client"), "userinfo-aud"),
    "userinfo over": (told("exp", 1), "userinfo-exp"),
    "userinfo not signed": (plain_userinfo, "userinfo-plain"),
}


def test_finish__the_good_one_is_taken(fake: Fake) -> None:
    proven = signed_in(fake)
    assert (proven.kind, proven.account, len(proven.subject_key)) == ("citizen", None, 32)
    assert len(MUTANTS) >= 30


@pytest.mark.parametrize("name", MUTANTS)
def test_finish__each_mutant_is_refused_for_its_own_fault(fake: Fake, name: str) -> None:
    mutate, fault = MUTANTS[name]
    mutate(fake)
    with pytest.raises(ProviderRefused) as refused:
        signed_in(fake)
    assert refused.value.fault == fault


def test_finish__an_answer_twice_is_refused_the_second_time(fake: Fake) -> None:
    attempt, answer = begun(fake)
    providers.finish(attempt=attempt, answer=answer, back=BACK)
    fake.spent.clear()
    with pytest.raises(ProviderRefused, match="again"):
        providers.finish(attempt=attempt, answer=answer, back=BACK)


def test_finish__a_code_of_another_sign_in_is_refused(fake: Fake) -> None:
    _, stolen = begun(fake)
    attempt, answer = begun(fake)
    fake.spent.add(stolen.code)
    with pytest.raises(ProviderRefused, match="code"):
        providers.finish(attempt=attempt, answer=replace(answer, code=stolen.code), back=BACK)


def test_finish__a_code_of_another_browser_fails_by_its_verifier(fake: Fake) -> None:
    mine, _ = begun(fake)
    _, theirs = begun(fake)
    with pytest.raises(ProviderRefused, match="code"):
        providers.finish(attempt=mine, answer=replace(theirs, state=mine.state), back=BACK)


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"state": "another"}, "state"),
        ({"state": ""}, "state"),
        ({"issuer": "https://elsewhere.example"}, "iss"),
        ({"issuer": None}, "iss"),
        ({"issuer": ""}, "iss"),
        ({"code": ""}, "code"),
        ({"error": "access_denied"}, "stopped"),
        ({"error": "server_error"}, "code"),
    ],
)
def test_finish__a_bent_answer_is_refused_before_the_provider_is_asked(
    fake: Fake, changed: dict[str, Any], fault: str
) -> None:
    attempt, answer = begun(fake)
    with pytest.raises(ProviderRefused, match=fault):
        providers.finish(attempt=attempt, answer=replace(answer, **changed), back=BACK)
    assert "/token" not in fake.calls


def test_finish__ten_minutes_later_is_too_late(fake: Fake) -> None:
    attempt, answer = begun(fake)
    with time_machine.travel(clock.now() + timedelta(minutes=10, seconds=1)):
        with pytest.raises(ProviderRefused, match="late"):
            providers.finish(attempt=attempt, answer=answer, back=BACK)


def test_finish__the_professionals_answer_does_not_finish_a_citizens_sign_in(fake: Fake, settings: Any) -> None:
    """Mix-up: another provider's answer meets this attempt; nonce and verifier are of the other kind."""
    settings.PROVIDERS = {
        "citizen": fakes.settings_of(fake, "citizen"),
        "professional": fakes.settings_of(fake, "professional"),
    }
    attempt, answer = begun(fake)
    with pytest.raises(ProviderRefused):
        providers.finish(attempt=replace(attempt, kind="professional"), answer=answer, back=BACK)


@pytest.mark.filterwarnings("ignore:Key size")
@pytest.mark.parametrize("fault", ["weak key", "two keys of one id", "shared key", "no keys"])
def test_finish__keys_that_prove_nothing_are_not_used(fake: Fake, fault: str) -> None:
    weak = RSAKey.generate_key(1024, {"kid": "rsa-1"})
    if fault == "weak key":
        fake.keys = [weak.as_dict(private=False)]
        fake.sign = lambda top, claims: jwt.encode(top, claims, weak)
    elif fault == "two keys of one id":
        fake.keys = [RSA.as_dict(private=False), STRANGER.as_dict(private=False)]
    elif fault == "shared key":
        fake.keys = [{"kty": "oct", "k": "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0", "kid": "rsa-1"}]
    else:
        fake.keys = [EC.as_dict(private=False) | {"use": "enc"}]
    with pytest.raises(ProviderRefused):
        signed_in(fake)
