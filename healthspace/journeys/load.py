"""Taking in folders of CDA documents, FHIR bundles and plain files, one file at a time.

Every document goes through the same door as any deposit. A load may be killed and started again, or
run twice: what is filed is known by its sender's identifier and is not filed twice.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final
from uuid import UUID

from healthspace.common.actor import SYSTEM, Actor
from healthspace.common.errors import HealthspaceError, Invalid, Refused, Unavailable
from healthspace.documents import actions as documents
from healthspace.documents.rules import Order, Receipt
from healthspace.journeys.loading import authors, bundles, cda, files, persons, plain
from healthspace.journeys.loading.parcels import Line, Parcel, Report, Source, Unreadable
from healthspace.profile import actions as profile
from healthspace.spaces import reads as spaces

Progress = Callable[[str, int, int], None]
ENTRIES_AT_ONCE: Final = 200
PAUSES: Final = (0.5, 2.0, 8.0)


def load(
    path: Path,
    *,
    test_identities: bool = False,
    progress: Progress = lambda name, done, total: None,
    actor: Actor = SYSTEM,
) -> Report:
    """File everything under a path; for operators. `progress` gets file, number done and total.

    With `test_identities` unknown persons get a space and wrong keys go under the test authority;
    without, both wait in quarantine. `actor` files what names no author. Faults of single files are
    told in the report and stop nothing; Invalid where test identities are not taken.
    """
    if test_identities and not spaces.accepts_tests():
        raise Invalid("test_identities", "INS-TEST", "Test identities are not taken here.", "ACCEPT_TEST_IDENTITIES=1")
    report, begun, total = Report(), time.monotonic(), files.count(path)
    for source in files.walk(path):
        _load_file(source, report, actor, test_identities=test_identities)
        report.files += 1
        progress(source.name, report.files, total)
    report.seconds = time.monotonic() - begun
    return report


def _load_file(source: Source, report: Report, actor: Actor, *, test_identities: bool) -> None:
    try:
        for parcel in _parcels(source):
            _load_parcel(parcel, source, report, actor, test_identities=test_identities)
    except OSError as fault:
        report.add(Line(source.name, "failed", fault.strerror or "unreadable"))
    except HealthspaceError as fault:
        report.add(Line(source.name, "failed", _reason(fault)))


def _parcels(source: Source) -> Iterator[Parcel]:
    if source.kind == "cda":
        return cda.read(source.path)
    return bundles.read(source.path) if source.kind == "bundle" else plain.read(source)


def _load_parcel(parcel: Parcel, source: Source, report: Report, actor: Actor, *, test_identities: bool) -> None:
    person = persons.settled(parcel.claim) if test_identities else persons.known(parcel.claim)
    report.spaces_opened += person.has_opened
    report.passed_over += parcel.passed_over
    filed: dict[str, UUID] = {}
    for order in parcel.orders:
        try:
            receipt = _deposit(_for(order, person), actor)
            report.add(Line(source.name, receipt.status, receipt.reason, order.source_id))
            if receipt.status != "quarantined":
                filed[order.source_id] = receipt.document_id
        except HealthspaceError as fault:
            report.add(Line(source.name, "failed", _reason(fault), order.source_id))
    if parcel.entries:
        drawn_from = {name: filed[said] for name, said in parcel.drawn_from.items() if said in filed}
        _keep_entries(parcel, source, report, person, actor, drawn_from)


def _for(order: Order, person: persons.Settled) -> Order:
    if person.is_invented:
        return replace(order, person_id=person.person_id)
    return replace(order, identity=person.identity)


def _deposit(order: Order, fallback: Actor) -> Receipt:
    actor = authors.actor_of(order, fallback)
    if not order.replaces:
        return patiently(lambda: documents.deposit(actor=actor, order=order))
    try:
        return patiently(lambda: documents.replace(actor=actor, order=order))
    except Refused:  # the document replaced was never filed here, or by somebody else: file this one beside it
        return patiently(lambda: documents.deposit(actor=actor, order=replace(order, replaces="")))


def patiently(deposit: Callable[[], Receipt]) -> Receipt:
    """Wait and try again when a part is busy or down for a moment: nobody stands at the counter."""
    for pause in PAUSES:
        try:
            return deposit()
        except Unavailable:
            time.sleep(pause)
    return deposit()


def _keep_entries(
    parcel: Parcel,
    source: Source,
    report: Report,
    person: persons.Settled,
    actor: Actor,
    drawn_from: Mapping[str, UUID],
) -> None:
    if person.person_id is None:
        report.add(Line(source.name, "quarantined", "unknown-identity", f"{len(parcel.entries)} entries"))
        return
    for start in range(0, len(parcel.entries), ENTRIES_AT_ONCE):
        some = parcel.entries[start : start + ENTRIES_AT_ONCE]
        kept = profile.keep_all(actor=actor, person_id=person.person_id, resources=some, drawn_from=drawn_from)
        report.entries += kept.new
        report.entries_known += kept.known


def _reason(fault: HealthspaceError) -> str:
    """A code for the report; never the content of a file."""
    if isinstance(fault, Unreadable):
        return fault.reason
    return f"{fault.code}: {fault.rule}" if isinstance(fault, Invalid | Refused) else fault.code
