"""Who lives and works in the invented town: read from data, with numbers whose keys are right."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from healthspace.demo.make import numbers
from healthspace.demo.make.parts import Maker, Place, Subject

FOLDER = Path(__file__).parent / "data"
WITH_DR_NGUYEN = frozenset({"benali", "lefort", "girard"})


@dataclass(frozen=True, slots=True)
class Villager:
    """One invented person: identity, home, stories, and what their space is like."""

    key: str
    subject: Subject
    stories: tuple[str, ...]
    state: str
    attending: str
    parents: tuple[str, ...]
    account: str
    is_active: bool
    language: str

    @property
    def email(self) -> str:
        return f"{self.account or self.key}@example.test"


def read(name: str) -> Any:
    """A data file of the demo."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


@cache
def places() -> dict[str, Place]:
    """Institutions by their key."""
    found = {}
    for key, one in read("directory.json")["places"].items():
        words = {name: value for name, value in one.items() if name != "number"}
        found[key] = Place(key=key, finess=numbers.finess(one["number"]), **words)
    return found


@cache
def makers() -> dict[str, Maker]:
    """Professionals by their key."""
    found = {}
    for key, one in read("directory.json")["makers"].items():
        words = {name: value for name, value in one.items() if name not in {"number", "place"}}
        found[key] = Maker(key=key, rpps=numbers.rpps(one["number"]), place=places()[one["place"]], **words)
    return found


@cache
def villagers() -> dict[str, Villager]:
    """The families, in the order of the data."""
    content = read("families.json")
    found: dict[str, Villager] = {}
    for order, one in enumerate(content["people"], 101):
        home = content["homes"][one["home"]]
        found[one["key"]] = Villager(
            key=one["key"],
            subject=_subject(one, home, order),
            stories=tuple(one["stories"]),
            state=one.get("state", "open"),
            attending="nguyen" if one["home"] in WITH_DR_NGUYEN else "kaci",
            parents=tuple(one.get("parents", ())),
            account=one.get("account", ""),
            is_active=one.get("is_active", False),
            language=one.get("language", "fr"),
        )
    return found


def _subject(one: dict[str, Any], home: dict[str, str], order: int) -> Subject:
    born_on = date.fromisoformat(one["born_on"])
    place_code, place = one["place"]
    return Subject(
        ins=numbers.matricule(sex=one["sex"], born_on=born_on, place=place_code, order=order),
        birth_name=one["birth_name"],
        used_name=one.get("used_name", one["birth_name"]),
        first_names=tuple(one["first_names"]),
        sex=one["sex"],
        born_on=born_on,
        birth_place_code=place_code,
        birth_place=place,
        **home,
    )
