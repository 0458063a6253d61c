"""Telling: a notice in the space, and a mail without content; reading and choosing by the holder."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.db import connection

from healthspace.access import gate
from healthspace.access.deed import deed
from healthspace.common import clock, ids
from healthspace.common.actor import Actor
from healthspace.common.errors import Invalid, Refused, Unavailable
from healthspace.notifications import events, reads, rules
from healthspace.notifications.adapters import contact_mail, mail, recovery_mail
from healthspace.notifications.kinds import KINDS, SPACE_MAILS
from healthspace.notifications.models import AuthorNotice, MailChoice, Notice
from healthspace.outbox import actions as outbox
from healthspace.people import actions as people
from healthspace.people import reads as accounts
from healthspace.spaces import reads as spaces
from healthspace.spaces.reads import contacts
from healthspace.spaces.rules.contacts import Reach
from healthspace.vault.reads import KeyDestroyed

# In plain SQL because each deposit of the country passes here.
_ADD: Final = (
    "INSERT INTO notifications_notice"
    " (person_id, id, fact_id, kind, at, item_id, is_hidden_from_representatives)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT (person_id, fact_id) DO NOTHING"
)
_MAIL_STATE: Final = (
    "SELECT (SELECT is_mailed FROM notifications_mail_choice WHERE person_id = %s AND kind = %s),"
    " (SELECT max(mailed_at) FROM notifications_notice WHERE person_id = %s)"
)


def tell(
    *,
    person_id: UUID,
    fact_id: UUID,
    kind: str,
    item_id: UUID | None = None,
    is_hidden_from_representatives: bool = False,
) -> None:
    """Put one notice for this fact into the space; a second call for the same fact does nothing.

    In the dispatcher's transaction, whose context is the person.
    """
    notice_id = ids.new_id()
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD, [person_id, notice_id, fact_id, kind, clock.now(), item_id, is_hidden_from_representatives]
        )
        is_new = cursor.rowcount == 1
    if is_new and not is_hidden_from_representatives and _is_due(person_id, kind):
        outbox.publish(person_id=person_id, fact=events.NoticeMade(person_id, notice_id, kind))


def hide_from_representatives(*, person_id: UUID, item_id: UUID) -> None:
    """Nothing that was told of this item is shown to representatives any more (CHI-4); in the person's context."""
    Notice.objects.filter(person_id=person_id, item_id=item_id).update(is_hidden_from_representatives=True)


def tell_reader(*, person_id: UUID, fact_id: UUID, kind: str, reader_id: UUID) -> None:
    """As `tell`, once a day for the same reader."""
    since = clock.now() - rules.SAME_READER
    same = Notice.objects.filter(person_id=person_id, kind=kind, item_id=reader_id, at__gt=since)
    if not same.exclude(fact_id=fact_id).exists():
        tell(person_id=person_id, fact_id=fact_id, kind=kind, item_id=reader_id)


def tell_author(*, fact_id: UUID, document_id: UUID, professional_id: UUID | None, institution_id: UUID | None) -> None:
    """Tell the author of a document that its holder says "this is not mine"; once for each fact.

    The professional who filed it, or the structure when it filed as a structure: only the author may
    read such a document, so only the author is told.
    """
    if professional_id is None and institution_id is None:
        return
    AuthorNotice.objects.get_or_create(
        fact_id=fact_id,
        defaults={
            "kind": "document_disowned",
            "at": clock.now(),
            "professional_id": professional_id,
            "institution_id": institution_id if professional_id is None else None,
            "document_id": document_id,
        },
    )


def mark_author_notice_read(*, actor: Actor, notice_id: UUID) -> None:
    """The author has seen it; Refused when it is not theirs."""
    mine = AuthorNotice.objects.filter(reads.addressed_to(actor), uuid=notice_id)
    if not mine.exists():
        raise Refused("ABSENT")
    mine.filter(read_at=None).update(read_at=clock.now())


def mail_notice(*, person_id: UUID, fact_id: UUID, notice_id: UUID) -> None:
    """Send the mail of a notice if the holder has an address, wants it, and had none within the hour.

    What only the holder may know is not mailed: a representative may read that address too.
    """
    notice = Notice.objects.filter(person_id=person_id, id=notice_id).first()
    if notice is None or notice.mailed_at or notice.is_hidden_from_representatives:
        return
    if not _is_due(person_id, notice.kind):
        return
    try:
        space, address = spaces.state(person_id), spaces.identity(person_id).email
    except (Refused, KeyDestroyed):
        return
    if not space.is_open:
        return
    if address:
        mail.send_something_new(address=address, language=space.language, message_id=fact_id)
    Notice.objects.filter(person_id=person_id, id=notice_id).update(mailed_at=clock.now())


def mail_about_space(*, address: str, language: str, message_id: UUID, kind: str) -> None:
    """One mail about the space itself (`kinds.SPACE_MAILS`), to whoever cannot read notices in it."""
    mail.send_about_space(address=address, language=language, message_id=message_id, mail=SPACE_MAILS[kind])


def mail_change(*, person_id: UUID, fact_id: UUID, before: str, after: str) -> None:
    """Tell the holder by mail that the space was closed, reopened, suspended or is to be deleted (CLO-2, CLO-4).

    Where it is closed the address is the one kept for this; changes of other kinds are told elsewhere.
    """
    kind = rules.MAIL_OF_CHANGE.get((before, after))
    if kind is None:
        return
    try:
        if spaces.state(person_id).is_open:
            address, language = spaces.identity(person_id).email, spaces.state(person_id).language
        else:
            contact = spaces.contact(person_id)
            address, language = (contact.email, contact.language) if contact else ("", "")
    except (Refused, KeyDestroyed):
        return
    if address:
        mail_about_space(address=address, language=language, message_id=fact_id, kind=kind)


def mail_contact_change(*, person_id: UUID, fact_id: UUID, change_id: UUID) -> None:
    """Tell every address of before that another one was asked for, stopped or put in place (T12).

    With the link that stops it while it waits, whatever mails the holder chose: this one is never left out.
    A first address ever gets the digits that confirm it.
    """
    try:
        change, language = contacts.contact_change(person_id, change_id), spaces.state(person_id).language
    except (Refused, KeyDestroyed):
        return
    if change is None:
        return
    if change.state == "checking":
        words = contact_mail.digits(contacts.first_digits(change_id), language)
        mail.send(change.after.email, *words, fact_id)
        return
    token = contacts.stop_token(person_id, change_id)
    for subject, body in contact_mail.told(change.state, token, language):
        if change.before.email:
            mail.send(change.before.email, subject, body, fact_id)
        if change.before.phone:
            text = contact_mail.short(change.state, subject, token, language)
            _tell_phone(change.before, text, fact_id)


def mail_recovery(*, person_id: UUID, fact_id: UUID) -> None:
    """Tell every known address that the account was given back by letter, with the link that stops it (T13)."""
    token = accounts.recovery_stop(person_id)
    try:
        known, language = spaces.identity(person_id), spaces.state(person_id).language
    except (Refused, KeyDestroyed):
        return
    if token and known.email:
        mail.send(known.email, *recovery_mail.recovered(token, language), fact_id)
    if token and known.phone:
        _tell_phone(Reach(known.email, known.phone), recovery_mail.short(token, language), fact_id)


def _tell_phone(before: Reach, text: str, fact_id: UUID) -> None:
    """By SMS; tried again when it is the only way, else the mail is not sent again and again for it."""
    try:
        people.tell_by_sms(to=before.phone, text=text, message_id=fact_id)
    except Unavailable:
        if not before.email:
            raise


def _is_due(person_id: UUID, kind: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_MAIL_STATE, [person_id, kind, person_id])
        chosen, last = cursor.fetchone()
    return rules.mail_is_due(
        kind=kind,
        is_wanted=KINDS[kind].is_mailed if chosen is None else chosen,
        since_last_mail=clock.now() - last if last else None,
    )


def erase(*, person_id: UUID) -> None:
    """Delete the notices and choices of a destroyed space, in the transaction of its destruction (CLO-2)."""
    Notice.objects.filter(person_id=person_id).delete()
    MailChoice.objects.filter(person_id=person_id).delete()


@deed
def mark_read(*, actor: Actor, person_id: UUID, notice_id: UUID | None = None) -> int:
    """Mark one notice, or all that this reader sees, as read; how many were new."""
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "read_notices").rule
    rows = Notice.objects.filter(person_id=person_id, read_at=None)
    if standing.asker.role != "holder":
        rows = rows.filter(is_hidden_from_representatives=False)
    if notice_id is not None:
        rows = rows.filter(id=notice_id)
    count = rows.update(read_at=clock.now())
    if count:
        gate.journal(standing, "notices_read", rule=rule)
    return count


@deed
def choose_mail(*, actor: Actor, person_id: UUID, kind: str, is_mailed: bool) -> None:
    """The holder's choice of mails for one kind of notice; nobody else's, and journalled."""
    standing = gate.enter(actor=actor, person_id=person_id)
    rule = gate.require(standing, "read_notices").rule
    if standing.asker.role != "holder":
        raise gate.RefusedHere(standing, "read_notices", None, "OWN")
    if kind not in KINDS:
        raise Invalid("kind", "NOTICE", "There is no such kind of notice.", "Choose one of the list.")
    MailChoice.objects.update_or_create(person_id=person_id, kind=kind, defaults={"is_mailed": is_mailed})
    gate.journal(standing, "mail_choice_changed", rule=rule)
