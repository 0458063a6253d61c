"""What an operator gives with a command: days, numbers and files; what is none of them is told in plain words."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

from healthspace.ops import faults
from healthspace.ops.faults import CannotRun

WAY_OUT = "Give a file that can be read."


def day(text: str) -> date:
    """A day as 2027-01-31, for `type=` of an argument."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} (DATE): this is no day. Write it as 2027-01-31.") from None


def count(text: str) -> int:
    """A whole number from 1 on, for `type=` of an argument."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} (NUMBER): give a whole number, 1 or more.")
    return int(text)


def person(text: str) -> UUID:
    """A person's pseudonym, for `type=` of an argument."""
    try:
        return UUID(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} (PERSON): this is no pseudonym. Copy it from `healthspace cases`."
        ) from None


@contextmanager
def file(path: Path, way_out: str = WAY_OUT) -> Iterator[None]:
    """While a file or folder of the arguments is read or written: what is wrong with it is one sentence."""
    try:
        yield
    except OSError as fault:
        raise CannotRun(faults.in_words(fault) or f"{path} (FILE): {fault.strerror or 'broken'}. {way_out}") from fault
    except (UnicodeDecodeError, csv.Error) as fault:
        raise CannotRun(f"{path} (FILE): this is no text in UTF-8. {way_out}") from fault
