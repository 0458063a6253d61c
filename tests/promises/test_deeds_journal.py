"""Every act leaves a line in the journal: each deed is listed with the kind of event it writes (TRC-1)."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from healthspace.audit.kinds import KINDS
from tests.promises.source import Function, Module, parse, product

LISTED = Path(__file__).parent / "deeds.txt"
PENS = {("healthspace.audit.actions", "record"), ("healthspace.access.gate.writing", "journal_sql")}
PENS |= {("healthspace.access.gate", "journal_sql")}
Place = tuple[str, str]  # module, function


@cache
def places() -> dict[Place, tuple[Module, Function]]:
    """Every function of the product by its module and name."""
    return {(dotted(m), f.name): (m, f) for m in product() for f in m.functions()}


def dotted(module: Module) -> str:
    return module.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def known(module: Module) -> dict[str, str]:
    """What the names of a module mean: `gate` -> healthspace.access.gate."""
    found: dict[str, str] = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def called(module: Module, function: Function) -> set[Place]:
    """The functions that a function names, with their module."""
    names, found = known(module), set()
    for node in (node for statement in function.body for node in ast.walk(statement)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in names:
            found.add((names[node.value.id], node.attr))
        elif isinstance(node, ast.Name):
            home, _, name = names.get(node.id, f"{dotted(module)}.{node.id}").rpartition(".")
            found.add((home, name))
    return found


def resolve(place: Place) -> Place | None:
    """Where a function really stands: a package passes on what its files hold, a module what it imports."""
    home, name = place
    if place in PENS or place in places():
        return place
    passed_on = next((known(m).get(name) for m in product() if dotted(m) == home), None)
    if passed_on:
        return resolve((passed_on.rpartition(".")[0], name))
    return next(((m, f) for m, f in places() if f == name and m.startswith(f"{home}.")), None)


def reaches_the_journal(module: Module, function: Function) -> bool:
    """Follow the calls to the journal's own pen."""
    seen: set[Place] = set()
    waiting = called(module, function)
    while waiting:
        place = resolve(waiting.pop())
        if place is None or place in seen or place[0] == "healthspace.access.deed":  # it journals refusals only
            continue
        if place in PENS:
            return True
        seen.add(place)
        waiting |= called(*places()[place])
    return False


def deeds(module: Module) -> list[Function]:
    """Functions that are deeds, or that open a reading."""
    found = []
    for function in module.functions():
        marks = {n.id for d in function.decorator_list for n in ast.walk(d) if isinstance(n, ast.Name)}
        opens = any(
            isinstance(node, ast.With) and "deed.reading(" in ast.unparse(node.items[0].context_expr)
            for node in ast.walk(function)
        )
        if "deed" in marks or opens:
            found.append(function)
    return found


def full_name(module: Module, function: Function) -> str:
    return module.path.removeprefix("healthspace/").removesuffix(".py").replace("/", ".") + "." + function.name


def listed() -> dict[str, str]:
    lines = [line for line in LISTED.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
    return {line.split()[0]: line.split()[1] for line in lines}


def all_deeds() -> dict[str, tuple[Module, Function]]:
    return {full_name(module, deed): (module, deed) for module in product() for deed in deeds(module)}


def test_deeds__are_all_listed_with_their_kind() -> None:
    there = set(all_deeds())
    new, gone = sorted(there - set(listed())), sorted(set(listed()) - there)
    assert not new and not gone, f"new: {new}; gone: {gone}"


@pytest.mark.parametrize(("deed", "kind"), listed().items())
def test_deed__writes_to_the_journal(deed: str, kind: str) -> None:
    if kind == "-":
        return
    for one in kind.split(","):
        assert one in KINDS
    assert reaches_the_journal(*all_deeds()[deed])


def test_reaches_the_journal__finds_a_silent_deed() -> None:
    """Planted fault: an act that changes and tells nobody."""
    silent = (
        "from healthspace.access.deed import deed\n"
        "@deed\ndef shred(*, actor):\n    Document.objects.filter(person_id=1).update(status='deleted')\n"
    )
    module = parse("healthspace/documents/actions.py", silent)
    [deed] = deeds(module)
    assert not reaches_the_journal(module, deed)
