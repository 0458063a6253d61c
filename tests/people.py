"""The cast: each call makes fresh people with real rows, so tests never meet.

Amina (holder), Jeanne and her son Léo (minor), Dr Linh Nguyen (cares for Amina once granted),
Rivemont hospital, Paul (a stranger with a space of his own).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from healthspace.access.actions.delegations import Wanted
from healthspace.common import clock
from healthspace.common.actor import SYSTEM, Actor
from healthspace.enrolment.rules import window
from healthspace.people import actions as people
from healthspace.people import reads as people_reads
from healthspace.people.rules import luhn_is_right, search_key
from healthspace.spaces import actions as spaces
from healthspace.spaces.rules import TEST_OID, Identity, Ins, Traits, nir_key

PASSWORD = "four plain words here"


@dataclass(frozen=True, slots=True)
class Holder:
    """A person with a space and an account."""

    person_id: UUID
    actor: Actor
    identity: Identity
    login: str
    password: str
    account_id: UUID

    @property
    def ins(self) -> Ins:
        return self.identity.ins

    @property
    def traits(self) -> Traits:
        return self.identity.traits

    def representing(self, child: Holder) -> Actor:
        """This person acting as legal representative of that child, by a real mandate since its birth."""
        from healthspace.access import actions as access

        born_on = child.traits.born_on
        access.represent(
            actor=SYSTEM,
            person_id=child.person_id,
            representative_id=self.person_id,
            born_on=born_on,
            starts_at=datetime.combine(born_on, time(), tzinfo=UTC),
        )
        return self.claiming(child)

    def helping(
        self, other: Holder, *categories: str, scopes: tuple[str, ...] = ("write", "profile"), days: int = 100
    ) -> Actor:
        """This person acting as helper of that adult, asked and accepted; every category unless some are named."""
        from healthspace.access import actions as access
        from healthspace.access.rules import Terms
        from healthspace.terminology import reads as terminology

        opened = frozenset(categories) or frozenset(terminology.categories())
        terms = Terms(opened, frozenset(scopes), clock.today() + timedelta(days=days))
        access.ask_help(actor=other.actor, person_id=other.person_id, wanted=self.as_wanted(), terms=terms)
        access.accept_help(actor=self.actor, person_id=other.person_id)
        return access.as_caregiver(self.actor, other.person_id)

    def as_wanted(self) -> Wanted:
        """This person as somebody who asks them for help would type them."""
        traits = self.traits
        return Wanted(self.ins.matricule, traits.birth_name, traits.first_names[0], traits.born_on)

    def claiming(self, child: Holder) -> Actor:
        """This person saying that they act for that child; a mandate makes it true."""
        return replace(self.actor, kind="representative", person_id=child.person_id, own_person_id=self.person_id)


@dataclass(frozen=True, slots=True)
class Hospital:
    """A structure with registered software and its token."""

    id: UUID
    finess: str
    actor: Actor
    software_id: UUID
    token: str


@dataclass(frozen=True, slots=True)
class Doctor:
    """A professional with an account, working in one structure."""

    id: UUID
    rpps: str
    actor: Actor
    institution_id: UUID
    login: str
    password: str
    account_id: UUID


def amina(*, email: str | None = None) -> Holder:
    """Amina Benali, an adult with a space that she uses."""
    return holder("BENALI", ("AMINA", "LEILA"), around(1987), "F", place_in("69"), email=email)


def jeanne() -> Holder:
    """Jeanne Morel, mother of Léo."""
    return holder("MOREL", ("JEANNE",), around(1984), "F", place_in("38"))


def leo() -> Holder:
    """Léo Morel, Jeanne's son, a minor."""
    return holder("MOREL", ("LÉO", "PAUL"), around(2015), "M", place_in("38"))


def paul() -> Holder:
    """Paul Girard, who has nothing to do with any of them."""
    return holder("GIRARD", ("PAUL",), around(1979), "M", place_in("2A"))


def rivemont() -> Hospital:
    """Rivemont hospital, with software that files documents."""
    return structure("Hôpital de Rivemont", "SA01", "ETABLISSEMENT")


def dr_nguyen(place: Hospital | None = None) -> Doctor:
    """Dr Linh Nguyen, general practitioner, in a practice of her own unless a place is given."""
    return professional("Nguyen", "Linh", "10", "G15_10/SM54", place)


def holder(
    birth_name: str,
    first_names: tuple[str, ...],
    born_on: date,
    sex: str,
    birth_place: str,
    *,
    state: str = "active",
    email: str | None = None,
    language: str = "fr",
) -> Holder:
    """Any person with a space and an account; `email=None` gives an address of their own."""
    login = f"{search_key(first_names[0]).lower().replace(' ', '-')}.{secrets.token_hex(6)}"
    identity = Identity(
        ins=new_ins(born_on, sex, birth_place),
        traits=Traits(birth_name, first_names, born_on, sex, birth_place),  # type: ignore[arg-type]
        used_first_name=first_names[0].capitalize(),
        used_name=birth_name.capitalize(),
        email=f"{login}@example.org" if email is None else email,
    )
    person_id = spaces.open_space(
        actor=SYSTEM, identity=identity, state=state, language=language, deadline_at=window.deadline(clock.now())
    )
    account = people.create_account(
        login=login, password=PASSWORD, kind="holder", person_id=person_id, language=language
    )
    actor = replace(people_reads.actor_of(account), name=identity.name)
    return Holder(person_id, actor, identity, login, PASSWORD, account.id)


def structure(name: str, facility_type: str, setting: str) -> Hospital:
    """Any structure, with software and a token."""
    finess = new_finess()
    institution_id = people.ensure_institution(
        finess=finess, name=name, facility_type=facility_type, setting=setting, city="Rivemont"
    )
    software_id = people.register_software(name="Rivemont DPI", institution_id=institution_id)
    token = people.issue_token(software_id=software_id)
    actor = people_reads.actor_by_token(token)
    assert actor is not None
    return Hospital(institution_id, finess, actor, software_id, token)


def professional(
    family_name: str, first_name: str, profession: str, specialty: str = "", place: Hospital | None = None
) -> Doctor:
    """Any professional with an account."""
    rpps = new_rpps()
    professional_id = people.ensure_professional(
        rpps=rpps, family_name=family_name, first_name=first_name, profession=profession, specialty=specialty
    )
    place = place or structure(f"Cabinet {family_name}", "SA07", "AMBULATOIRE")
    people.add_practice(professional_id=professional_id, institution_id=place.id)
    login = f"{search_key(first_name).lower().replace(' ', '-')}.{secrets.token_hex(6)}"
    account = people.create_account(
        login=login, password=PASSWORD, kind="professional", professional_id=professional_id
    )
    actor = people_reads.actor_of(account, place.id)
    return Doctor(professional_id, rpps, actor, place.id, login, PASSWORD, account.id)


def around(year: int) -> date:
    """Some day of that year, so that invented numbers never meet."""
    return date(year, 1, 1) + timedelta(days=secrets.randbelow(365))


def place_in(department: str) -> str:
    """The INSEE code of some commune of a department."""
    return f"{department}{secrets.randbelow(10**3):03d}"


def new_ins(born_on: date, sex: str, birth_place: str) -> Ins:
    """An invented INS with a right key, under the test authority."""
    number = f"{'1' if sex == 'M' else '2'}{born_on:%y%m}{birth_place}"
    thirteen = f"{number}{secrets.randbelow(999) + 1:03d}"
    return Ins(thirteen + nir_key(thirteen), TEST_OID)


def new_rpps() -> str:
    """An invented RPPS with a right control digit."""
    return _with_control(f"99{secrets.randbelow(10**8):08d}")


def new_finess() -> str:
    """An invented FINESS with a right control digit."""
    return _with_control(f"{secrets.randbelow(10**8):08d}")


def _with_control(digits: str) -> str:
    return next(digits + str(last) for last in range(10) if luhn_is_right(digits + str(last)))


def grant(holder: Holder, doctor: Doctor) -> UUID:
    """The holder lets this professional consult; the tie's id."""
    from healthspace.access import actions as access

    return access.grant(actor=holder.actor, person_id=holder.person_id, professional_id=doctor.id)


def block(holder: Holder, doctor: Doctor) -> UUID:
    """The holder blocks this professional."""
    from healthspace.access import actions as access

    return access.block(actor=holder.actor, person_id=holder.person_id, professional_id=doctor.id)
