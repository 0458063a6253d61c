"""Files each moment of the stories as its author would: a professional, a place's software, or the holder."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from healthspace.common.actor import Actor
from healthspace.common.errors import SpaceClosed
from healthspace.demo import bodies, cast, settling
from healthspace.demo.settling import Town
from healthspace.demo.stories import Moment, moments
from healthspace.documents import actions as documents
from healthspace.documents.rules import Author, ClaimedIdentity, Order, Receipt
from healthspace.journeys.load import patiently
from healthspace.outbox import dispatcher
from healthspace.terminology import reads as terminology


@dataclass(slots=True)
class Filed:
    """What has been filed: ids by moment, and how many were here before."""

    ids: dict[str, UUID] = field(default_factory=dict)
    new: int = 0
    known: int = 0


def file(town: Town, moment: Moment, filed: Filed) -> None:
    """One document through the same door as any other, on its day."""
    order = order_of(town, moment)
    with settling.at(moment.made_at + timedelta(minutes=3)):
        try:
            receipt = patiently(lambda: documents.deposit(actor=actor_of(town, moment), order=order))
        except SpaceClosed:
            return
        if receipt.status == "filed":
            filed.new += 1
            _after(town, moment, receipt)
            dispatcher.run_for(receipt.person_id)
        else:
            filed.known += 1
    filed.ids[moment.key] = receipt.document_id


def _after(town: Town, moment: Moment, receipt: Receipt) -> None:
    if moment.step.get("masked"):
        holder = settling.holder(town, moment.villager)
        documents.mask(actor=holder, person_id=receipt.person_id, document_id=receipt.document_id)


def actor_of(town: Town, moment: Moment) -> Actor:
    """Who files this moment."""
    if moment.maker is None:
        return settling.holder(town, moment.villager)
    if moment.step.get("from_institution"):
        return settling.institution(town, moment.maker.place.key)
    return settling.professional(town, moment.by)


def order_of(town: Town, moment: Moment) -> Order:
    """The order with what its header says."""
    content, media_type = bodies.body(moment)
    villager, maker = moment.villager, moment.maker
    is_own = maker is None
    stay = timedelta(days=int(moment.step.get("days", 0)))
    return Order(
        type_code=moment.type_code,
        title=moment.title,
        media_type=media_type,
        content=content,
        made_at=moment.made_at,
        source_id=moment.unique_id,
        identity=None if is_own else ClaimedIdentity(settling.ins_of(villager), settling.traits_of(villager)),
        person_id=town.persons[villager.key] if is_own else None,
        service_start=moment.made_at - stay if stay else None,
        service_stop=moment.made_at if stay else None,
        authors=_authors(moment),
        setting_code=maker.place.setting if maker else "",
        facility_code=maker.place.facility_type if maker else "",
        language="en" if moment.title.startswith("My ") else "fr-FR",
        confidentiality=frozenset(moment.step.get("hide", ())),
    )


def _authors(moment: Moment) -> tuple[Author, ...]:
    maker = moment.maker
    if maker is None:
        return (Author(name=moment.villager.subject.shown_name),)
    specialty = f"G15_{maker.profession}" + (f"/{maker.specialty}" if maker.specialty else "")
    return (Author(maker.shown_name, maker.rpps, specialty, maker.place.name, maker.place.finess),)


def all_moments(today: datetime) -> list[Moment]:
    """Every document of the town, the oldest first; what cannot be filed is left out."""
    found = [moment for villager in cast.villagers().values() for moment in moments(villager, today.date())]
    known = terminology.document_types()
    return sorted((one for one in found if one.type_code in known), key=lambda one: (one.made_at, one.key))
