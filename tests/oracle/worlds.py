"""The product of situations: every asker times every document and ask, as tuples of `State`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product as times

from healthspace.access import rules
from tests.oracle import bridge, law
from tests.oracle.law import State

BOTH = (False, True)
Half = tuple[object, ...]
ITEM_ASKS = tuple(ask for ask in law.ASKS if ask not in law.ABOUT_THE_SPACE)
SPACE_ASKS = tuple(ask for ask in law.ASKS if ask in law.ABOUT_THE_SPACE)
BLANK_ITEM: Half = ("other", False, "no", False, "current", False, True)


@dataclass
class Report:
    """What a comparison saw; `rules` maps the law's verdict to the product's rule ids."""

    compared: int = 0
    disagreed: int = 0
    kept: dict[tuple[str, ...], tuple[State, law.Verdict, rules.Decision]] = field(default_factory=dict)
    rules: dict[law.Verdict, set[str]] = field(default_factory=dict)

    def told(self) -> str:
        """The kept disagreements, one a line: only what differs from a plain situation."""
        return "\n".join(
            f"{_short(state)}: law {verdict.allowed} {verdict.rule}, product {first.is_allowed} {first.rule}"
            for state, verdict, first in self.kept.values()
        )


def _short(state: State) -> str:
    plain = State()
    return ", ".join(
        f"{name}={value}"
        for name, value, usual in zip(State._fields, state, plain, strict=True)
        if value != usual or name in ("ask", "kind")
    )


def professionals(spaces: tuple[str, ...], ties: tuple[str, ...]) -> Iterator[Half]:
    """Every professional: space, tie, block, attending, mode, reason, three choices."""
    for space, tie in times(spaces, ties):
        for blocked, attending, mode in times(BOTH, BOTH, law.MODES):
            for reason, samu, glass, masked in times(BOTH, BOTH, BOTH, BOTH):
                yield (
                    "professional", space, True, tie, blocked, attending,
                    mode, reason, samu, glass, masked,
                )  # fmt: skip


def others(spaces: tuple[str, ...]) -> Iterator[Half]:
    """Everybody who is no professional, with traits that must not help them."""
    for kind, space, link in times(law.KINDS, spaces, BOTH):
        if kind == "professional":
            continue
        for tie, blocked, mode, opposed in times(("none", "explicit"), BOTH, law.MODES, BOTH):
            yield (kind, space, link, tie, blocked, False, mode, True, opposed, opposed, opposed)


def plain_others() -> Iterator[Half]:
    """Every kind of asker in every state of the space, with and without its link."""
    for kind, space, link in times(law.KINDS, law.SPACES, BOTH):
        yield (kind, space, link, "none", False, False, "normal", True, False, False, False)


def items(hidden: tuple[str, ...] = ("no", "waiting", "released")) -> Iterator[Half]:
    """Every document; the ask comes before, see `halves`."""
    yield from times(law.AUTHORS, BOTH, hidden, BOTH, law.STATUSES, BOTH, BOTH)


def halves(documents: list[Half]) -> list[Half]:
    """Ask and document together; an ask about the whole space has one blank document."""
    with_item = [(ask, *document) for ask in ITEM_ASKS for document in documents]
    return with_item + [(ask, *BLANK_ITEM) for ask in SPACE_ASKS]


def compare(askers: list[Half], whats: list[Half]) -> Report:
    """Ask both sides every question; disagreements are counted, one of each sort is kept."""
    report = Report()
    blank = State()[: len(askers[0])]
    prepared = [
        (what, bridge.ask_of(state := State._make(blank + what)), bridge.item_of(state), what[-1]) for what in whats
    ]
    decide, make, second = rules.decide, State._make, law.law
    for asker in askers:
        by_cell = {cell: bridge.asker_of(make((*asker, "open", *BLANK_ITEM[:-1], cell))) for cell in BOTH}
        for what, ask, item, cell in prepared:
            state = make(asker + what)
            first = decide(by_cell[bool(cell)], ask, item)
            verdict = second(state)
            report.rules.setdefault(verdict, set()).add(first.rule)
            if verdict.allowed != first.is_allowed:
                report.disagreed += 1
                kind = (state.ask, state.kind, state.status, verdict.rule, first.rule)
                report.kept.setdefault(kind, (state, verdict, first))
        report.compared += len(prepared)
    return report
