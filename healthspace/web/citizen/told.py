"""Journal and ties in the words and shapes of the holder's pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, cast
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from healthspace.access import reads as access
from healthspace.access.guarded import AuthorKind, Guarded, Status
from healthspace.audit.reads import Entry, Place
from healthspace.documents import reads as documents
from healthspace.web.citizen import told_who
from healthspace.web.labels import profession
from healthspace.web.templatetags.pieces import day, moment

OPENINGS: Final = frozenset(
    {"record_opened", "documents_listed", "document_opened", "document_downloaded", "profile_read"}
)
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
FAMILY: Final = frozenset({"representative", "caregiver"})
OTHERS: Final = ("professional", "institution", "app", "support", "caregiver", "representative")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the journal on a page."""

    id: UUID
    at: datetime
    sentence: str
    is_refused: bool
    document_id: UUID | None
    mark: str


@dataclass(frozen=True, slots=True)
class Event:
    """One knot of the thread: a document, or something somebody did."""

    on: datetime
    card: documents.Card | None = None
    sentence: str = ""
    is_refused: bool = False

    @property
    def is_new(self) -> bool:
        """A document that somebody else sent since the last visit."""
        return self.card is not None and self.card.is_new and not self.card.is_from_holder


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who opened, or tried to; all they did, newest first."""

    name: str
    place: str
    tie: str
    is_accepted: bool
    is_blocked: bool
    told: str
    entries: tuple[Line, ...]
    block_address: str


@dataclass(frozen=True, slots=True)
class Tied:
    """A bond and what may be done about it."""

    name: str
    told: str
    end_address: str = ""
    block_address: str = ""
    unblock_address: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """One sentence of "who can see this document"."""

    icon: str
    text: str
    can_see: bool = True


def line(entry: Entry) -> Line:
    """A journal entry as a line; documents are linked when they are there to be seen."""
    is_document = entry.kind.startswith("document_") and entry.outcome == "done"
    gone = entry.kind in {"document_deleted", "document_disowned", "document_quarantined"}
    item = entry.item_id if is_document and not gone else None
    return Line(entry.id, entry.at, entry.sentence, entry.outcome == "refused", item, mark(entry.at, entry.id))


def mark(at: datetime, event_id: UUID) -> str:
    """A place in the journal for an address: exact to the microsecond."""
    return f"{(at - EPOCH) // MICROSECOND}.{event_id}"


def place(text: str) -> Place | None:
    """The place that a mark stands for; None when it is none."""
    micros, _dot, event = text.partition(".")
    try:
        return EPOCH + int(micros) * MICROSECOND, UUID(event)
    except (ValueError, OverflowError):
        return None


def guarded(card: documents.Card) -> Guarded:
    """The document as the law sees it, to ask who can see it."""
    return Guarded(
        status=cast("Status", card.status),
        type_code=card.type_code,
        class_code=card.class_code,
        author_kind=cast("AuthorKind", card.author_kind),
        author_professional_id=card.author_professional_id,
        author_institution_id=card.author_institution_id,
        is_masked=card.is_masked,
        hidden_from_holder_until=card.hidden_from_holder_until,
        is_hidden_from_representatives=card.is_hidden_from_representatives,
    )


def is_of_others(entry: Entry) -> bool:
    """Something that the holder did not do alone."""
    return entry.actor_kind in OTHERS


def thread(cards: Iterable[documents.Card], entries: Iterable[Entry], limit: int) -> list[Event]:
    """Documents by date of care and openings by others, in one line, newest first."""
    events = [Event(card.made_at, card=card) for card in cards]
    seen: set[tuple[UUID, str, object]] = set()
    for entry in entries:
        once = (entry.actor_id, entry.outcome, entry.at.date())
        if is_of_others(entry) and entry.kind != "document_deposited" and once not in seen:
            seen.add(once)
            events.append(Event(entry.at, sentence=entry.sentence, is_refused=entry.outcome == "refused"))
    return sorted(events, key=lambda event: event.on, reverse=True)[:limit]


def people(entries: Sequence[Entry], ties: Sequence[access.TieCard], viewer: told_who.Viewer) -> list[Person]:
    """Who did something in this record, the latest first."""
    by_actor: dict[UUID, list[Entry]] = {}
    for entry in entries:
        if is_of_others(entry):
            by_actor.setdefault(entry.actor_id, []).append(entry)
    return [_person(actor_id, run, ties, viewer) for actor_id, run in by_actor.items()]


def _person(actor_id: UUID, run: list[Entry], ties: Sequence[access.TieCard], viewer: told_who.Viewer) -> Person:
    latest = run[0]
    own = [tie for tie in ties if actor_id in {tie.professional_id, tie.institution_id}]
    is_blocked = any(tie.kind == "block" for tie in own)
    told = told_who.of_desk(run) or _counted(run)
    is_tied = latest.actor_kind in told_who.TIED
    is_own = viewer.actor.kind == "holder"
    stranger = _("Not one of your accepted professionals") if is_own else _("Not one of the accepted professionals")
    unknown = stranger if is_tied else told_who.relation(latest, viewer)
    may_block = latest.actor_kind == "professional" and not is_blocked
    job = profession(latest.profession)
    place = ". ".join(part for part in (job, latest.institution_name) if part)
    return Person(
        name=latest.actor_name,
        place=place,
        tie=tie_words(own[0], is_own=is_own) if own else unknown,
        is_accepted=bool(own) or not is_tied,
        is_blocked=is_blocked,
        told=told,
        entries=tuple(line(entry) for entry in run[:20]),
        block_address=reverse("citizen:block", args=[actor_id]) if may_block else "",
    )


def helper_count(entries: Iterable[Entry]) -> int:
    """How many helpers opened something."""
    return len({entry.actor_id for entry in entries if entry.actor_kind == "caregiver" and is_opening(entry)})


def is_opening(entry: Entry) -> bool:
    """Something read, not something filed or changed."""
    return entry.kind in OPENINGS and entry.outcome == "done"


def _counted(run: list[Entry]) -> str:
    openings = [entry for entry in run if is_opening(entry)]
    if openings:
        words = ngettext(
            "Read %(count)d time. The last one: %(when)s.",
            "Read %(count)d times. The last one: %(when)s.",
            len(openings),
        )
        return words % {"count": len(openings), "when": moment(openings[0].at)}
    if all(entry.outcome == "refused" for entry in run):
        words = ngettext(
            "Read nothing: %(count)d try was refused, %(when)s.",
            "Read nothing: %(count)d tries were refused, the last one %(when)s.",
            len(run),
        )
    else:
        words = ngettext(
            "Read nothing. Sent or changed %(count)d document, %(when)s.",
            "Read nothing. Sent or changed documents %(count)d times, the last one %(when)s.",
            len(run),
        )
    return words % {"count": len(run), "when": moment(run[0].at)}


def tie_words(tie: access.TieCard, *, is_own: bool = True) -> str:
    """What binds this person or place to the record; not `is_own` in the record of somebody else."""
    words = {
        "attending": _("Your attending doctor") if is_own else _("Attending doctor"),
        "block": _("Blocked by you") if is_own else _("Blocked here"),
        "team": _("Care team, with your agreement") if is_own else _("Care team, by agreement"),
    }
    if tie.kind in words:
        return words[tie.kind]
    since = day(tie.starts_at)
    if tie.basis == "patient-consent":
        return _("Accepted during a visit, %(on)s") % {"on": since}
    return (_("Accepted by you, %(on)s") if is_own else _("Accepted, %(on)s")) % {"on": since}


def tied(tie: access.TieCard, *, is_own: bool = True) -> Tied:
    """A bond with its words and its buttons."""
    parts = [profession(tie.profession), tie_words(tie, is_own=is_own)]
    if tie.expires_at is not None:
        parts.append(_("until %(on)s") % {"on": day(tie.expires_at)})
    told = ". ".join(part for part in parts[:2] if part) + (f", {parts[2]}" if len(parts) > 2 else "")
    blockable = tie.professional_id is not None and tie.kind not in {"block", "attending"}
    return Tied(
        name=tie.name,
        told=told,
        end_address=reverse("citizen:end", args=[tie.id]) if tie.kind != "block" else "",
        block_address=reverse("citizen:block", args=[tie.professional_id]) if blockable else "",
        unblock_address=reverse("citizen:unblock", args=[tie.professional_id]) if tie.kind == "block" else "",
    )


def readers(card: documents.Card, viewers: Sequence[access.Viewer]) -> list[Reader]:
    """Who can see this document, in sentences; those who never can come last."""
    lines = [Reader("eye", _("You"))]
    if not card.is_from_holder:
        author = card.author_name or card.author_place
        lines.append(Reader("eye", _("%(name)s, who wrote it") % {"name": author}))
    named = {line.text for line in lines}
    for viewer in viewers:
        reader = _reader(viewer)
        if reader.text not in named and viewer.name not in {card.author_name, card.author_place}:
            lines.append(reader)
    lines.append(Reader("siren", _emergency_words(card)))
    lines.append(Reader("ban", _("Your employer, your insurance, your bank: never"), can_see=False))
    return lines


def _reader(viewer: access.Viewer) -> Reader:
    job = profession(viewer.profession)
    name = _("%(name)s, %(job)s") % {"name": viewer.name, "job": job.lower()} if job else viewer.name
    if viewer.is_allowed and viewer.rule == "ACC-5":
        text = _("%(name)s: your attending doctor sees everything, by law") % {"name": viewer.name}
        return Reader("stethoscope", text)
    if viewer.is_allowed:
        return Reader("eye", name)
    why = {
        "ACC-10": _("%(name)s: no, you blocked this person"),
        "ACC-17": _("%(name)s: no, you hid this document"),
        "ACC-M": _("%(name)s: no, this profession does not read this kind of document"),
    }
    return Reader("ban", why.get(viewer.rule, _("%(name)s: no")) % {"name": name}, can_see=False)


def _emergency_words(card: documents.Card) -> str:
    if card.is_masked:
        return _("In an emergency: as you chose for hidden documents")
    return _("In an emergency: as you chose")
