"""What `make run` prints: how to sign in as whom, and the hospital's bearer token."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from healthspace.common import clock
from healthspace.demo import cast, desk, helper
from healthspace.demo.cast import Villager
from healthspace.demo.settling import DESK, HOSPITAL_SOFTWARE, PASSWORD, Town
from healthspace.people import actions as people
from healthspace.people import reads as people_reads

FILE: Final = "sign-ins.txt"
PROFESSIONALS: Final = {
    "nguyen": "linh.nguyen",
    "kaci": "sofia.kaci",
    "kane": "idriss.kane",
    "haddad": "nour.haddad",
    "okafor": "amara.okafor",
    "lacombe": "marc.lacombe",
    "vidal": "claire.vidal",
}

DESKS: Final = {"operator": "operator: waves, numbers and cases", "support": "support agent: the phone desk"}


def write(town: Town, home: Path) -> None:
    """The file that `run` prints, readable by its owner only; a token that still works is kept."""
    path = home / FILE
    token = _old_token(path) or _new_token(town)
    lines = ["Invented people; the password of all of them is:", f"  {PASSWORD}", "", "Holders"]
    for villager in cast.villagers().values():
        if villager.account:
            for_whom = _children(villager)
            acts = f", acts for {for_whom}" if for_whom else ""
            lines.append(f"  {villager.account:<16} {villager.subject.shown_name}, INS {villager.subject.ins}{acts}")
    lines += ["Professionals"]
    for key, login in PROFESSIONALS.items():
        maker = cast.makers()[key]
        lines.append(f"  {login:<16} {maker.shown_name}, {maker.place.name}")
    lines += ["Those who run the product", *(f"  {login:<18} {DESKS[kind]}" for kind, login in DESK.items())]
    lines += [f"  {desk.SECOND:<18} {DESKS['support']} (a second one, for acts that need two)"]
    lines += [f"  {helper.LOGIN:<18} {helper.TOLD}"]
    lines += [
        "Holders get a code by mail after the password: this screen shows it. Professionals and those who run the"
    ]
    lines += ["product sign in with a code on paper besides, each good once:"]
    logins = (*PROFESSIONALS.values(), *DESK.values(), desk.SECOND, helper.LOGIN)
    lines += [f"  {login:<18} {_codes(login)}" for login in logins]
    lines += [f"Software of {cast.places()['hospital'].name} (FHIR), bearer token", f"  {token}"]
    lines += [f"INS under the test authority, OID {cast.villagers()['amina'].subject.oid}"]
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _codes(login: str) -> str:
    """Three of ten fresh codes on paper; those of the last start are dead."""
    account = people_reads.account_by_login(login)
    return "  ".join(people.new_paper_codes(account.id)[:3]) if account else ""


def _children(parent: Villager) -> str:
    """First names of the children for whom this person acts."""
    today = clock.today()
    children = [one.subject for one in cast.villagers().values() if parent.key in one.parents and one.state == "open"]
    return ", ".join(child.first_names[0] for child in children if child.age_on(today) < 18)


def _new_token(town: Town) -> str:
    software = people.register_software(name=HOSPITAL_SOFTWARE, institution_id=town.places["hospital"])
    return people.issue_token(software_id=software)


def _old_token(path: Path) -> str:
    if not path.exists():
        return ""
    words = path.read_text(encoding="utf-8").split()
    return next((word for word in words if len(word) == 43 and people_reads.actor_by_token(word)), "")
