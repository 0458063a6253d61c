"""Who steals the database, its log and the store of documents, but no key, reads nothing of anybody (T57, G20).

Everything a person or a sender may say is planted through the public actions: names, numbers, titles, texts,
notes, reasons. Then every table, every raw file of the cluster and every stored body is searched.
"""

import base64
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings

from healthspace.access import actions as access
from healthspace.audit import tasks as audit
from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import HealthspaceError
from healthspace.documents import actions as documents
from healthspace.documents import reads as documents_reads
from healthspace.documents.rules import Author
from healthspace.ops import database, postgres
from healthspace.outbox import dispatcher
from healthspace.profile import actions as profile
from healthspace.spaces import actions as spaces
from healthspace.spaces.rules import Identity, Traits
from tests import people
from tests.factories.orders import order, own_order, pdf
from tests.promises.scan import coats, files, found, packed
from tests.rooms.ledger import connected, database_apart, owner_of

PEOPLE = 6
CONSONANTS = "BCDFGHJKLMNPQRSTVWXZ"


def rare() -> str:
    """A word of letters that nothing else holds."""
    return "".join(secrets.choice(CONSONANTS) for _ in range(14))


@dataclass
class Planted:
    """A database full of planted words, and where to look for them."""

    name: str
    since: float
    words: dict[str, str] = field(default_factory=dict)

    mark: str = field(default_factory=lambda: rare()[:9])
    born_on: date = field(default_factory=lambda: date(1900 + secrets.randbelow(99), 1 + secrets.randbelow(12), 7))
    birth_place: str = field(default_factory=lambda: people.place_in("69"))

    def word(self, what: str) -> str:
        """A fresh word; all begin with the mark of this run, which alone is searched."""
        self.words[what] = self.mark + rare()[:5]
        return self.words[what]

    def needles(self) -> frozenset[bytes]:
        """The mark, and the ten digits with which every planted number begins."""
        return coats(self.mark) | coats(f"2{self.born_on:%y%m}{self.birth_place}")


@dataclass(frozen=True)
class Known:
    """Somebody of the cast, as the factories of orders want them."""

    person_id: object
    actor: Actor
    identity: Identity

    @property
    def ins(self) -> object:
        return self.identity.ins

    @property
    def traits(self) -> Traits:
        return self.identity.traits


def a_person(planted: Planted, number: int) -> Known:
    """A space whose every identifying word is a planted one."""
    born_on, place = planted.born_on, planted.birth_place
    ins = people.new_ins(born_on, "F", place)
    traits = Traits(
        planted.word(f"birth name {number}"),
        (planted.word(f"first name {number}"), planted.word(f"second name {number}")),
        born_on,
        "F",
        place,
    )
    identity = Identity(
        ins=ins,
        traits=traits,
        used_name=planted.word(f"used name {number}"),
        used_first_name=planted.word(f"used first name {number}"),
        email=f"{planted.word(f'e-mail {number}').lower()}@example.org",
    )
    person_id = spaces.open_space(actor=SYSTEM, identity=identity, state="active")
    actor = Actor(kind="holder", id=uuid4(), name=identity.name, person_id=person_id)
    return Known(person_id, actor, identity)


def deposits(planted: Planted, one: Known, number: int, hospital: Actor) -> None:
    """Texts and papers filed by a hospital and by the person, moved, noted, hidden, disowned."""
    said = {
        "title": planted.word(f"title {number}"),
        "description": planted.word(f"description {number}"),
        "source_id": f"urn:oid:1.2.{number}^{planted.word(f'sender id {number}')}",
        "authors": (Author(name=planted.word(f"author {number}"), institution=planted.word(f"place {number}")),),
        "extras": {"referenceIdList": planted.word(f"extra {number}")},
    }
    text = f"Compte rendu : {planted.word(f'text {number}')}\n" * 40
    text_order = order(one, media_type="text/plain", content=text.encode(), **said)
    receipt = documents.deposit(actor=hospital, order=text_order)
    paper = own_order(one, content=pdf(planted.word(f"pdf {number}")), title=planted.word(f"own title {number}"))
    own = documents.deposit(actor=one.actor, order=paper)
    here = {"actor": one.actor, "person_id": one.person_id, "document_id": receipt.document_id}
    documents.rename(**here, title=planted.word(f"new title {number}"))
    documents.note(**here, text=planted.word(f"note {number}"))
    folder = documents.create_folder(actor=one.actor, person_id=one.person_id, name=planted.word(f"folder {number}"))
    documents.move(**here, folder_id=folder)
    documents.mask(**here)
    documents_reads.open_document(**here)
    documents.disown(actor=one.actor, person_id=one.person_id, document_id=own.document_id)


def refusals(planted: Planted, one: Known, number: int, hospital: Actor) -> None:
    """What is set aside or refused leaves its words nowhere either."""
    wrong = replace(one.traits, birth_name=planted.word(f"wrong name {number}"))
    claimed = order(one).identity
    assert claimed is not None
    aside = order(
        one,
        identity=replace(claimed, traits=wrong),
        title=planted.word(f"title set aside {number}"),
        media_type="text/plain",
        content=planted.word(f"text set aside {number}").encode(),
    )
    bad = order(one, media_type="application/pdf", content=planted.word(f"no pdf {number}").encode())
    linh = people.dr_nguyen()
    reason = planted.word(f"emergency reason {number}")
    in_a_hurry = replace(linh.actor, mode="break_glass", reason=reason, name=planted.word(f"doctor {number}"))
    for act in (
        lambda: documents.deposit(actor=hospital, order=aside),
        lambda: documents.deposit(actor=hospital, order=bad),
        lambda: documents_reads.list_documents(
            actor=in_a_hurry, person_id=one.person_id, query=documents_reads.ListQuery()
        ),
        lambda: documents_reads.open_document(actor=in_a_hurry, person_id=one.person_id, document_id=uuid4()),
        lambda: spaces.open_space(actor=SYSTEM, identity=one.identity),
    ):
        try:
            act()
        except HealthspaceError:
            continue


@pytest.fixture(scope="module")
def planted() -> Iterator[Planted]:
    since = time.time() - 2
    with database_apart() as name:
        sown = Planted(name, since)
        hospital = people.rivemont().actor
        for number in range(PEOPLE):
            one = a_person(sown, number)
            deposits(sown, one, number, hospital)
            refusals(sown, one, number, hospital)
            doctor = people.dr_nguyen()
            access.grant(actor=one.actor, person_id=one.person_id, professional_id=doctor.id)
            condition = {
                "resourceType": "Condition",
                "id": str(uuid4()),
                "code": {"text": sown.word(f"condition {number}")},
            }
            profile.keep(actor=one.actor, person_id=one.person_id, resource=condition)
            spaces.change_contact(
                actor=one.actor,
                person_id=one.person_id,
                email=f"{sown.word(f'new e-mail {number}').lower()}@example.org",
            )
        with connected("worker", name):
            dispatcher.run_once(1000)
            audit.sequence_once()
        yield sown


def tables(name: str) -> Iterator[tuple[str, bytes]]:
    """Every table of the database as COPY gives it, and its bytes columns as they are."""
    with owner_of(name) as owner:
        names = owner.execute(
            "SELECT schemaname || '.' || quote_ident(tablename) FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        ).fetchall()
        for (table,) in names:
            with owner.cursor() as cursor, cursor.copy(f"COPY (SELECT * FROM {table}) TO STDOUT") as rows:
                content = b"".join(bytes(block) for block in rows)
            yield str(table), content + b"\n" + b"\n".join(_bytes_in(content))


def _bytes_in(content: bytes) -> Iterator[bytes]:
    for cell in content.replace(b"\n", b"\t").split(b"\t"):
        if cell.startswith(b"\\\\x"):
            yield bytes.fromhex(cell[3:].decode())


def raw_files(planted: Planted) -> Iterator[Path]:
    """Files of this database, the write-ahead log, the server's own log, and whatever else lies in the data folder."""
    with psycopg.connect(database.superuser(settings.HOME, planted.name), autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        (oid,) = connection.execute("SELECT oid FROM pg_database WHERE datname = current_database()").fetchone() or (0,)
    assert postgres.place(settings.HOME).data.is_relative_to(settings.HOME)
    for path in files(settings.HOME, planted.since):
        parts = path.parts
        if "base" in parts and str(oid) not in parts:
            continue
        if "keys" not in parts:
            yield path


def test_database__holds_no_planted_word(planted: Planted) -> None:
    needles, seen = planted.needles(), []
    for table, content in tables(planted.name):
        seen.append(table)
        assert found(content, needles) == set(), table
    assert {"public.audit_event", "public.documents_document", "public.spaces_space"} <= set(seen)


def test_raw_files__hold_no_planted_word(planted: Planted) -> None:
    needles, sizes, kinds = planted.needles(), 0, set()
    for path in raw_files(planted):
        try:
            content = path.read_bytes()
        except FileNotFoundError:  # the server removes files of its own meanwhile
            continue
        sizes += len(content)
        kinds |= {"base", "pg_wal", "blobs"} & set(path.parts)
        assert found(content, needles) == set(), path.name
    assert kinds == {"base", "pg_wal", "blobs"}, "the scan must have seen all three"
    assert sizes > 1_000_000


def test_control__an_unsealed_word_is_found_in_table_and_files(planted: Planted) -> None:
    word = rare()
    needles = coats(word)
    with owner_of(planted.name) as owner:
        owner.execute("CREATE TABLE forgotten (id int, said text, hidden bytea)")
        try:
            owner.execute(
                "INSERT INTO forgotten VALUES (1, %s, NULL), (2, NULL, %s), (3, %s, NULL)",
                [word.lower(), packed(word.encode()), base64.b64encode(b"x" + word.encode()).decode()],
            )
            content = dict(tables(planted.name))["public.forgotten"]
            assert len(found(content, needles, is_deep=False)) >= 2
            assert any(found(path.read_bytes(), needles) for path in raw_files(planted) if "base" in path.parts)
            assert any(found(path.read_bytes(), needles) for path in raw_files(planted) if "pg_wal" in path.parts)
        finally:
            owner.execute("DROP TABLE forgotten")


def test_control__an_unsealed_body_is_found(planted: Planted) -> None:
    word = rare()
    body = settings.HOME / "blobs" / "ff" / "forgotten"
    body.parent.mkdir(parents=True, exist_ok=True)
    body.write_bytes(pdf(word))
    try:
        assert any(found(path.read_bytes(), coats(word)) for path in raw_files(planted))
    finally:
        body.unlink()


COATS = {
    "plain": lambda raw: raw,
    "lower": bytes.lower,
    "hex": lambda raw: raw.hex().encode(),
    "base64": base64.b64encode,
    "base64 one further": lambda raw: base64.b64encode(b"a" + raw + b"tail"),
    "base64 two further": lambda raw: base64.b64encode(b"ab" + raw + b"tail"),
    "url": lambda raw: "".join(f"%{byte:02X}" for byte in raw).encode(),
    "gzip": packed,
    "base64 in gzip": lambda raw: packed(base64.b64encode(raw)),
    "utf-16": lambda raw: raw.decode().encode("utf-16"),
    "utf-16 big": lambda raw: raw.decode().encode("utf-16-be"),
}


@pytest.mark.parametrize("coat", COATS)
def test_control__every_coat_is_seen_through(coat: str) -> None:
    word = rare()
    content = secrets.token_bytes(5000) + COATS[coat](word.encode()) + secrets.token_bytes(5000)
    assert found(content, coats(word))
    assert not found(content, coats(rare()))
