"""A few recent acts of people, so that the journal, the folders and the masks have something to show."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from healthspace.common.actor import Actor
from healthspace.common.errors import Refused
from healthspace.demo import cast, filing, settling, stories
from healthspace.demo.filing import Filed
from healthspace.demo.settling import Town
from healthspace.documents import actions as documents
from healthspace.documents import reads
from healthspace.documents.reads import ListQuery
from healthspace.documents.rules import ClaimedIdentity
from healthspace.notifications import actions as notifications
from healthspace.outbox import dispatcher
from healthspace.spaces import actions as spaces

LAST_FOLDER = "À montrer au médecin"
"""Made last: where it stands, these acts have been done."""


def have_been_performed(town: Town) -> bool:
    """True once everything is filed and all acts are done."""
    amina = settling.holder(town, cast.villagers()["amina"])
    folders = reads.folders(actor=amina, person_id=town.persons["amina"])
    return any(folder.name == LAST_FOLDER for folder in folders)


def perform(town: Town, filed: Filed, today: datetime) -> None:
    """All acts, after everything is filed."""
    amina = settling.holder(town, cast.villagers()["amina"])
    with settling.at(today - timedelta(days=10)):
        _holders_catch_up(town)
    with settling.at(today - timedelta(days=9)):
        _corrected_report(town, today)
        _wrong_person(town, today)
        _tell(town)
    with settling.at(today - timedelta(days=6)):
        _professionals_read(town)
        _tell(town)
    with settling.at(today - timedelta(days=4)):
        _strangers_try(town)
        _not_mine(town, filed)
        _tell(town)
    with settling.at(today - timedelta(days=1)):
        _amina_sorts(town, filed, amina)
        _tell(town)


def _holders_catch_up(town: Town) -> None:
    """Who has a sign-in read the notices and gave an address: mails begin here, not six years ago."""
    for villager in cast.villagers().values():
        if villager.account:
            actor, person_id = settling.holder(town, villager), town.persons[villager.key]
            spaces.change_contact(actor=actor, person_id=person_id, email=villager.email, phone=villager.subject.phone)
            dispatcher.run_for(person_id)
            notifications.mark_read(actor=actor, person_id=person_id)


def _tell(town: Town) -> None:
    """Notices of what just happened, on that day."""
    for villager in cast.villagers().values():
        if villager.state == "open":
            dispatcher.run_for(town.persons[villager.key])


def _latest(filed: Filed, beginning: str) -> UUID | None:
    keys = [key for key in filed.ids if key.startswith(beginning) and not key.endswith(":d")]
    return filed.ids[keys[-1]] if keys else None


def _amina_sorts(town: Town, filed: Filed, amina: Actor) -> None:
    person_id = town.persons["amina"]
    pregnancy = documents.create_folder(actor=amina, person_id=person_id, name="Grossesse et naissance")
    for key, document_id in filed.ids.items():
        if key.startswith("amina:pregnancy:"):
            documents.move(actor=amina, person_id=person_id, document_id=document_id, folder_id=pregnancy)
    letter, test = _latest(filed, "amina:pregnancy:5"), _latest(filed, "amina:thyroid:0")
    if letter:
        documents.rename(actor=amina, person_id=person_id, document_id=letter, title="Sortie de la maternité de Nour")
        documents.note(
            actor=amina, person_id=person_id, document_id=letter, text="À apporter au rendez-vous de la sage-femme."
        )
    notes = _latest(filed, "amina:pregnancy:0")
    if notes:
        documents.mask(actor=amina, person_id=person_id, document_id=notes)
    if test:
        reads.open_document(actor=amina, person_id=person_id, document_id=test)
    folder = documents.create_folder(actor=amina, person_id=person_id, name=LAST_FOLDER)
    if test:
        documents.move(actor=amina, person_id=person_id, document_id=test, folder_id=folder)


def _professionals_read(town: Town) -> None:
    """The attending doctors look at the records of their patients, the cardiologist at some."""
    for key, reader in (
        ("amina", "nguyen"),
        ("paul", "nguyen"),
        ("karim", "haddad"),
        ("jeanne", "kaci"),
        ("leo", "kaci"),
    ):
        actor, person_id = settling.professional(town, reader), town.persons[key]
        page = reads.list_documents(actor=actor, person_id=person_id, query=ListQuery(limit=3, is_visit=True))
        for card in page.cards[:2]:
            reads.open_document(actor=actor, person_id=person_id, document_id=card.id)


def _strangers_try(town: Town) -> None:
    """Refusals leave their trace: a holder of another space, a blocked pharmacist, a doctor without consent."""
    paul = settling.holder(town, cast.villagers()["paul"])
    tries: tuple[tuple[Actor, str], ...] = (
        (paul, "amina"),
        (settling.professional(town, "lacombe"), "jeanne"),
        (settling.professional(town, "haddad"), "jeanne"),
        (settling.professional(town, "castel"), "amina"),
    )
    for actor, key in tries:
        with suppress(Refused):
            reads.list_documents(actor=actor, person_id=town.persons[key], query=ListQuery())


def _not_mine(town: Town, filed: Filed) -> None:
    """Lucas reports a prescription that was filed for him by mistake."""
    document_id = _latest(filed, "lucas:pollen:0")
    if document_id:
        lucas = settling.holder(town, cast.villagers()["lucas"])
        with suppress(Refused):
            documents.disown(actor=lucas, person_id=town.persons["lucas"], document_id=document_id)


def _of(key: str, beginning: str, today: date) -> stories.Moment:
    every = [one for one in stories.moments(cast.villagers()[key], today) if one.key.startswith(beginning)]
    return every[-1]


def _corrected_report(town: Town, today: datetime) -> None:
    """The laboratory sends Paul's last report again, corrected: the old version stays reachable."""
    moment = _of("paul", "paul:lipids:0", today.date())
    new = replace(moment, key=f"{moment.key}:corrected", step={**moment.step, "title": f"{moment.title} (corrigé)"})
    order = replace(filing.order_of(town, new), replaces=moment.unique_id)
    documents.replace(actor=filing.actor_of(town, moment), order=order)


def _wrong_person(town: Town, today: datetime) -> None:
    """The hospital sends a letter with Amina's number and another birth date: it waits in quarantine."""
    moment = _of("amina", "amina:ankle:0", today.date())
    order = filing.order_of(town, replace(moment, key=f"{moment.key}:other"))
    wrong = replace(settling.traits_of(cast.villagers()["amina"]), born_on=date(1958, 4, 12))
    identity = ClaimedIdentity(settling.ins_of(cast.villagers()["amina"]), wrong)
    documents.deposit(actor=settling.institution(town, "hospital"), order=replace(order, identity=identity))
