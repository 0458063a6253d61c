"""JSON Patch (RFC 6902) over a small document, without copying or moving what it may not touch."""

from __future__ import annotations

import copy
from collections.abc import Collection
from typing import Any, Final

from healthspace.fhir.outcome import Fault, Issue

MAX_OPERATIONS: Final = 20
_NAMES: Final = {"add": {"op", "path", "value"}, "replace": {"op", "path", "value"}, "test": {"op", "path", "value"},
                 "remove": {"op", "path"}}  # fmt: skip


def check(patch: Any, names: Collection[str]) -> None:
    """Refuse a patch that is none, or that reaches beyond these members, before anything is read."""
    if not isinstance(patch, list) or not 1 <= len(patch) <= MAX_OPERATIONS:
        raise Fault(400, Issue("structure", f"A JSON Patch is a list of 1 to {MAX_OPERATIONS} operations."))
    for index, operation in enumerate(patch):
        _check_one(operation, names, f"[{index}]")


def _check_one(operation: Any, names: Collection[str], where: str) -> None:
    name = operation.get("op") if isinstance(operation, dict) else None
    if not isinstance(name, str) or name not in _NAMES:
        raise _refused(where, "Only add, replace, remove and test are known.", code="not-supported")
    if set(operation) != _NAMES[name] or not isinstance(operation["path"], str):
        raise _refused(where, "An operation has op, path and, but for remove, value; nothing else.")
    path = operation["path"]
    if not path.startswith("/") or path.split("/")[1] not in names:
        raise _refused(where, f"Only {', '.join('/' + name for name in names)} can be changed.", "not-supported")


def apply(document: dict[str, Any], patch: list[dict[str, Any]]) -> dict[str, Any]:
    """The document after a checked patch; a 422 names the operation that cannot be done."""
    changed = copy.deepcopy(document)
    for index, operation in enumerate(patch):
        where = f"[{index}]"
        steps = [step.replace("~1", "/").replace("~0", "~") for step in operation["path"].split("/")[1:]]
        parent = _walk(changed, steps[:-1], where)
        _change(parent, steps[-1], operation["op"], operation.get("value"), where)
    return changed


def _walk(value: Any, steps: list[str], where: str) -> Any:
    for step in steps:
        value = _member(value, step, where)
    return value


def _member(parent: Any, step: str, where: str) -> Any:
    if isinstance(parent, dict) and step in parent:
        return parent[step]
    if isinstance(parent, list):
        return parent[_index(step, len(parent), where)]
    raise _refused(where, "There is nothing at this path.")


def _index(step: str, length: int, where: str) -> int:
    if not step.isascii() or not step.isdecimal() or len(step) > 4 or (step != "0" and step.startswith("0")):
        raise _refused(where, "A place in a list is a whole number.")
    if int(step) >= length:
        raise _refused(where, "The list has no such place.")
    return int(step)


def _change(parent: Any, step: str, name: str, value: Any, where: str) -> None:
    if name == "test":
        if _member(parent, step, where) != value:
            raise Fault(409, Issue("conflict", "The test of the patch fails: somebody changed it.", where))
    elif isinstance(parent, list):
        _change_list(parent, step, name, value, where)
    elif isinstance(parent, dict) and (name == "add" or step in parent):
        if name == "remove":
            del parent[step]
        else:
            parent[step] = value
    else:
        raise _refused(where, "There is nothing at this path.")


def _change_list(parent: list[Any], step: str, name: str, value: Any, where: str) -> None:
    if name == "add":
        parent.insert(len(parent) if step == "-" else _index(step, len(parent) + 1, where), value)
    elif name == "replace":
        parent[_index(step, len(parent), where)] = value
    else:
        del parent[_index(step, len(parent), where)]


def _refused(where: str, text: str, code: str = "value") -> Fault:
    return Fault(422, Issue(code, text, where))
