"""The operator's pages: everybody at a glance, one breakdown a page, the calendar of waves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast, get_args

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from healthspace.common import clock, sheets
from healthspace.common.errors import Conflict, Refused
from healthspace.enrolment.actions import waves as acts
from healthspace.enrolment.reads import case_lines, numbers
from healthspace.enrolment.reads import waves as calendar
from healthspace.web.audience import for_operator
from healthspace.web.middleware import WebRequest
from healthspace.web.operator import charts, told

BATCHES: Final = 100
CURVES: Final = ("active", "opened", "refused")
RATES: Final = ("refusal", "activation", "empty")
SUBJECTS: Final = tuple(told.SUBJECTS)


@dataclass(frozen=True, slots=True)
class Shown:
    """A row as the page shows it: its name, its bar, its numbers."""

    name: str
    row: numbers.Row
    bar: tuple[charts.Piece, ...]
    cells: tuple[int | None, ...]


@require_safe
@for_operator
def home(request: WebRequest) -> HttpResponse:
    """Everybody at a glance."""
    at = numbers.counted_at()
    if at is None:
        return _page(request, "home", "home", {"counted_at": None})
    days = numbers.days(at)
    tallies = numbers.tallies()
    shown = {
        "counted_at": at,
        "all": _shown("", numbers.total(at)),
        "days": days,
        "curves": charts.curves(days, CURVES),
        "curve_names": charts.legend(CURVES, _names()),
        "tallies": [_tally(subject, tallies[subject]) for subject in SUBJECTS if subject in tallies],
    }
    return _page(request, "home", "home", shown)


@require_safe
@for_operator
def breakdown(request: WebRequest, breakdown: str) -> HttpResponse:
    """One breakdown: bars, and the table beside them."""
    known = _known(breakdown)
    at = numbers.counted_at()
    names = _names_of(known)
    rows = [_shown(told.of_key(known, row.key, names), row) for row in numbers.by(known, at)] if at else []
    title = told.BREAKDOWNS[known]
    return _page(request, "breakdown", known, {"counted_at": at, "rows": rows, "breakdown": known, "title": title})


@require_safe
@for_operator
def export(request: WebRequest, breakdown: str) -> HttpResponse:
    """The same table as CSV; what is not told on the page is not told here."""
    known = _known(breakdown)
    head = [known, "name", "persons", *numbers.GROUPS, "empty_shells", *(f"{rate}_percent" for rate in RATES)]
    at, names = numbers.counted_at(), _names_of(known)
    lines = [
        [row.key, told.of_key(known, row.key, names), *_cells(row)] for row in (numbers.by(known, at) if at else ())
    ]
    response = HttpResponse(sheets.sheet(head, lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{known}-{clock.today().isoformat()}.csv"'
    return response


@require_safe
@for_operator
def cases(request: WebRequest) -> HttpResponse:
    """What somebody must look at, in plain words; who it is about is told by the command only."""
    kinds = [(told.case(one.kind), one, one.number - len(one.oldest)) for one in case_lines.case_kinds()]
    return _page(request, "cases", "cases", {"kinds": kinds, "counted_at": numbers.counted_at()})


@require_safe
@for_operator
def waves(request: WebRequest) -> HttpResponse:
    """The calendar of waves, and how far each is."""
    rows = [(card, told.STATES[card.state], _sent(card)) for card in calendar.waves()]
    return _page(request, "waves", "waves", {"waves": rows})


@require_safe
@for_operator
def wave(request: WebRequest, wave_id: int) -> HttpResponse:
    """One wave and its batches, a hundred a page."""
    card, given = calendar.wave(wave_id), request.GET.get("after", "")
    after = int(given) if given.isascii() and given.isdecimal() and len(given) < 16 else 0
    found = calendar.batches(wave_id, after=after, limit=BATCHES + 1)
    batches = [(one, told.CHANNELS[one.channel], told.STATES[one.state]) for one in found[:BATCHES]]
    shown = {
        "wave": card,
        "state": told.STATES[card.state],
        "batches": batches,
        "after": after,
        "next": found[BATCHES - 1].id if len(found) > BATCHES else None,
    }
    return _page(request, "wave", "waves", shown)


@require_POST
@for_operator
def pause(request: WebRequest, wave_id: int) -> HttpResponse:
    """Nothing more is drafted or sent until it goes on; six weeks that run, run on."""
    return _changed(request, wave_id, acts.pause, _("The wave is paused: nothing more is sent."))


@require_POST
@for_operator
def resume(request: WebRequest, wave_id: int) -> HttpResponse:
    """The wave goes on."""
    return _changed(request, wave_id, acts.resume, _("The wave goes on."))


def _changed(request: WebRequest, wave_id: int, act: Any, done: str) -> HttpResponse:
    card = calendar.wave(wave_id)
    try:
        act(actor=request.actor, wave_id=wave_id)
    except Conflict:
        messages.error(request, _("The wave is in another state by now; nothing was changed."))
    else:
        messages.success(request, done)
    return redirect("operator:wave", card.id)


def _sent(card: calendar.WaveCard) -> int:
    """In percent."""
    return round(100 * card.sent / card.letters) if card.letters else 0


def _known(breakdown: str) -> numbers.Breakdown:
    if breakdown not in get_args(numbers.Breakdown):
        raise Refused("ABSENT")
    return cast("numbers.Breakdown", breakdown)


def _names_of(breakdown: str) -> Mapping[str, str]:
    return calendar.names() if breakdown == "wave" else {}


def _cells(row: numbers.Row) -> list[object]:
    """The numbers of a row, then its rates in the order of RATES."""
    told_as = ["not told" if cell is None else cell for cell in (row.persons, *row.cells.values(), row.empty_shells)]
    rates = (row.refusal_rate, row.activation_rate, row.empty_rate)
    return [*told_as, *("" if rate is None else f"{rate:.2f}" for rate in rates)]


def _names() -> dict[str, str]:
    return {group: str(name) for group, name in told.GROUPS.items()}


def _shown(name: str, row: numbers.Row) -> Shown:
    return Shown(name, row, charts.bar(row), tuple(row.cells[group] for group in charts.BARS))


def _tally(subject: str, cards: tuple[numbers.Tally, ...]) -> tuple[str, list[tuple[str, int | None]]]:
    return str(told.SUBJECTS[subject]), [(told.of_tally(subject, card.key), card.number) for card in cards]


def _page(request: HttpRequest, name: str, here: str, shown: dict[str, Any]) -> HttpResponse:
    return render(
        request,
        f"web/operator/{name}.html",
        {"here_is": here, "breakdowns": told.BREAKDOWNS.items(), "legend": charts.legend(charts.BARS, _names())}
        | shown,
    )
