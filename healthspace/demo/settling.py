"""The town is settled: its directory, its spaces, its accounts and who may consult whom."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from healthspace.access import actions as access
from healthspace.access import reads as access_reads
from healthspace.common import clock
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import Conflict, Refused
from healthspace.demo import cast, desk, helper
from healthspace.demo.cast import Villager
from healthspace.demo.make.parts import Maker, Place
from healthspace.enrolment.rules import window
from healthspace.people import actions as people
from healthspace.people import reads as people_reads
from healthspace.schema.context import set_context
from healthspace.spaces import actions as spaces
from healthspace.spaces import reads as spaces_reads
from healthspace.spaces.rules import Identity, Ins, Traits

PASSWORD = "les tilleuls de rivemont"  # noqa: S105 - printed at every start of the demo
DESK = {"operator": "odile.exploitation", "support": "sacha.accueil"}  # kind of account, login
HOSPITAL_SOFTWARE = "Dossier patient de Rivemont"


@dataclass(frozen=True, slots=True)
class Town:
    """Ids of everybody, by the keys of the data."""

    places: dict[str, UUID]
    makers: dict[str, UUID]
    persons: dict[str, UUID]


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Acts inside happen at that moment: the demo's past, never used elsewhere."""
    now = clock.now
    clock.now = lambda: moment
    try:
        yield
    finally:
        clock.now = now


def settle(today: datetime) -> Town:
    """Everybody of the data, made where missing; twice without harm."""
    places = {key: _institution(one) for key, one in cast.places().items()}
    makers = {key: _professional(one, places) for key, one in cast.makers().items()}
    persons = {}
    for order, (key, one) in enumerate(cast.villagers().items()):
        with at(today - timedelta(days=2230 - order)):
            persons[key] = _space(one)
    with at(today - timedelta(days=2230)):
        _name_parents(persons)
    return Town(places, makers, persons)


def _name_parents(persons: dict[str, UUID]) -> None:
    """Both parents of every child of then act for it, as the register has them."""
    for key, villager in cast.villagers().items():
        for parent in villager.parents:
            if parent in persons:
                access.represent(
                    actor=SYSTEM,
                    person_id=persons[key],
                    representative_id=persons[parent],
                    born_on=villager.subject.born_on,
                )


def _institution(place: Place) -> UUID:
    return people.ensure_institution(
        finess=place.finess,
        name=place.name,
        facility_type=place.facility_type,
        setting=place.setting,
        city=place.city,
    )


def _professional(maker: Maker, places: dict[str, UUID]) -> UUID:
    found = people.ensure_professional(
        rpps=maker.rpps,
        family_name=maker.family_name,
        first_name=maker.first_name,
        profession=maker.profession,
        specialty=f"G15_{maker.profession}" + (f"/{maker.specialty}" if maker.specialty else ""),
        title=maker.title,
    )
    people.add_practice(professional_id=found, institution_id=places[maker.place.key])
    return found


def ins_of(villager: Villager) -> Ins:
    """The person's INS under the test authority."""
    return Ins(villager.subject.ins, villager.subject.oid)


def traits_of(villager: Villager) -> Traits:
    """The five strict traits."""
    subject = villager.subject
    return Traits(
        birth_name=subject.birth_name,
        first_names=subject.first_names,
        born_on=subject.born_on,
        sex="F" if subject.sex == "F" else "M",
        birth_place=subject.birth_place_code,
    )


def _space(villager: Villager) -> UUID:
    found = spaces_reads.find_person(ins_of(villager))
    if found is not None:
        return found
    subject = villager.subject
    identity = Identity(
        ins=ins_of(villager),
        traits=traits_of(villager),
        used_name=subject.used_name,
        used_first_name=subject.first_names[0],
    )
    state = "informed" if villager.state == "opposed" else "open_inactive"
    return spaces.open_space(
        actor=SYSTEM,
        identity=identity,
        state=state,
        language=villager.language,
        deadline_at=window.deadline(clock.now()),
    )


def holder(town: Town, villager: Villager) -> Actor:
    """The person as holder of their own space; a child through a parent."""
    person_id = town.persons[villager.key]
    if villager.subject.age_on(clock.today()) < 18 and villager.parents:
        parent = cast.villagers()[villager.parents[0]]
        return Actor(
            kind="representative",
            id=town.persons[parent.key],
            name=parent.subject.shown_name,
            person_id=person_id,
            own_person_id=town.persons[parent.key],
        )
    account = people_reads.account_of_person(person_id)
    name = villager.subject.shown_name
    return Actor(kind="holder", id=account.id if account else person_id, name=name, person_id=person_id)


def professional(town: Town, key: str) -> Actor:
    """A professional at work in their place."""
    maker = cast.makers()[key]
    return Actor(
        kind="professional",
        id=town.makers[key],
        name=maker.shown_name,
        professional_id=town.makers[key],
        profession=maker.profession,
        institution_id=town.places[maker.place.key],
        institution_name=maker.place.name,
    )


def institution(town: Town, key: str) -> Actor:
    """A place whose software files."""
    place = cast.places()[key]
    return Actor(
        kind="institution",
        id=town.places[key],
        name=place.name,
        institution_id=town.places[key],
        institution_name=place.name,
        software=HOSPITAL_SOFTWARE if key == "hospital" else f"Logiciel de {place.name}",
    )


def activate(town: Town, today: datetime) -> None:
    """Those who use their space entered it three years ago, and have a sign-in."""
    for villager in cast.villagers().values():
        if not villager.is_active:
            continue
        person_id = town.persons[villager.key]
        if people_reads.account_of_person(person_id) is None:
            people.create_account(
                login=villager.account,
                password=PASSWORD,
                kind="holder",
                person_id=person_id,
                language=villager.language,
            )
        with transaction.atomic():
            set_context(person_id)
            is_waiting = spaces_reads.state(person_id).state == "open_inactive"
        if is_waiting:
            with at(today - timedelta(days=1100)):
                spaces.activate(actor=holder(town, villager), person_id=person_id)


def professional_accounts(town: Town, logins: dict[str, str]) -> None:
    """Sign-ins of professionals, by their key."""
    for key, login in logins.items():
        try:
            people.create_account(login=login, password=PASSWORD, kind="professional", professional_id=town.makers[key])
        except Conflict:
            continue


def desk_accounts() -> None:
    """Sign-ins of those who run the product: the operator's pages and the phone desk; and of a helper at a desk."""
    helper.settle(PASSWORD)
    for kind, login in DESK.items():
        try:
            people.create_account(login=login, password=PASSWORD, kind=kind)
        except Conflict:
            continue
    desk.settle(PASSWORD)


def bind(town: Town, today: datetime) -> None:
    """Attending doctors, authorised places and professionals, once for each person."""
    for villager in cast.villagers().values():
        if villager.state != "open":
            continue
        person_id, actor = town.persons[villager.key], holder(town, villager)
        if access_reads.ties(actor=actor, person_id=person_id):
            continue
        born = datetime.combine(villager.subject.born_on, today.time(), tzinfo=today.tzinfo)
        with at(max(today - timedelta(days=1090), born + timedelta(days=1))):
            access.name_attending_doctor(
                actor=actor, person_id=person_id, professional_id=town.makers[villager.attending]
            )
        with at(max(today - timedelta(days=400), born + timedelta(days=2))):
            access.grant(actor=actor, person_id=person_id, institution_id=town.places["pharmacy"])
            _more(town, villager, actor, today)


def _more(town: Town, villager: Villager, actor: Actor, today: datetime) -> None:
    person_id = town.persons[villager.key]
    if {"knee", "heart_failure", "pregnancy", "newborn", "asthma"} & set(villager.stories):
        access.grant(
            actor=actor,
            person_id=person_id,
            institution_id=town.places["hospital"],
            until=today + timedelta(days=200),
        )
    if "hypertension" in villager.stories:
        access.grant(actor=actor, person_id=person_id, professional_id=town.makers["haddad"])
    if villager.key == "jeanne":
        access.block(actor=actor, person_id=person_id, professional_id=town.makers["lacombe"])


def end_some(town: Town, today: datetime) -> None:
    """One person opposed, one closed the space, one has died."""
    with at(today - timedelta(days=30)):
        for villager in cast.villagers().values():
            person_id = town.persons[villager.key]
            try:
                if villager.state == "closed":
                    spaces.close(actor=holder(town, villager), person_id=person_id)
                elif villager.state == "opposed":
                    spaces.oppose(actor=holder(town, villager), person_id=person_id)
                elif villager.state == "deceased":
                    spaces.note_death(actor=SYSTEM, person_id=person_id)
            except (Conflict, Refused):
                continue
