"""Every page that somebody can open stands in a list of pages that a browser measures: weight, width, double text."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Final

from healthspace.common.ids import NIL
from tests.browser import pages, visits
from tests.promises.test_routes_roles import table

# Pages that no list names, and where a browser looks at them.
ELSEWHERE: Final = {
    "start": "the same page as start/",
    "closed/": "tests/browser/test_closing.py: only of a closed space",
    "closed/delete/": "tests/browser/test_closing.py: only of a closed space",
}


def opened() -> set[str]:
    """The addresses without a placeholder at which somebody of the table reads a page."""
    rows = ((name.removeprefix("web GET "), letters) for name, letters in table().items() if "web GET " in name)
    return {address for address, letters in rows if "o" in letters and "<" not in address}


def measured() -> set[str]:
    """Every address of the lists; ids stand for ids."""
    fixed = [*pages.PUBLIC, *pages.OF_HOLDER_TOO, *pages.OF_DESK, *pages.OF_DESK_ASKING, *visits.OF_OPERATOR]
    somebody = SimpleNamespace(person_id=NIL, id=NIL)
    family: Any = SimpleNamespace(
        **dict.fromkeys(("amina", "leo", "paul", "doctor", "stranger"), somebody),
        **dict.fromkeys(("report", "structured", "photo", "own", "masked"), NIL),
    )
    of_people = [*pages.of_holder(family), *pages.of_professional(family)]
    of_desks = [*pages.of_support(family.report, family.report), *pages.of_desk_beside()]
    return {one.partition("?")[0] for one in [*fixed, *of_people, *of_desks]}


def test_page__none_is_unmeasured() -> None:
    missing = {f"/{address}".replace("//", "/") for address in opened() - set(ELSEWHERE)} - measured()
    assert not missing, f"put these into tests/browser/pages.py: {sorted(missing)}"
