"""What the worker calls."""

from __future__ import annotations

from healthspace.enrolment.actions import adults, batch_secrets, counting, opening, standing


def open_some() -> int:
    """One step of the opening by law; called about every minute, and again at once while something is due."""
    return opening.open_some()


def count_once() -> int:
    """The operator's numbers anew; called every hour."""
    return counting.count_once()


def forget_secrets() -> int:
    """Codes of batches whose six weeks are over cannot be made again; called every hour."""
    return batch_secrets.forget()


def come_of_age() -> int:
    """Whoever turned 18 is told by a letter of their own; called daily."""
    return adults.tend()


def tend_waves() -> int:
    """Waves that are done, newcomers, people of stopped waves; called every hour."""
    standing.tend()
    return 0
