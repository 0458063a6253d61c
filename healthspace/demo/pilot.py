"""A whole pilot with invented people: register, waves, mails and letters, refusals, care, opening; and its balance."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.db import connection

from healthspace.audit import actions as journal
from healthspace.common import clock
from healthspace.common.actor import SYSTEM
from healthspace.demo import crowd, pilot_answers, pilot_balance
from healthspace.enrolment.actions import batches, counting, intake, opening, pool, printing, sending, waves
from healthspace.enrolment.adapters.mail_out import Outcome
from healthspace.enrolment.reads import numbers
from healthspace.enrolment.reads import waves as calendar
from healthspace.journeys import care_history
from healthspace.profile import reads as profile
from healthspace.vault import actions as vault

REFUSED_SHARE: Final = 0.007
AFTER_SIX_WEEKS: Final = timedelta(days=43)
CONNECTIONS: Final = 2
LINES_AT_ONCE: Final = 20_000
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """How many people, how many of a hundred with reimbursed care, which register, where."""

    persons: int
    content: int
    seed: int
    folder: Path


@dataclass(slots=True)
class Steps:
    """What was done and how fast."""

    say: Say
    done: dict[str, dict[str, Any]] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str, unit: str) -> Iterator[dict[str, Any]]:
        """Times a step; the step says under "count" how many it made."""
        told: dict[str, Any] = {}
        began = time.monotonic()
        yield told
        seconds = time.monotonic() - began
        told |= {"unit": unit, "seconds": round(seconds, 2), "per_second": round(told.get("count", 0) / (seconds or 1))}
        self.done[name] = told
        self.say(f"{name:<12} {told.get('count', 0):>10,} {unit} in {seconds:.1f} s, {told['per_second']:,}/s")


class CountingPost:
    """A mail server that takes every mail and keeps none."""

    at_once = 100

    def __init__(self) -> None:
        self.octets = 0

    def __enter__(self) -> CountingPost:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def hand_over(self, *, return_path: str, to: str, message: bytes) -> Outcome:
        """Take one mail."""
        self.octets += len(message)
        return "taken"


def run(plan: Plan, *, say: Say) -> dict[str, Any]:
    """Everything in order; the report, whose `is_balanced` says whether the totals fit."""
    steps = Steps(say)
    vault.prepare_keys()
    made = _register(plan, steps)
    _inform(plan, steps)
    refused = _refuse(plan, steps)
    _content(plan, steps)
    _open(steps)
    counting.count_once()
    at = numbers.counted_at()
    balance = pilot_balance.balance(made.lines, refused)
    return {
        "persons": plan.persons,
        "steps": steps.done,
        "balance": balance,
        "is_balanced": all(line["is_right"] for line in balance),
        "departments": [asdict(row) for row in numbers.by("department", at)] if at else [],
        "size": pilot_balance.sizes(made.lines),
        "peak_memory_mb": {
            "this process": _peak(resource.RUSAGE_SELF),
            "largest helper": _peak(resource.RUSAGE_CHILDREN),
        },
    }


def as_text(report: dict[str, Any]) -> str:
    """The report for people."""
    lines = [f"Pilot of {report['persons']:,} invented persons", ""]
    for name, step in report["steps"].items():
        lines.append(f"  {name:<12} {step.get('count', 0):>10,} {step['unit']:<9} {step['per_second']:>9,}/s")
    lines += ["", "Balance, by statements of its own"]
    lines += [f"  {'ok ' if one['is_right'] else 'NOT'} {one['what']}: {one['found']:,}" for one in report["balance"]]
    lines += ["", "Size"] + [f"  {name}: {value}" for name, value in report["size"].items()]
    memory = ", ".join(f"{name} {value} MB" for name, value in report["peak_memory_mb"].items())
    lines += ["", f"Peak memory: {memory}", "", "Balanced." if report["is_balanced"] else "NOT balanced."]
    return "\n".join(lines)


def _register(plan: Plan, steps: Steps) -> crowd.Made:
    path = plan.folder / "register.csv"
    departments = [code for one in waves.example("pilot")["waves"] for code in one["departments"]]
    with steps.step("register", "lines") as told:
        made = crowd.registry_file(path, persons=plan.persons, departments=departments, seed=plan.seed)
        told["count"] = made.lines
    with steps.step("intake", "persons") as told:
        report = intake.take_in(path)
        told |= {"count": report.new, "refused_lines": report.refused}
    path.unlink()
    return made


def _inform(plan: Plan, steps: Steps) -> None:
    first_day = clock.today() - timedelta(days=14)
    numbers_of = waves.plan_calendar(actor=SYSTEM, calendar=waves.example("pilot"), first_day=first_day)
    with steps.step("codes", "persons") as told:
        told["count"] = 0
        for wave_id in numbers_of:
            waves.start(actor=SYSTEM, wave_id=wave_id)
            drafted = batches.draft(wave_id)
            told["count"] += drafted.persons
    with steps.step("mails", "mails") as told:
        told["count"] = sending.send_mails(post=CountingPost(), lines=CONNECTIONS).sent
    paper = [one for wave_id in numbers_of for one in calendar.batches(wave_id) if one.channel == "post"]
    with steps.step("letters", "letters") as told:
        told |= {"count": sum(one.letters for one in paper), "octets": 0}

        def note(octets: int) -> None:
            told["octets"] += octets

        batch_ids = iter([one.id for one in paper])
        pool.run(batch_ids, partial(_printed, plan.folder), processes=CONNECTIONS, done=note)
    with steps.step("posting", "persons") as told:
        told["count"] = sum(sending.posted(one.id, clock.today()) for one in paper)


def _printed(folder: Path, batch_id: int) -> int:
    printed = printing.print_batch(batch_id, folder / "press" / str(batch_id), on=clock.today())
    return _emptied(printed.manifest.path.parent)


def _emptied(folder: Path) -> int:
    """Octets of the printer's files, which the simulation does not keep."""
    octets = 0
    for path in folder.iterdir():
        octets += path.stat().st_size
        path.unlink()
    return octets


def _refuse(plan: Plan, steps: Steps) -> int:
    with steps.step("refusals", "persons") as told:
        by_way = pilot_answers.refuse(round(plan.persons * REFUSED_SHARE), plan.folder)
        told.update(by_way, count=sum(by_way.values()))
    return sum(by_way.values())


def _content(plan: Plan, steps: Steps) -> None:
    if not plan.content:
        return
    path = plan.folder / "care.csv"
    category = next(iter(profile.categories()))
    pilot_answers.care_file(path, persons=plan.persons, share=plan.content, seed=plan.seed, category=category)
    with steps.step("care", "persons") as told:
        report = care_history.take_in(path)
        told |= {"count": report.changed, "lines": report.lines, "left_out": report.left_out}
    path.unlink()


def _open(steps: Steps) -> None:
    at = clock.now() + AFTER_SIX_WEEKS
    with steps.step("opening", "spaces") as told, ThreadPoolExecutor(CONNECTIONS) as several:
        told["count"] = sum(several.map(lambda _: _opened(at), range(CONNECTIONS)))
    with steps.step("journal", "lines") as told:
        told["count"] = 0
        while done := journal.sequence(limit=LINES_AT_ONCE, mass_limit=LINES_AT_ONCE):
            told["count"] += done


def _opened(at: Any) -> int:
    try:
        return opening.open_due(at=at).spaces
    finally:
        connection.close()


def _peak(who: int) -> int:
    return resource.getrusage(who).ru_maxrss // 1024
