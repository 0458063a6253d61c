"""The notices of a space, for the holder's side only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from healthspace.access import gate
from healthspace.access.deed import deed
from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.notifications.kinds import AUTHOR_KINDS, KINDS, OF_ANOTHER
from healthspace.notifications.models import AuthorNotice, MailChoice, Notice
from healthspace.schema.message import call, send

# On every first page: one plain statement.
_UNREAD: Final = (
    "SELECT count(*) FROM notifications_notice WHERE person_id = %s AND read_at IS NULL"
    " AND (%s OR NOT is_hidden_from_representatives)"
)


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """A notice as it is shown; `item_id` is the document it leads to, if any."""

    id: UUID
    kind: str
    at: datetime
    item_id: UUID | None
    is_read: bool

    @property
    def text(self) -> str:
        """One sentence in the reader's language."""
        return str(KINDS[self.kind].text)

    @property
    def text_of_another(self) -> str:
        """The same sentence for whoever reads it in the record of somebody else."""
        return str(OF_ANOTHER.get(self.kind, KINDS[self.kind].text))


@deed
def notices(
    *,
    actor: Actor,
    person_id: UUID,
    before: datetime | None = None,
    before_id: UUID | None = None,
    limit: int = 50,
) -> tuple[NoticeCard, ...]:
    """The latest notices of this space, newest first; the next page is `before` the last one's `at` and `id`."""
    standing = gate.enter(actor=actor, person_id=person_id)
    gate.require(standing, "read_notices")
    rows = Notice.objects.filter(**_shown(standing))
    if before is not None:
        earlier = Q(at__lt=before)
        rows = rows.filter(earlier | Q(at=before, id__lt=before_id) if before_id else earlier)
    return tuple(
        NoticeCard(row.id, row.kind, row.at, row.item_id, row.read_at is not None)
        for row in rows.order_by("-at", "-id")[:limit]
        if row.kind in KINDS
    )


@deed
def unread_count(*, actor: Actor, person_id: UUID) -> int:
    """How many notices of this space nobody read yet."""
    standing = gate.enter(actor=actor, person_id=person_id)
    gate.require(standing, "read_notices")
    return int(send(call(_UNREAD, [person_id, standing.asker.role == "holder"]), (int,))[0][0])


@deed
def mail_choices(*, actor: Actor, person_id: UUID) -> Mapping[str, bool]:
    """For each kind of notice, whether a mail follows it."""
    standing = gate.enter(actor=actor, person_id=person_id)
    gate.require(standing, "read_notices")
    chosen = dict(MailChoice.objects.filter(person_id=person_id).values_list("kind", "is_mailed"))
    return {kind.code: chosen.get(kind.code, kind.is_mailed) for kind in KINDS.values()}


@dataclass(frozen=True, slots=True)
class AuthorNoticeCard:
    """A word to the author of a document, whose person only the author's own records name."""

    id: UUID
    kind: str
    at: datetime
    document_id: UUID
    is_read: bool

    @property
    def text(self) -> str:
        """What happened, in the reader's language."""
        return str(AUTHOR_KINDS[self.kind].text)


def author_notices(*, actor: Actor, limit: int = 50) -> tuple[AuthorNoticeCard, ...]:
    """What a professional, or the software of a structure, is told about documents they filed."""
    rows = AuthorNotice.objects.filter(addressed_to(actor)).order_by("-at", "-id")
    return tuple(
        AuthorNoticeCard(row.uuid, row.kind, row.at, row.document_id, row.read_at is not None)
        for row in rows[:limit]
        if row.kind in AUTHOR_KINDS
    )


def addressed_to(actor: Actor) -> Q:
    """The author notices that are this actor's: a professional's own, or all of a structure."""
    if actor.kind == "professional" and actor.professional_id is not None:
        return Q(professional_id=actor.professional_id)
    if actor.kind == "institution" and actor.institution_id is not None:
        return Q(institution_id=actor.institution_id)
    raise Refused("DEFAULT")


def _shown(standing: gate.Standing) -> dict[str, object]:
    shown: dict[str, object] = {"person_id": standing.person_id}
    if standing.asker.role != "holder":
        shown["is_hidden_from_representatives"] = False
    return shown
