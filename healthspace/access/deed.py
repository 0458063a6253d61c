"""A deed is one transaction: allow, change, journal, tell; a refusal is journalled after it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Final, ParamSpec, TypeVar
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from healthspace.access import gate
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.schema.context import set_context
from healthspace.schema.message import send
from healthspace.vault.reads import KeyDestroyed

P = ParamSpec("P")
R = TypeVar("R")

KIND_OF_ASK: Final = {
    "open": "document_opened",
    "list": "documents_listed",
    "open_record": "record_opened",
    "find_patient": "identity_searched",
    "read_identity": "record_opened",
    "deposit": "document_deposited",
    "replace": "document_replaced",
    "delete": "document_deleted",
    "mask": "document_masked",
    "unmask": "document_unmasked",
    "hide_from_holder": "visibility_changed",
    "hide_from_representatives": "visibility_changed",
    "reveal_to_holder": "visibility_changed",
    "reveal_to_representatives": "visibility_changed",
    "rename": "document_renamed",
    "note": "document_noted",
    "move": "document_moved",
    "create_folder": "folder_created",
    "disown": "document_disowned",
    "read_journal": "journal_read",
    "read_access": "journal_read",
    "change_access": "access_granted",
    "declare_consent": "access_granted",
    "change_emergency": "emergency_choice_changed",
    "read_profile": "profile_read",
    "write_profile": "profile_written",
    "read_notices": "notices_read",
    "read_care_history": "care_history_read",
    "change_care_history": "care_history_hidden",
    "take_over": "older_record_taken",
    "renounce": "representative_ended",
    "help": "assistance_started",
    "answer_help": "helper_accepted",
    "export": "export_asked",
    "download_export": "export_downloaded",
    "write_ticket": "ticket_sent",
    "read_ticket": "ticket_read",
}


def deed(act: Callable[P, R]) -> Callable[P, R]:
    """Run an act as one transaction, joined when nested.

    A refusal rolls everything back, is journalled in a transaction of its own, and goes on to
    the caller. Refuses to run under ATOMIC_REQUESTS, which would lose refusals (decision 5).
    """

    @wraps(act)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return act(*args, **kwargs)
        try:
            with transaction.atomic(durable=True):
                return act(*args, **kwargs)
        except gate.RefusedHere as refusal:
            journal_refusal(refusal)
            raise Refused(refusal.rule) from None

    return wrapper


@contextmanager
def reading(*, actor: Actor, person_id: UUID) -> Iterator[gate.Standing]:
    """A deed that only reads and journals, in three messages to the database instead of seven.

    The caller ends it by `finish`. Statements must be raw: nothing inside may open a transaction
    block of Django's. Inside another deed it joins that one.
    """
    if connection.in_atomic_block:
        yield gate.enter(actor=actor, person_id=person_id)
        return
    try:
        yield gate.enter(actor=actor, person_id=person_id, beginning="BEGIN; ")
    except gate.RefusedHere as refusal:
        _give_up()
        journal_refusal(refusal)
        raise Refused(refusal.rule) from None
    except BaseException:
        _give_up()
        raise


def _give_up() -> None:
    """Undo what was read; a connection that is gone has nothing to undo."""
    try:
        send("ROLLBACK")
    except DatabaseError:
        connection.close()


def finish(statement: str) -> None:
    """The last message of a `reading`: its line in the journal, durable before anything leaves."""
    send(statement if connection.in_atomic_block else f"{statement}; COMMIT")


def journal_refusal(refusal: gate.RefusedHere) -> None:
    """Leave the trace of a refusal where the holder sees it; no space, no journal."""
    standing = refusal.standing
    if not standing.asker.space_state:
        return
    try:
        with transaction.atomic():
            set_context(standing.person_id)
            gate.journal(
                standing,
                KIND_OF_ASK[refusal.ask],
                rule=refusal.rule,
                item_id=refusal.item_id,
                outcome="refused",
            )
    except KeyDestroyed:
        return
