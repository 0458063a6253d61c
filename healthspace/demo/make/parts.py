"""Who and where of an invented document, as plain values."""

from dataclasses import dataclass, field
from datetime import date, datetime

from healthspace.demo.make.numbers import TEST_AUTHORITY


@dataclass(frozen=True, slots=True)
class Subject:
    """The person a document is about."""

    ins: str
    birth_name: str
    used_name: str
    first_names: tuple[str, ...]
    sex: str
    born_on: date
    birth_place_code: str
    birth_place: str
    street: str
    postcode: str
    city: str
    phone: str
    oid: str = TEST_AUTHORITY

    @property
    def shown_name(self) -> str:
        return f"{self.first_names[0]} {self.used_name}"

    def age_on(self, day: date) -> int:
        """Whole years of age on that day."""
        return day.year - self.born_on.year - ((day.month, day.day) < (self.born_on.month, self.born_on.day))


@dataclass(frozen=True, slots=True)
class Place:
    """An institution or a practice."""

    key: str
    finess: str
    name: str
    street: str
    postcode: str
    city: str
    phone: str
    setting: str
    facility_type: str
    facility_label: str


@dataclass(frozen=True, slots=True)
class Maker:
    """A professional who writes documents, at one place."""

    key: str
    rpps: str
    family_name: str
    first_name: str
    title: str
    profession: str
    specialty: str
    label: str
    place: Place

    @property
    def shown_name(self) -> str:
        return " ".join(word for word in (self.title, self.first_name, self.family_name) if word)


@dataclass(frozen=True, slots=True)
class Header:
    """What the head of every document says."""

    unique_id: str
    type_code: str
    type_label: str
    title: str
    made_at: datetime
    subject: Subject
    author: Maker
    attending: Maker | None = None
    service_start: datetime | None = None
    service_stop: datetime | None = None
    models: tuple[str, ...] = ()
    event_code: str = ""
    event_label: str = ""
    event_system: str = "2.16.840.1.113883.6.1"
    encounter: str = "AMB"
    replaces: str = ""
    version: int = 1
    set_id: str = ""
    confidentiality: tuple[str, ...] = field(default=())

    @property
    def started_at(self) -> datetime:
        return self.service_start or self.made_at
