"""The invented population of the first start: twenty-odd families' worth of health, filed by the town's own people."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from healthspace.common import clock
from healthspace.demo import acts, cast, filing, settling, sign_ins
from healthspace.demo.filing import Filed

PARIS = ZoneInfo("Europe/Paris")
TOLD_EVERY = 100


@dataclass(frozen=True, slots=True)
class Summary:
    """What there is now; `new_documents` were filed by this run."""

    people: int
    professionals: int
    institutions: int
    new_documents: int
    seconds: float


def build(progress: Callable[[str], None]) -> Summary:
    """Make the town, or what is still missing of it; killed and started again, it goes on."""
    begun = time.monotonic()
    today = _anchor()
    progress("  the town: professionals, institutions, families")
    town = settling.settle(today)
    settling.activate(town, today)
    settling.professional_accounts(town, sign_ins.PROFESSIONALS)
    settling.desk_accounts()
    settling.bind(town, today)
    filed = Filed()
    if not acts.have_been_performed(town):
        filed = _file_all(town, today, progress)
        acts.perform(town, filed, today)
    settling.end_some(town, today)
    sign_ins.write(town, settings.HOME)
    seconds = time.monotonic() - begun
    progress(f"  {len(cast.villagers())} people, {filed.new} new documents, {seconds:.0f} s")
    return Summary(
        people=len(town.persons),
        professionals=len(town.makers),
        institutions=len(town.places),
        new_documents=filed.new,
        seconds=seconds,
    )


def _file_all(town: settling.Town, today: datetime, progress: Callable[[str], None]) -> Filed:
    moments, filed = filing.all_moments(today), Filed()
    for place, moment in enumerate(moments, 1):
        filing.file(town, moment, filed)
        if place % TOLD_EVERY == 0:
            progress(f"  documents: {place} of {len(moments)}")
    return filed


def _anchor() -> datetime:
    """Noon of the day on which the town was begun: a start that was broken off goes on with the same dates."""
    path = settings.HOME / "demo-day"
    if not path.exists():
        path.write_text(f"{clock.today().isoformat()}\n")
    day = datetime.fromisoformat(path.read_text().strip())
    return day.replace(hour=12, tzinfo=PARIS) - timedelta(hours=1)
