"""Changes to a filed document: each keeps what was, is journalled, and is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from healthspace.access import gate
from healthspace.access.deed import KIND_OF_ASK, deed
from healthspace.common import clock
from healthspace.common.actor import Actor
from healthspace.common.errors import Conflict
from healthspace.common.ids import new_id
from healthspace.documents import events, rules
from healthspace.documents.models import Document, Folder, Revision
from healthspace.documents.reads.opening import allowed_row, journal_row, row_of
from healthspace.documents.reads.rows import Row
from healthspace.outbox import actions as outbox
from healthspace.outbox.events import Fact
from healthspace.vault import reads as vault


def change(
    *,
    actor: Actor,
    person_id: UUID,
    document_id: UUID,
    ask: str,
    columns: Mapping[str, Any],
    if_version: int | None = None,
    details: Mapping[str, str] | None = None,
) -> Row:
    """Allow, keep the old version, change, journal; the caller tells. Gives the row as it was."""
    standing = gate.enter(actor=actor, person_id=person_id)
    row, rule = allowed_row(standing, document_id, ask, lock=True)
    if if_version is not None and if_version != row.version:
        raise Conflict("the document changed meanwhile")
    keep_version(standing, row)
    sealer = gate.sealer(standing)
    version = row.version + 1
    Document.objects.filter(person_id=person_id, id=document_id).update(
        version=version,
        changed_at=standing.at,
        card=sealer.seal(row.sheet(sealer).to_bytes(), item=document_id, part=f"card:{version}"),
        **columns,
    )
    journal_row(standing, KIND_OF_ASK[ask], rule, row, details)
    return row


def keep_version(standing: gate.Standing, row: Row) -> None:
    """Write down what the row says before it changes."""
    Revision.objects.create(
        person_id=standing.person_id,
        document_id=row.id,
        version=row.version,
        until=standing.at,
        status=row.status,
        is_masked=row.is_masked,
        hidden_from_holder_until=row.hidden_from_holder_until,
        is_hidden_from_representatives=row.is_hidden_from_representatives,
        card=row.card,
    )


def _is_waiting(row: Row) -> bool:
    return row.hidden_from_holder_until is not None and clock.now() < row.hidden_from_holder_until


def _replaced_by(actor: Actor, row: Row, person_id: UUID, ask: str) -> tuple[Row, ...]:
    """The version that this one replaced, where the same may be done to it: it says much the same."""
    if row.replaces_id is None:
        return ()
    standing = gate.enter(actor=actor, person_id=person_id)
    older = row_of(standing, row.replaces_id, lock=True)
    return (older,) if older is not None and gate.decide(standing, ask, older.guarded()).is_allowed else ()


def tell(person_id: UUID, fact: Fact) -> None:
    """Note the fact of a change, for whoever listens."""
    outbox.publish(person_id=person_id, fact=fact)


@deed
def mask(*, actor: Actor, person_id: UUID, document_id: UUID, if_version: int | None = None) -> None:
    """Hide a document and the versions it replaced from professionals other than author and attending doctor."""
    row = change(
        actor=actor,
        person_id=person_id,
        document_id=document_id,
        ask="mask",
        columns={"is_masked": True, "hidden_from_holder_until": None},
        if_version=if_version,
    )
    if _is_waiting(row):
        rules.check_visibility(frozenset({rules.MASKED, rules.HIDDEN_FROM_HOLDER}))
    tell(person_id, events.DocumentMasked(person_id, document_id, actor.kind))
    for older in _replaced_by(actor, row, person_id, "mask"):
        if not older.is_masked and not _is_waiting(older):
            mask(actor=actor, person_id=person_id, document_id=older.id)


@deed
def unmask(*, actor: Actor, person_id: UUID, document_id: UUID, if_version: int | None = None) -> None:
    """Show a masked document again to the professionals whom the matrix lets read it (ACC-17)."""
    change(
        actor=actor,
        person_id=person_id,
        document_id=document_id,
        ask="unmask",
        columns={"is_masked": False},
        if_version=if_version,
    )
    tell(person_id, events.DocumentUnmasked(person_id, document_id, actor.kind))


@deed
def change_visibility(
    *,
    actor: Actor,
    person_id: UUID,
    document_id: UUID,
    ask: str,
    if_version: int | None = None,
) -> None:
    """Show a document to its patient or to legal representatives, or hide it (author only).

    `ask` is one of reveal_to_holder, reveal_to_representatives, hide_from_holder,
    hide_from_representatives. What has once been shown cannot be hidden again (ACC-19).
    """
    standing = gate.enter(actor=actor, person_id=person_id)
    row, _ = allowed_row(standing, document_id, ask, lock=True)
    if ask == "hide_from_holder":
        codes = {rules.HIDDEN_FROM_HOLDER} | ({rules.MASKED} if row.is_masked else set())
        rules.check_visibility(frozenset(codes))
    is_own = standing.asker.role == "holder"  # a minor who keeps something from the parents may do so again (CHI-7)
    if not is_own and ask in {"hide_from_holder", "hide_from_representatives"} and _was_shown(standing, row, ask):
        raise Conflict("what has been shown cannot be hidden again")
    by_ask: dict[str, dict[str, Any]] = {
        "reveal_to_holder": {"hidden_from_holder_until": None},
        "hide_from_holder": {"hidden_from_holder_until": standing.at + rules.ANNOUNCEMENT},
        "reveal_to_representatives": {"is_hidden_from_representatives": False},
        "hide_from_representatives": {"is_hidden_from_representatives": True},
    }
    change(
        actor=actor,
        person_id=person_id,
        document_id=document_id,
        ask=ask,
        columns=by_ask[ask],
        if_version=if_version,
        details={"change": ask},
    )
    tell(person_id, events.VisibilityChanged(person_id, document_id, actor.kind, ask))


def _was_shown(standing: gate.Standing, row: Row, ask: str) -> bool:
    """Hidden once and revealed since: the way back is closed (ACC-19)."""
    earlier = Revision.objects.filter(person_id=standing.person_id, document_id=row.id)
    if ask == "hide_from_representatives":
        return earlier.filter(is_hidden_from_representatives=True).exists()
    return earlier.exclude(hidden_from_holder_until=None).exists()


@deed
def delete(*, actor: Actor, person_id: UUID, document_id: UUID, if_version: int | None = None) -> None:
    """Withdraw one's own document: it leaves every list, its trace and bytes stay (TD3.3c)."""
    row = change(
        actor=actor,
        person_id=person_id,
        document_id=document_id,
        ask="delete",
        columns={"status": "deleted"},
        if_version=if_version,
    )
    tell(
        person_id,
        events.DocumentDeleted(
            person_id,
            document_id,
            actor.kind,
            row.hidden_from_holder_until is not None,
            row.is_hidden_from_representatives,
        ),
    )


@deed
def disown(*, actor: Actor, person_id: UUID, document_id: UUID) -> None:
    """This is not mine: out of everybody's sight at once with the versions it replaced, back to its author (ID-1)."""
    row = change(
        actor=actor,
        person_id=person_id,
        document_id=document_id,
        ask="disown",
        columns={"status": "disowned"},
    )
    tell(
        person_id,
        events.DocumentDisowned(person_id, document_id, row.author_professional_id, row.author_institution_id),
    )
    for older in _replaced_by(actor, row, person_id, "disown"):
        disown(actor=actor, person_id=person_id, document_id=older.id)


@deed
def rename(*, actor: Actor, person_id: UUID, document_id: UUID, title: str) -> None:
    """Give a document the holder's own name; the author's title stays on the original."""
    if title:
        rules.check_title(title)
    _own_words(actor, person_id, document_id, "rename", title=title)


@deed
def note(*, actor: Actor, person_id: UUID, document_id: UUID, text: str) -> None:
    """Keep a note of the holder's beside a document; nobody but the holder's side sees it."""
    rules.check_note(text)
    _own_words(actor, person_id, document_id, "note", note=text)


def _own_words(actor: Actor, person_id: UUID, document_id: UUID, ask: str, **words: str) -> None:
    standing = gate.enter(actor=actor, person_id=person_id)
    row, rule = allowed_row(standing, document_id, ask, lock=True)
    sealer = gate.sealer(standing)
    before = row.words(sealer)
    kept = rules.OwnWords(title=words.get("title", before.title), note=words.get("note", before.note))
    Document.objects.filter(person_id=person_id, id=document_id).update(
        own_words=sealer.seal(kept.to_bytes(), item=document_id, part="own_words")
    )
    journal_row(standing, KIND_OF_ASK[ask], rule, row)


@deed
def move(*, actor: Actor, person_id: UUID, document_id: UUID, folder_id: UUID | None) -> None:
    """Put a document into one of the holder's folders, or take it out (None)."""
    standing = gate.enter(actor=actor, person_id=person_id)
    row, rule = allowed_row(standing, document_id, "move", lock=True)
    if folder_id is not None and not Folder.objects.filter(person_id=person_id, id=folder_id).exists():
        raise gate.absent(standing, "move", document_id)
    Document.objects.filter(person_id=person_id, id=document_id).update(folder_id=folder_id)
    journal_row(standing, "document_moved", rule, row)


@deed
def create_folder(*, actor: Actor, person_id: UUID, name: str) -> UUID:
    """A new folder of the holder; the same name (case and spaces aside) gives the same folder."""
    kept = rules.check_folder_name(name)
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "create_folder").rule
    name_key = vault.find_key("folder", f"{person_id}|{kept.casefold()}")
    found = Folder.objects.filter(person_id=person_id, name_key=name_key).first()
    if found is not None:
        return found.id
    folder_id = new_id()
    Folder.objects.create(
        person_id=person_id,
        id=folder_id,
        name_key=name_key,
        sealed_name=gate.sealer(standing).seal(kept.encode(), item=folder_id, part="name"),
        created_at=standing.at,
    )
    gate.journal(standing, "folder_created", rule=rule, item_id=folder_id)
    return folder_id
