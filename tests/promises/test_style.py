"""The style that tools do not hold by themselves: sizes, hidden imports, blind excepts, docstrings."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable

import pytest
from django.conf import settings

from tests.promises.source import Module, parse, product

FILE_LINES, FUNCTION_LINES = 300, 40
# Commands and wiring may import late: Django is not set up yet when they load.
MAY_IMPORT_LATE = ("healthspace/ops/", "healthspace/config/", "healthspace/demo/")
# One bad fact must not stop the others; it is kept and told.
MAY_CATCH_ALL = "healthspace/outbox/dispatcher.py"
SPOKEN = {"actions", "reads", "rules"}

Check = Callable[[Module], Iterable[str]]


def long_files(module: Module) -> Iterable[str]:
    if module.lines > FILE_LINES:
        yield f"{module.path}: {module.lines} lines"


def long_functions(module: Module) -> Iterable[str]:
    for function in module.functions():
        lines = (function.end_lineno or 0) - function.lineno + 1
        if lines > FUNCTION_LINES:
            yield f"{module.at(function)}: {function.name} has {lines} lines"


def blind_excepts(module: Module) -> Iterable[str]:
    if module.path == MAY_CATCH_ALL:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ExceptHandler):
            caught = {n.id for n in ast.walk(node.type) if isinstance(n, ast.Name)} if node.type else {""}
            last = node.body[-1]
            passes_on = isinstance(last, ast.Raise) and last.exc is None
            if caught & {"Exception", "BaseException", ""} and not passes_on:
                yield f"{module.at(node)}: catches everything"


def bare_ignores(module: Module) -> Iterable[str]:
    for number, line in enumerate(module.text.splitlines(), 1):
        if re.search(r"#\s*(type:\s*ignore(?!\[)|noqa(?!:)|mypy:)", line):
            yield f"{module.path}:{number}: silences a tool without saying what"


def hidden_imports(module: Module) -> Iterable[str]:
    if module.path.startswith(MAY_IMPORT_LATE) or module.path.endswith("/apps.py"):
        return
    for function in module.functions():
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"{module.at(node)}: imports inside {function.name}"


def silent_functions(module: Module) -> Iterable[str]:
    if module.part not in SPOKEN:
        return
    for function in module.public():
        if not ast.get_docstring(function):
            yield f"{module.at(function)}: {function.name} says nothing"


def signals(module: Module) -> Iterable[str]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(("signals", "dispatch")):
            yield f"{module.at(node)}: a signal; tell facts through the outbox"


def positional_deeds(module: Module) -> Iterable[str]:
    for function in module.functions():
        if "deed" not in {n.id for d in function.decorator_list for n in ast.walk(d) if isinstance(n, ast.Name)}:
            continue
        arguments = function.args
        if arguments.posonlyargs or arguments.args or arguments.vararg:
            yield f"{module.at(function)}: {function.name} takes arguments by place"
        elif not arguments.kwonlyargs or arguments.kwonlyargs[0].arg != "actor":
            yield f"{module.at(function)}: {function.name} does not begin with who acts"


# check -> a file that it must refuse
CHECKS: dict[Check, str] = {
    long_files: "x = 1\n" * 301,
    long_functions: "def f():\n" + "    x = 1\n" * 40,
    blind_excepts: "try:\n    pass\nexcept (ValueError, Exception):\n    pass\n",
    bare_ignores: "x = 1  # type: " + "ignore\n",
    hidden_imports: "def f():\n    import json\n",
    silent_functions: "def f():\n    return 1\n",
    signals: "from django.db.models.signals import post_save\n",
    positional_deeds: "@deed\ndef f(actor):\n    return actor\n",
}


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.__name__))
def test_style__every_file_of_the_product_holds_it(check: Check) -> None:
    faults = [fault for module in product() for fault in check(module)]
    assert not faults, "\n" + "\n".join(faults)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: str(check.__name__))
def test_style__a_planted_fault_is_found(check: Check) -> None:
    assert list(check(parse("healthspace/documents/actions.py", CHECKS[check])))


def test_settings__a_deed_is_the_transaction() -> None:
    """`ATOMIC_REQUESTS` would roll the journal of refusals back (decision 5)."""
    for name, database in settings.DATABASES.items():
        assert not database.get("ATOMIC_REQUESTS", False), name


def test_rooms__hold_only_the_files_of_the_layout() -> None:
    rooms = {
        "documents",
        "access",
        "spaces",
        "people",
        "audit",
        "vault",
        "outbox",
        "terminology",
        "notifications",
        "profile",
    }
    names = "apps tasks subscribers dispatcher actions reads deed gate models guarded adapters ports rules events kinds"
    allowed = {"__init__", "migrations", *names.split()}
    strays = [m.path for m in product() if m.room in rooms and m.part not in allowed]
    assert not strays
