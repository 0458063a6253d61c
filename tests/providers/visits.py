"""A browser and two lying providers: there, back, and what they say of people."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from tests import people
from tests.page_client import Page, PageClient
from tests.providers import fake as fakes
from tests.providers.fake import Fake

BACK = "/sign-in/with/{}/back/"


@dataclass(frozen=True, slots=True)
class Two:
    citizen: Fake
    professional: Fake


@pytest.fixture
def two(settings: Any) -> Iterator[Two]:
    """Both providers, for this test alone."""
    with fakes.running() as citizen, fakes.running() as professional:
        professional.signs_userinfo = False
        citizen.subject, professional.subject = secrets.token_hex(8), secrets.token_hex(8)
        settings.PROVIDERS = {
            "citizen": fakes.settings_of(citizen, "citizen"),
            "professional": fakes.settings_of(professional, "professional"),
        }
        yield Two(citizen, professional)


def goes(client: PageClient, fake: Fake, kind: str, begin: str = "") -> dict[str, str]:
    """To the provider; what the browser would bring back."""
    answer = client.client.get(begin or f"/sign-in/with/{kind}/")
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{fake.issuer}/authorize?"), answer["Location"]
    return fake.authorize(answer["Location"])


def signs_in(client: PageClient, fake: Fake, kind: str, status: int = 200) -> Page:
    """There and back."""
    return client.visit(f"{BACK.format(kind)}?{urlencode(goes(client, fake, kind))}", status)


def described(holder: people.Holder, *, with_ins: bool = True, **changed: str) -> dict[str, Any]:
    """Claims of the citizens' provider about this person."""
    traits = holder.traits
    claims: dict[str, Any] = {
        "family_name": traits.birth_name,
        "given_name": " ".join(traits.first_names),
        "birthdate": traits.born_on.isoformat(),
        "gender": "male" if traits.sex == "M" else "female",
        "birthplace": traits.birth_place,
        "birthcountry": "99100",
    }
    ins = {"ins": {"matricule": holder.ins.matricule, "oid": holder.ins.oid}} if with_ins else {}
    return claims | ins | changed


def practising(doctor: people.Doctor, *finess: str) -> dict[str, Any]:
    """Claims of the professionals' provider."""
    activities = [{"companyFINESSSiteNumber": number} for number in finess]
    return {
        "SubjectNameID": f"8{doctor.rpps}",
        "SubjectRefPro": {"codeProfession": "10", "exercices": [{"activities": activities}]},
    }
