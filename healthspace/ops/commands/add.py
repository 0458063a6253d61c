"""`healthspace add ...`: one institution, professional, software, token, space or account."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import date, timedelta
from getpass import getpass
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import DataError, OperationalError, ProgrammingError
from django.utils import translation

from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.common.errors import Conflict, Invalid
from healthspace.ops import add_software, add_words, first_codes
from healthspace.ops.add_software import filled, institution
from healthspace.ops.add_words import FACILITY_TYPE, MOST_DAYS
from healthspace.ops.commands import add_assistant
from healthspace.ops.faults import CannotRun
from healthspace.ops.supervisor import say
from healthspace.people import actions as people
from healthspace.people import reads as directory
from healthspace.spaces import actions as spaces_actions
from healthspace.spaces import reads as spaces
from healthspace.spaces.rules import PLACE, Identity, Ins, Traits
from healthspace.support import actions as support

NAMES: Final = {
    "finess": "FINESS",
    "rpps": "RPPS",
    "login": "LOGIN",
    "ins": "--ins",
    "profession": "--profession",
    "facility_type": "--facility-type",
    "setting": "--setting",
    "email": "--email",
}


def main(arguments: list[str]) -> int:
    """Add what the words name, and tell what became of it."""
    asked = add_words.read(arguments)
    try:
        with translation.override("en"):
            say(ACTS[asked.what](asked))
    except Invalid as fault:
        name = NAMES.get(fault.field, fault.field)
        raise CannotRun(f"{name} ({fault.rule}): {fault.message} {fault.way_out}") from None
    except DataError:
        raise CannotRun("A value is longer than can be kept. Shorten it.") from None
    except ProgrammingError as fault:
        raise CannotRun("The tables are not here, or of another release. First: healthspace migrate.") from fault
    except OperationalError as fault:
        raise CannotRun("The database went away. Start it, then run the command again.") from fault
    return 0


def _add_institution(asked: argparse.Namespace) -> str:
    known = directory.institution_by_finess(asked.finess)
    people.ensure_institution(
        finess=asked.finess,
        name=filled(asked.name, "NAME"),
        facility_type=_given(asked.facility_type, known.facility_type if known else FACILITY_TYPE),
        setting=_given(asked.setting, known.setting if known else ""),
        city=_given(asked.city, known.city if known else ""),
        is_active=known.is_active if known else True,
    )
    return _told("The institution", known, directory.institution_by_finess(asked.finess))


def _add_professional(asked: argparse.Namespace) -> str:
    place = institution(asked.institution) if asked.institution else None
    known = directory.professional_by_rpps(asked.rpps)
    is_same_profession = known is not None and known.profession == asked.profession
    professional_id = people.ensure_professional(
        rpps=asked.rpps,
        family_name=filled(asked.family, "FAMILY"),
        first_name=filled(asked.first, "FIRST"),
        profession=asked.profession,
        specialty=known.specialty if known and is_same_profession else "",
        title=known.title if known and is_same_profession else None,
        is_active=known.is_active if known else True,
    )
    told = _told("The professional", known, directory.professional_by_rpps(asked.rpps))
    if place is None:
        return told
    if place in directory.practices(professional_id):
        return f"{told} The institution is among theirs already."
    people.add_practice(professional_id=professional_id, institution_id=place.id)
    return f"{told} They now work at {place.name}."


def _add_token(asked: argparse.Namespace) -> str:
    if not settings.ACCEPT_LONG_TOKENS:
        raise CannotRun(
            "Tokens made by hand are for test systems (ACCEPT_LONG_TOKENS=1). "
            "Here software asks for its own: healthspace add software NAME --institution FINESS --key FILE."
        )
    place = institution(asked.institution)
    software_id = directory.software_id(asked.software.strip(), place.id)
    if software_id is None:
        raise CannotRun(
            "This institution has no software of that name. First: healthspace add software NAME --institution FINESS."
        )
    if not 1 <= asked.days <= MOST_DAYS:
        raise Invalid("--days", "TOKEN", "This is not a length a token may have.", f"Give 1 to {MOST_DAYS} days.")
    professional_id = _worker_of(place, asked.professional) if asked.professional else None
    token = people.issue_token(
        software_id=software_id, professional_id=professional_id, valid_for=timedelta(days=asked.days)
    )
    until = clock.today() + timedelta(days=asked.days)
    # Beside the token, so that the token alone can go into a file or a variable.
    print(f"Good until {until}. It is not kept and cannot be shown again; lost, add another:", file=sys.stderr)  # noqa: T201
    return token


def _worker_of(place: directory.InstitutionCard, rpps: str) -> UUID:
    card = _professional(rpps)
    if place not in directory.practices(card.id):
        raise CannotRun(
            "This professional does not work at that institution. "
            "First: healthspace add professional ... --institution FINESS."
        )
    return card.id


def _add_space(asked: argparse.Namespace) -> str:
    already = "This person has a space already; nothing was changed."
    ins = spaces.parse_ins(asked.ins, asked.oid)
    identity = Identity(ins=ins, traits=_traits(asked), email=asked.email)
    if spaces.find_person(ins):
        return already
    try:
        spaces_actions.open_space(actor=SYSTEM, identity=identity, state=asked.state)
    except Conflict:  # somebody opened it a moment ago
        return already
    return "The space is open. Its holder signs in with an account: healthspace add account LOGIN --for-ins MATRICULE."


def _traits(asked: argparse.Namespace) -> Traits:
    place = asked.birth_place.strip().upper()
    if not PLACE.fullmatch(place):
        way_out = "Give the commune's five characters, or 99 and the country's three digits."
        raise Invalid("--birth-place", "INS-TRAITS", "This is no INSEE code.", way_out)
    return Traits(
        birth_name=filled(asked.birth_name, "--birth-name"),
        first_names=tuple(filled(asked.first_names, "--first-names").split()),
        born_on=_born_on(asked.born),
        sex=asked.sex,
        birth_place=place,
    )


def _born_on(text: str) -> date:
    way_out = "Write year, month and day, such as 1985-03-27."
    try:
        born_on = date.fromisoformat(text)
    except ValueError:
        raise Invalid("--born", "INS-TRAITS", "This is no date.", way_out) from None
    if born_on > clock.today():
        raise Invalid("--born", "INS-TRAITS", "This day has not come yet.", way_out)
    return born_on


def _add_account(asked: argparse.Namespace) -> str:
    if asked.stop:
        return _stop(directory.account_by_login(asked.login))
    person_id = _person(spaces.parse_ins(asked.for_ins, asked.oid)) if asked.for_ins else None
    professional_id = _professional(asked.for_rpps).id if asked.for_rpps else None
    known = directory.account_by_login(asked.login)
    kind = asked.role or ("holder" if person_id else "professional")
    if known and not known.is_active:
        raise CannotRun("This account was closed for good. Choose another login.")
    if known and (known.kind, known.person_id, known.professional_id) == (kind, person_id, professional_id):
        return "The account is there already; its password was not changed."
    if known:
        raise Invalid("login", "LOG-3", "This login is somebody else's.", "Choose another login.")
    if person_id and directory.account_of_person(person_id):
        raise CannotRun("This person signs in with another login already, and a space has one. Use that login.")
    try:
        made = people.create_account(
            login=asked.login,
            password=_password(),
            kind=kind,
            person_id=person_id,
            professional_id=professional_id,
        )
    except Conflict:
        raise Invalid("login", "LOG-3", "This login was taken a moment ago.", "Choose another login.") from None
    if kind == "support" and asked.name:
        support.name_agent(actor=SYSTEM, account_id=made.id, name=asked.name)
    return f"The account is there. {first_codes.of_new_account(made.id)}"


def _stop(account: directory.AccountCard | None) -> str:
    """Somebody left: nothing opens this account any more, and what is open ends."""
    if account is None:
        raise CannotRun("No account has this login.")
    if account.person_id is not None:
        raise CannotRun("This is the account of a holder: it closes with the space, never by this command.")
    if not account.is_active:
        return "The account is closed already."
    people.close_account(account_id=account.id)
    return "The account is closed: every session of it is over, and nothing opens it any more."


def _password() -> str:
    """Asked twice without echo at a terminal; else the first line of standard input. Never a word of the command."""
    if not sys.stdin.isatty():
        try:
            return sys.stdin.readline().rstrip("\r\n")
        except UnicodeDecodeError:
            raise CannotRun("The password on standard input is not text. Write it in UTF-8.") from None
    try:
        password = getpass("Password: ")
        again = getpass("The same again: ")
    except EOFError:
        raise CannotRun("No password was given. Run the command again and type one.") from None
    if password != again:
        raise CannotRun("The two passwords differ. Run the command again.")
    return password


def _professional(rpps: str) -> directory.ProfessionalCard:
    card = directory.professional_by_rpps(rpps)
    if card is None or not card.is_active:
        raise CannotRun("No active professional has this RPPS number. First: healthspace add professional RPPS ...")
    return card


def _person(ins: Ins) -> UUID:
    person_id = spaces.find_person(ins)
    if person_id is None:
        raise CannotRun("No space has this number under this authority. First: healthspace add space --ins ...")
    return person_id


def _given(text: str | None, otherwise: str) -> str:
    return otherwise if text is None else text.strip()


def _told(what: str, before: object, after: object) -> str:
    if before is None:
        return f"{what} is added."
    if before == after:
        return f"{what} is there already; nothing was changed."
    return f"{what} was there already and is brought up to date."


ACTS: Final[dict[str, Callable[[argparse.Namespace], str]]] = {
    "institution": _add_institution,
    "professional": _add_professional,
    "software": add_software.add,
    "token": _add_token,
    "space": _add_space,
    "account": _add_account,
    "codes": first_codes.add,
    "assistant": lambda asked: add_assistant.add(asked, institution(asked.institution), _password),
}
