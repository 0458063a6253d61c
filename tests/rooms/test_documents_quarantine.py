"""What waits apart is neither lost nor mixed up, whatever goes wrong around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.db import transaction
from pytest_django import Settings

from healthspace.common.errors import Conflict, Unavailable
from healthspace.documents import actions, tasks
from healthspace.documents.actions import releasing
from healthspace.documents.models import Quarantine
from healthspace.documents.rules import ClaimedIdentity, Order
from healthspace.schema.context import set_context
from healthspace.vault import actions as vault
from healthspace.vault import reads as keys
from tests import people
from tests.factories.orders import order, pdf


def of_somebody_else(holder: people.Holder) -> Order:
    claimed = ClaimedIdentity(holder.ins, replace(holder.traits, born_on=date(1990, 1, 1)))
    return order(holder, identity=claimed)


def test_deposit__other_bytes_under_a_waiting_identifier_are_a_conflict() -> None:
    amina, hospital = people.amina(), people.rivemont()
    sent = of_somebody_else(amina)
    assert actions.deposit(actor=hospital.actor, order=sent).status == "quarantined"
    assert actions.deposit(actor=hospital.actor, order=sent).status == "quarantined"
    with pytest.raises(Conflict):
        actions.deposit(actor=hospital.actor, order=replace(sent, content=pdf("autre")))


def test_deposit__waits_readable_after_a_first_try_that_came_to_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    amina, hospital = people.amina(), people.rivemont()
    sent = of_somebody_else(amina)

    def full(**_: object) -> str:
        raise Unavailable("full")

    with monkeypatch.context() as patch, pytest.raises(Unavailable):
        patch.setattr(vault, "store_blob", full)
        actions.deposit(actor=hospital.actor, order=sent)
    receipt = actions.deposit(actor=hospital.actor, order=sent)
    keys.forget_all()
    assert releasing._kept(receipt.person_id, receipt.document_id).order.content == sent.content


def test_sealer__a_key_that_was_never_committed_is_not_kept() -> None:
    person_id = uuid4()
    with pytest.raises(RuntimeError), transaction.atomic():
        set_context(person_id)
        vault.create_key(person_id=person_id)
        keys.sealer(person_id)
        raise RuntimeError
    with transaction.atomic(), pytest.raises(keys.KeyDestroyed):
        set_context(person_id)
        keys.sealer(person_id)


def test_release__a_full_disk_settles_nothing(
    settings: Settings, as_worker: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina, hospital = people.amina(), people.rivemont()
    settings.CLAMD_ADDRESS = "tcp://127.0.0.1:9"
    receipt = actions.deposit(actor=hospital.actor, order=order(amina))
    assert receipt.reason == "scanner-down"

    def full(**_: object) -> None:
        raise Unavailable("full")

    monkeypatch.setattr(releasing, "deposit", full)
    tasks.release_once()
    with transaction.atomic():
        set_context(receipt.person_id)
        row = Quarantine.objects.get(person_id=receipt.person_id, id=receipt.document_id)
    assert (row.settled_at, row.reason) == (None, "scanner-down")
