"""Client certificates (RFC 8705): they prove software, and bind a token; the header counts only where it is named."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest

from healthspace.common.errors import Invalid
from healthspace.people import actions, reads
from tests import people
from tests.doors.fhir_client import Reply, call
from tests.factories import clients

NAME = "Client-Cert"


@pytest.fixture
def behind_proxy(settings: Any) -> None:
    settings.CLIENT_CERTIFICATE_KEY = "HTTP_CLIENT_CERT"


def rfc9440(der: bytes) -> dict[str, str]:
    return {NAME: f":{base64.b64encode(der).decode()}:"}


def nginx(der: bytes) -> dict[str, str]:
    return {NAME: quote(clients.pem_of(der), safe="")}


def asked(der: bytes, software_id: UUID, **parts: str) -> Reply:
    return clients.ask(rfc9440(der), client_id=str(software_id), **parts)


def used(token: str, headers: dict[str, str] | None = None) -> int:
    """404 when the token is taken: nobody has this number."""
    return call("GET", f"/Patient/{uuid4()}", token=token, headers=headers).status


@pytest.fixture
def place() -> people.Hospital:
    return people.rivemont()


@pytest.fixture
def der(place: people.Hospital) -> bytes:
    """A certificate of the hospital's software."""
    made = clients.certificate()
    kid = actions.add_certificate(software_id=place.software_id, pem=clients.pem_of(made))
    assert kid == clients.thumbprint(made)
    return made


@pytest.mark.usefixtures("behind_proxy")
def test_certificate__proves_the_software_and_binds_the_token(place: people.Hospital, der: bytes) -> None:
    for form in (rfc9440, nginx):
        reply = clients.ask(form(der), client_id=str(place.software_id))
        assert reply.status == 200, reply.body
        token = reply.json["access_token"]
        assert used(token, rfc9440(der)) == 404
        assert used(token, nginx(der)) == 404
        assert used(token) == 401
        assert used(token, rfc9440(clients.certificate())) == 401


@pytest.mark.usefixtures("behind_proxy")
def test_certificate__names_the_real_user(place: people.Hospital, der: bytes) -> None:
    doctor = people.dr_nguyen(place)
    token = asked(der, place.software_id, rpps=doctor.rpps, finess=place.finess).json["access_token"]
    actor = reads.actor_by_token(token, _digest(der))
    assert actor is not None and actor.professional_id == doctor.id
    assert asked(der, place.software_id, rpps=people.new_rpps()).json["error"] == "invalid_grant"


def _digest(der: bytes) -> bytes:
    return base64.urlsafe_b64decode(clients.thumbprint(der) + "=")


@pytest.mark.usefixtures("behind_proxy")
def test_certificate__unknown_foreign_or_ended_proves_nothing(place: people.Hospital, der: bytes) -> None:
    other = people.rivemont()
    stranger = clients.certificate()
    for certificate, software_id in ((stranger, place.software_id), (der, other.software_id), (der, uuid4())):
        assert asked(certificate, software_id).status == 401
    assert clients.ask(client_id=str(place.software_id)).status == 401
    assert clients.ask(rfc9440(der)).status == 401
    for broken in (":not base64:", "::", ":", "x", quote("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----")):
        assert clients.ask({NAME: broken}, client_id=str(place.software_id)).status == 401
    token = asked(der, place.software_id).json["access_token"]
    actions.end_key(software_id=place.software_id, kid=clients.thumbprint(der))
    assert asked(der, place.software_id).status == 401
    assert used(token, rfc9440(der)) == 401


@pytest.mark.usefixtures("behind_proxy")
def test_assertion__with_a_certificate_beside_it_gives_a_bound_token() -> None:
    sender, der = clients.software(), clients.certificate()
    token = sender.ask(headers=rfc9440(der)).json["access_token"]
    assert used(token, rfc9440(der)) == 404
    assert used(token) == 401


@pytest.mark.usefixtures("behind_proxy")
def test_key__of_assertions_cannot_be_named_as_a_certificate(place: people.Hospital) -> None:
    """A key's id that is the thumbprint of somebody's certificate opens nothing to that certificate."""
    der = clients.certificate()
    public = dict(clients.key("P-384").as_dict(private=False)) | {"kid": clients.thumbprint(der)}
    actions.add_keys(software_id=place.software_id, text=clients.json.dumps(public))
    assert asked(der, place.software_id).status == 401


def test_header__is_ignored_where_none_is_named(place: people.Hospital, der: bytes) -> None:
    """Without a proxy that is known to set it, anybody could write the header."""
    assert asked(der, place.software_id).status == 401
    sender = clients.software()
    token = sender.ask(headers=rfc9440(der)).json["access_token"]
    assert used(token) == 404


def test_bound_token__is_worth_nothing_once_the_header_is_not_read(
    place: people.Hospital, der: bytes, settings: Any
) -> None:
    settings.CLIENT_CERTIFICATE_KEY = "HTTP_CLIENT_CERT"
    token = asked(der, place.software_id).json["access_token"]
    settings.CLIENT_CERTIFICATE_KEY = ""
    assert used(token, rfc9440(der)) == 401


@pytest.mark.usefixtures("behind_proxy")
def test_discovery__tells_of_certificates_where_they_are_taken() -> None:
    found = call("GET", "/.well-known/smart-configuration").json
    assert "self_signed_tls_client_auth" in found["token_endpoint_auth_methods_supported"]
    assert found["tls_client_certificate_bound_access_tokens"] is True


@pytest.mark.parametrize("text", ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_certificate__what_is_none_is_not_registered(place: people.Hospital, text: str) -> None:
    with pytest.raises(Invalid, match="no certificate"):
        actions.add_certificate(software_id=place.software_id, pem=text)
