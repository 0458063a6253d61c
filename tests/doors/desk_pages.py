"""Agents of the desk in a browser."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from healthspace.common.actor import SYSTEM
from healthspace.people import actions as people
from healthspace.schema.context import set_context
from healthspace.support import actions as support
from healthspace.support.models import JointAct
from tests.page_client import PageClient
from tests.people import PASSWORD


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody of the desk with an account."""

    login: str
    password: str
    account_id: UUID
    name: str


def agent(name: str = "Inès Faure") -> Agent:
    """A fresh agent whom the installation gave a name."""
    login = f"agent.{secrets.token_hex(6)}"
    account = people.create_account(login=login, password=PASSWORD, kind="support")
    support.name_agent(actor=SYSTEM, account_id=account.id, name=name)
    return Agent(login, PASSWORD, account.id, name)


def signed_in(person: Any, language: str = "en") -> PageClient:
    """A browser of this person or agent."""
    client = PageClient(language)
    client.sign_in(person)
    return client


def act_of(person_id: UUID) -> UUID:
    """The act that waits for this person; other tests' may wait too."""
    with transaction.atomic():
        set_context(person_id)
        return JointAct.objects.get(person_id=person_id, state="proposed").id


def typed(told: Any, **more: str) -> dict[str, str]:
    """What an agent types of a caller who has the card."""
    born = told.born_on
    return {
        "matricule": told.ins.matricule,
        "day": str(born.day),
        "month": str(born.month),
        "year": str(born.year),
        "code": "",
        "serial": told.serial,
    } | more
