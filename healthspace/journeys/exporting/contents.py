"""Everything of a space but the bytes of its documents, as files of a copy, in the asker's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

import orjson
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from healthspace.access import reads as access
from healthspace.audit.reads import Entry
from healthspace.common.sheets import sheet
from healthspace.documents import reads as documents
from healthspace.documents.reads import Card
from healthspace.documents.reads.copies import Asked
from healthspace.journeys.exporting import own, people
from healthspace.journeys.exporting.names import file_name, question_file_name
from healthspace.notifications import reads as notifications
from healthspace.profile import reads as profile
from healthspace.spaces.rules import Identity
from healthspace.support.reads import TicketCard

LINES_AT_ONCE: Final = 1000
LINES_SHOWN: Final = 100


def files(asked: Asked, cards: Sequence[Card], questions: Sequence[TicketCard]) -> Iterator[tuple[str, bytes]]:
    """Name and content of each file, the page to begin with first."""
    who = access.identity(actor=asked.actor, person_id=asked.person_id)
    lines = list(_journal(asked))
    care = profile.care_history(actor=asked.actor, person_id=asked.person_id)
    ties = access.ties(actor=asked.actor, person_id=asked.person_id)
    notices = list(_notices(asked))
    around = people.people(asked)
    sheets = list(own.sheets(asked, questions))
    shown = {
        "site": settings.SITE_NAME,
        "language": asked.language,
        "who": who,
        "at": asked.asked_at,
        "documents": [(card, file_name(card)) for card in cards],
        "care": [(line, _category(line.category, asked.language)) for line in care.lines],
        "ties": ties,
        "lines": lines[:LINES_SHOWN],
        "has_more_lines": len(lines) > LINES_SHOWN,
        "notices": notices,
        "people": around,
        "questions": [(one, [question_file_name(one, file) for file in one.files]) for one in questions],
        "sheets": [name for name, _content in sheets],
    }
    yield "index.html", render_to_string("documents/copy.html", shown).encode()
    yield "documents.csv", _documents(cards)
    yield "profile.json", _profile(asked, who)
    yield "care-history.csv", _care(care, asked.language)
    yield "journal.csv", _lines(lines)
    yield "access.csv", _ties(ties)
    yield "notices.csv", sheet([_("Date"), _("Notice")], [(_at(one.at), one.text) for one in notices])
    yield "people.csv", people.people_sheet(around)
    yield "paper-forms.csv", people.forms_sheet(asked)
    yield from sheets


def _journal(asked: Asked) -> Iterator[Entry]:
    before = None
    while True:
        page = documents.journal(
            actor=asked.actor, person_id=asked.person_id, before=before, limit=LINES_AT_ONCE, is_act=False
        )
        yield from page
        if len(page) < LINES_AT_ONCE:
            return
        before = page[-1].place


def _notices(asked: Asked) -> Iterator[notifications.NoticeCard]:
    before: tuple[datetime | None, Any] = (None, None)
    while True:
        page = notifications.notices(
            actor=asked.actor,
            person_id=asked.person_id,
            before=before[0],
            before_id=before[1],
            limit=LINES_AT_ONCE,
        )
        yield from page
        if len(page) < LINES_AT_ONCE:
            return
        before = (page[-1].at, page[-1].id)


def _category(code: str, language: str) -> str:
    return profile.categories()[code].label(language)


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _documents(cards: Sequence[Card]) -> bytes:
    head = [_("File"), _("Date"), _("Title"), _("Kind"), _("Author"), _("Place"), _("Added on"), _("State")]
    head += [_("Hidden from professionals"), _("My note"), _("SHA-256")]
    return sheet(
        head,
        [
            (
                file_name(card),
                card.made_at.date(),
                card.title,
                card.type_label,
                card.author_name,
                card.author_place,
                _at(card.deposited_at),
                card.status,
                int(card.is_masked),
                card.note,
                card.sheet.sha256,
            )
            for card in cards
        ],
    )


def _profile(asked: Asked, who: Identity) -> bytes:
    """A FHIR R4 Bundle (collection): the person, then every entry as it came."""
    patient = {
        "resourceType": "Patient",
        "identifier": [{"system": f"urn:oid:{who.ins.oid}", "value": who.ins.matricule}],
        "name": [{"use": "official", "family": who.traits.birth_name, "given": list(who.traits.first_names)}],
        "birthDate": who.traits.born_on.isoformat(),
        "gender": {"M": "male", "F": "female"}.get(who.traits.sex, "unknown"),
    }
    entries: list[dict[str, Any]] = [{"resource": patient}]
    offset = 0
    while page := profile.entries(actor=asked.actor, person_id=asked.person_id, limit=LINES_AT_ONCE, offset=offset):
        entries += [{"resource": one.resource} for one in page]
        offset += len(page)
        if len(page) < LINES_AT_ONCE:
            break
    bundle = {"resourceType": "Bundle", "type": "collection", "timestamp": _at(asked.asked_at), "entry": entries}
    return orjson.dumps(bundle, option=orjson.OPT_INDENT_2)


def _care(care: profile.CareHistory, language: str) -> bytes:
    head = [_("Date"), _("Kind"), _("Care"), _("Code"), _("Quantity"), _("Given by"), _("Place")]
    return sheet(
        head,
        [
            (
                line.on,
                _category(line.category, language),
                line.label,
                line.code,
                line.quantity,
                line.provider,
                line.place,
            )
            for line in care.lines
        ],
    )


def _lines(lines: Sequence[Entry]) -> bytes:
    head = [_("Date"), _("What happened"), _("Who"), _("Place"), _("Outcome"), _("Rule"), _("Identifier")]
    return sheet(
        head,
        [
            (_at(one.at), one.sentence, one.actor_name, one.institution_name, one.outcome, one.rule, one.id)
            for one in lines
        ],
    )


def _ties(ties: Sequence[access.TieCard]) -> bytes:
    head = [_("Who"), _("Right"), _("From"), _("Until")]
    return sheet(
        head, [(one.name, one.kind, _at(one.starts_at), _at(one.expires_at) if one.expires_at else "") for one in ties]
    )
