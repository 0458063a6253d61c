"""Filing: checked, sealed, stored, journalled and told, as one act; doubt goes to quarantine."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError

from healthspace.access import gate
from healthspace.access.deed import deed
from healthspace.access.guarded import Guarded
from healthspace.access.rules import HOLDER_SIDE
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Conflict, Invalid, Refused, SpaceClosed, TooLarge
from healthspace.common.ids import new_id
from healthspace.documents import events, rules
from healthspace.documents.actions import quarantine, whose
from healthspace.documents.actions.changes import keep_version
from healthspace.documents.adapters import inspect
from healthspace.documents.models import Document
from healthspace.documents.ports import Kind, Limits, Patient
from healthspace.documents.reads.opening import row_by_source, row_of
from healthspace.documents.reads.rows import Row
from healthspace.documents.rules import Order, Receipt, Sheet
from healthspace.outbox import actions as outbox
from healthspace.schema.message import call, send
from healthspace.terminology import reads as terminology
from healthspace.vault import actions as vault
from healthspace.vault import reads as keys

_INSERT: Final = (
    "INSERT INTO documents_document (person_id, id, status, version, type_code, class_code,"
    " setting_code, made_at, deposited_at, changed_at, author_kind, author_professional_id,"
    " author_institution_id, is_masked, hidden_from_holder_until,"
    " is_hidden_from_representatives, folder_id, replaces_id, source_key, blob, card, own_words)"
    " VALUES (%s, %s, %s, 1, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, NULL, %s,"
    " %s, %s, %s, NULL)"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """An order whose bytes agree with what is said of them."""

    order: Order
    kind: Kind
    class_code: str
    sha256: str
    patient: Patient | None
    corrections: tuple[str, ...]


def deposit(*, actor: Actor, order: Order) -> Receipt:
    """File a document for a person, by a professional, a structure, the holder or a takeover.

    Answers `filed`, `duplicate` (same sender's identifier, same bytes: nothing done twice) or
    `quarantined` (identity not certain, ID-1; scanner down, T52). Raises `Invalid`, `TooLarge`,
    `SpaceClosed`, `Conflict` (same identifier, other bytes) or `Refused`.
    """
    checked = check(_as_kept(actor, order))
    order = checked.order
    doubt = quarantine.doubt_of_scan(order)
    person_id = whose.person_of(order)
    if person_id is None:
        return quarantine.keep(actor=actor, order=order, reason="unknown-identity")
    if doubt:
        return quarantine.keep(actor=actor, order=order, reason=doubt)
    try:
        return _file(actor=actor, person_id=person_id, checked=checked)
    except quarantine.IdentityDiffers as difference:
        return quarantine.keep(actor=actor, order=order, reason=difference.reason)
    except IntegrityError:
        return _file(actor=actor, person_id=person_id, checked=checked)
    except Refused as refusal:
        if refusal.rule == "CLO-1":
            raise SpaceClosed("the space takes no deposit") from None
        raise


def replace(*, actor: Actor, order: Order) -> Receipt:
    """File a new version of one's own document; `order.replaces` names the old one.

    The old version stays reachable as superseded. Author only (T28); raises as `deposit`.
    """
    if not order.replaces:
        raise Invalid("replaces", "TD2.2", "The document replaced is not named.", "Name it.")
    return deposit(actor=actor, order=order)


def _as_kept(actor: Actor, order: Order) -> Order:
    """What phones write behind a photograph is cut off from people's own papers; senders' bytes never change."""
    if actor.kind in HOLDER_SIDE and len(order.content) <= settings.MAX_DOCUMENT_BYTES:
        return replace_fields(order, content=inspect.trimmed(order.content))
    return order


def check(order: Order) -> Checked:
    """What can be said of an order and its bytes without knowing the space; Invalid, TooLarge."""
    rules.check_order(order, clock.now())
    if len(order.content) > settings.MAX_DOCUMENT_BYTES:
        raise TooLarge(settings.MAX_DOCUMENT_BYTES)
    class_code = terminology.class_of(order.type_code)
    corrections: tuple[str, ...] = ()
    if order.class_code and order.class_code != class_code:
        corrections = (f"X16: class {class_code} follows from type {order.type_code}",)
    limits = Limits(max_bytes=settings.MAX_DOCUMENT_BYTES)
    found = inspect.inspect(order.content, order.media_type, limits=limits)
    if found.cda is not None and found.cda.type.code != order.type_code:
        raise Invalid(
            "type_code",
            "CDA-TYPE",
            "The type given is not the type that the document states.",
            f"Give {found.cda.type.code}, the code of the document.",
        )
    digest = hashlib.sha256(order.content).hexdigest()
    patient = found.cda.patient if found.cda else None
    return Checked(order, found.kind, class_code, digest, patient, corrections)


@dataclass(frozen=True, slots=True)
class Filed:
    """Under what a row is written: its author, its instants, what became of it."""

    document_id: UUID
    source_key: bytes
    author: Actor
    deposited_at: datetime
    status: str = "current"
    replaces_id: UUID | None = None


@deed
def _file(*, actor: Actor, person_id: UUID, checked: Checked) -> Receipt:
    order = checked.order
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "deposit").rule
    _require_own_sight(standing, checked)
    whose.check_identity(standing, order, checked.patient)
    source_key = key_of_source(actor, order.source_id)
    duplicate = duplicate_of(standing, checked, source_key)
    if duplicate is not None:
        return duplicate
    replaced = _replaced(standing, order)
    if replaced is not None:
        checked = replace_fields(checked, order=_as_hidden(order, replaced))
    document_id = new_id()
    replaces_id = replaced.id if replaced else None
    write(standing, checked, Filed(document_id, source_key, actor, standing.at, replaces_id=replaces_id))
    _note(standing, checked.order, document_id, rule, is_replacement=replaced is not None)
    return Receipt("filed", document_id, person_id, corrections=checked.corrections)


def _require_own_sight(standing: gate.Standing, checked: Checked) -> None:
    """A helper files only what was opened to them: nothing that they would not see afterwards (3.10)."""
    if standing.asker.role != "caregiver":
        return
    filed = Guarded("current", checked.order.type_code, checked.class_code, "holder", None, None)
    rule = gate.decide(standing, "see", filed)
    if not rule.is_allowed:
        raise gate.RefusedHere(standing, "deposit", None, rule.rule)


def write(standing: gate.Standing, checked: Checked, filed: Filed) -> None:
    """Blob first, durable and sealed; row second. A blob without a row is swept."""
    order, author, person_id, document_id = checked.order, filed.author, standing.person_id, filed.document_id
    blob = vault.store_blob(person_id=person_id, item=document_id, content=order.content)
    values: list[Any] = [
        person_id,
        document_id,
        filed.status,
        order.type_code,
        checked.class_code,
        order.setting_code,
        order.service_start or order.made_at,
        filed.deposited_at,
        standing.at,
        _author_kind(author),
        author.professional_id,
        author.institution_id,
        rules.MASKED in order.confidentiality,
        rules.hidden_until(order.confidentiality, filed.deposited_at),
        rules.HIDDEN_FROM_REPRESENTATIVES in order.confidentiality,
        filed.replaces_id,
        filed.source_key,
        blob,
        gate.sealer(standing).seal(_sheet(checked).to_bytes(), item=document_id, part="card:1"),
    ]
    send(call(_INSERT, values))


def _note(standing: gate.Standing, order: Order, document_id: UUID, rule: str, *, is_replacement: bool) -> None:
    """The line in the journal, and the fact that notices are made of."""
    is_waiting = rules.HIDDEN_FROM_HOLDER in order.confidentiality
    is_secret = rules.HIDDEN_FROM_REPRESENTATIVES in order.confidentiality
    gate.journal(
        standing,
        "document_replaced" if is_replacement else "document_deposited",
        rule=rule,
        item_id=document_id,
        details={"type_code": order.type_code, "version": "1"},
        is_hidden_from_representatives=is_secret,
    )
    fact = events.DocumentReplaced if is_replacement else events.DocumentDeposited
    told = fact(standing.person_id, document_id, standing.actor.kind, is_waiting, is_secret)
    outbox.publish(person_id=standing.person_id, fact=told)


def key_of_source(actor: Actor, source_id: str) -> bytes:
    """The keyed hash of a sender's identifier; two senders may use the same one (T32)."""
    return keys.find_key("source", f"{actor.institution_id or actor.professional_id or actor.id}|{source_id}")


def _author_kind(actor: Actor) -> str:
    return {"professional": "professional", "institution": "institution", "system": "system"}.get(actor.kind, "holder")


def duplicate_of(standing: gate.Standing, checked: Checked, source_key: bytes) -> Receipt | None:
    """What was filed under this key before; Conflict when its bytes are others."""
    row = row_by_source(standing, source_key)
    if row is None:
        return None
    if row.sheet(gate.sealer(standing)).sha256 != checked.sha256:
        raise Conflict("the same identifier was used for another document")
    return Receipt("duplicate", row.id, standing.person_id, version=row.version)


def _replaced(standing: gate.Standing, order: Order) -> Row | None:
    """The document replaced, marked superseded; only its author may, and only once."""
    if not order.replaces:
        return None
    try:
        row = row_of(standing, UUID(order.replaces), lock=True)
    except ValueError:
        row = row_by_source(standing, key_of_source(standing.actor, order.replaces), lock=True)
    if row is None:
        raise gate.absent(standing, "replace", None)
    gate.require(standing, "replace", row.guarded(), row.id)
    if row.status != "current":
        raise Conflict("this version has already been replaced")
    keep_version(standing, row)
    sealer = gate.sealer(standing)
    version = row.version + 1
    Document.objects.filter(person_id=standing.person_id, id=row.id).update(
        status="superseded",
        version=version,
        changed_at=standing.at,
        card=sealer.seal(row.sheet(sealer).to_bytes(), item=row.id, part=f"card:{version}"),
    )
    return row


def _as_hidden(order: Order, replaced: Row) -> Order:
    """A new version is hidden from whom the old one was: only an act of its own shows it (ACC-17, ACC-19)."""
    kept = {
        rules.MASKED: replaced.is_masked,
        rules.HIDDEN_FROM_REPRESENTATIVES: replaced.is_hidden_from_representatives,
    }
    codes = order.confidentiality | {code for code, is_set in kept.items() if is_set}
    rules.check_visibility(codes)
    return replace_fields(order, confidentiality=codes)


def _sheet(checked: Checked) -> Sheet:
    order = checked.order
    return Sheet(
        title=order.title,
        kind=checked.kind,
        media_type=order.media_type,
        size=len(order.content),
        sha256=checked.sha256,
        source_id=order.source_id,
        authors=order.authors,
        facility_code=order.facility_code,
        language=order.language,
        description=order.description,
        service_start=order.service_start,
        service_stop=order.service_stop,
        submission_id=order.submission_id,
        replaces=order.replaces,
        extras=order.extras,
    )
