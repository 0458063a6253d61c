"""`healthspace doctor`: what is here, what is missing, and the way out; starts nothing and changes nothing."""

import shutil
import sys
from collections.abc import Iterator

from healthspace.common.errors import Unavailable
from healthspace.config import env
from healthspace.documents.adapters import sandbox
from healthspace.ops import database, engine, letterhead, postgres, supervisor
from healthspace.ops.faults import CannotRun
from healthspace.ops.supervisor import say

GOOD, NOTE, BAD = "good", "note", "BAD"
Finding = tuple[str, str]


def main(arguments: list[str]) -> int:
    """One line for each thing looked at; exit code 1 if something must be mended."""
    found = [finding for look in LOOKS for finding in look()]
    for state, sentence in found:
        say(f"  {state:<5} {sentence}")
    return 1 if BAD in {state for state, _ in found} else 0


def _python() -> Iterator[Finding]:
    yield GOOD, f"Python {sys.version.split()[0]}, data folder {env.home()}"


def _database() -> Iterator[Finding]:
    url = env.text("DATABASE_URL")
    try:
        if url:
            database.ensure_operators(url)
            yield GOOD, "the database of DATABASE_URL answers"
            return
        found = engine.find_engine()
        origin = "the wheel" if found.is_wheel else str(found.folder)
        yield GOOD, f"PostgreSQL {found.major} of {origin}, data in {engine.place(env.home()).data}"
        yield GOOD, f"the database {'runs' if postgres.answers(env.home()) else 'is at rest'}"
    except CannotRun as fault:
        yield BAD, str(fault)


def _disk() -> Iterator[Finding]:
    home = env.home()
    there = next(folder for folder in [home, *home.parents] if folder.exists())
    free = shutil.disk_usage(there).free
    state = GOOD if free > supervisor.LEAST_FREE_BYTES else BAD
    yield state, f"{free // 1_000_000} MB are free on the disk of {home}"


def _ports() -> Iterator[Finding]:
    host, first = env.text("HEALTHSPACE_HOST"), env.whole("HEALTHSPACE_PORT")
    for port, title in {first: "pages", first + 1: "FHIR", first + 2: "mail of the demo"}.items():
        yield GOOD, f"port {port} ({title}): {'in use' if supervisor.answers(host, port) else 'free'}"


def _parser() -> Iterator[Finding]:
    try:
        holds = sandbox.strength()
    except Unavailable as fault:
        yield BAD, f"documents cannot be read: {fault}. Without it every deposit waits."
        return
    yield GOOD, f"documents are parsed behind: {', '.join(sorted(holds))}"
    if not shutil.which("bwrap"):
        yield NOTE, "bubblewrap is not installed: the parser has fewer walls (apt-get install bubblewrap)"


def _settings() -> Iterator[Finding]:
    if not env.text("CLAMD_ADDRESS"):
        yield NOTE, "no virus scanner: set CLAMD_ADDRESS to your clamd"
    if env.truth("HEALTHSPACE_DEMO"):
        yield (
            NOTE,
            "this is a demonstration: identities of the test authority are taken (HEALTHSPACE_DEMO=0 for real use)",
        )
    if not env.text("ROOT_KEY_FILE"):
        yield NOTE, "the root key lies beside the data: name another disk's file with ROOT_KEY_FILE, and back it up"
    if env.text("STORE") not in {"disk", "s3"}:
        yield BAD, f"STORE must be disk or s3, not {env.text('STORE')}"


def _letters() -> Iterator[Finding]:
    for lack in letterhead.missing(env.text):
        # victims of a takeover are told to call: a number they cannot call is none
        yield BAD if env.is_production() and lack.startswith("HELP_PHONE ") else NOTE, lack


LOOKS = (_python, _database, _disk, _ports, _parser, _settings, _letters)
