"""How commands of mass work talk: one line written over on a terminal, faults in words, results as text or JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, ProgrammingError
from psycopg.errors import DiskFull

from healthspace.common.errors import Conflict, Invalid, Refused, Unavailable
from healthspace.ops.faults import CannotRun
from healthspace.ops.supervisor import say


class Progress:
    """Shows how far the work is; quiet where nobody looks."""

    def __init__(self, title: str, total: int | None = None) -> None:
        self.title, self.total = title, total

    def show(self, done: int, more: str = "") -> None:
        """`done` of the total so far."""
        if not sys.stderr.isatty():
            return
        bar = f" [{'#' * (20 * done // self.total):<20}]" if self.total else ""
        of = f"/{self.total}" if self.total else ""
        print(f"\r{self.title}{bar} {done}{of} {more}".ljust(78), end="", file=sys.stderr, flush=True)  # noqa: T201

    def after(self, before: int) -> Callable[[int], None]:
        """Shows a part of the work that begins when so much is done."""
        return lambda done: self.show(before + done)

    def end(self) -> None:
        """Leave the line."""
        if sys.stderr.isatty():
            print(file=sys.stderr)  # noqa: T201


@contextmanager
def in_words(absent: str = "There is no such wave or batch.") -> Iterator[None]:
    """What an operator can mend becomes a sentence and exit code 2."""
    try:
        yield
    except Invalid as fault:
        raise CannotRun(f"{fault.field} ({fault.rule}): {fault.message} {fault.way_out}") from fault
    except Refused as fault:
        raise CannotRun(absent) from fault
    except (Conflict, Unavailable) as fault:
        text = str(fault)
        raise CannotRun(f"{text[:1].upper()}{text[1:]}.") from fault
    except ProgrammingError as fault:
        raise CannotRun("The tables are not here, or of another release. First: healthspace migrate.") from fault
    except OperationalError as fault:
        if isinstance(fault.__cause__, DiskFull) or "No space left" in str(fault):
            raise CannotRun(
                "The disk of the database is full. Free some space, then the command again: it goes on."
            ) from fault
        raise CannotRun(
            "The database went away. Start it, then the command again: what is done stays done, the rest follows."
        ) from fault


def result(lines: list[str], content: dict[str, Any], *, as_json: bool) -> None:
    """The result on standard output."""
    if as_json:
        say(json.dumps(content, default=str, ensure_ascii=False))
        return
    for line in lines:
        say(line)
