"""The matrix of domain 4.4, read twice: from the product's data file and from the page's text."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "healthspace" / "access" / "data" / "matrix.json"
CLASSES = ("10", "11", "31", "42", "43", "44", "45", "52", "60", "90", "95")

Cells = dict[tuple[str, str], bool]  # (profession, type) -> may read


@cache
def types() -> dict[str, str]:
    """Type -> class, "" when the national subset has none."""
    lines = (HERE / "types.txt").read_text(encoding="utf-8").splitlines()[1:]
    return {line.split()[0]: line.split()[1].strip("-") for line in lines}


@cache
def directives() -> frozenset[str]:
    """Types that are advance directives."""
    lines = (HERE / "types.txt").read_text(encoding="utf-8").splitlines()[1:]
    return frozenset(line.split()[0] for line in lines if line.split()[2] == "DIR_ANT")


def from_file(on: str = "9999-12-31") -> Cells:
    """Every cell of the data file's version that holds on a day (ISO text)."""
    versions = json.loads(DATA.read_text(encoding="utf-8"))["versions"]
    holding = max((v for v in versions if v["valid_from"] <= on), key=lambda v: v["valid_from"])
    cells: Cells = {}
    for profession, row in holding["professions"].items():
        unknown = set(row) - set(CLASSES)
        if unknown:
            raise ValueError(f"{profession}: no such class {unknown}")
        for type_code, class_code in types().items():
            cells[profession, type_code] = _reads(row.get(class_code, "none"), type_code)
    return cells


def _reads(cell: object, type_code: str) -> bool:
    if cell == "all":
        return True
    if cell == "none":
        return False
    if isinstance(cell, dict) and len(cell) == 1:
        named = set(next(iter(cell.values())))
        if not named <= set(types()):
            raise ValueError(f"no such type {named - set(types())}")
        if "except" in cell:
            return type_code not in named
        if "only" in cell:
            return type_code in named
    raise ValueError(f"no such cell {cell!r}")


def from_text() -> Cells:
    """Every cell as the page prints it."""
    cells: Cells = {}
    for line in (HERE / "matrix_4_4.md").read_text(encoding="utf-8").splitlines():
        if not line.startswith("|") or line.startswith(("| profession", "|---")):
            continue
        head, *columns = [part.strip() for part in line.strip("|").split("|")]
        texts = dict(zip(CLASSES, columns, strict=True))
        for profession in _professions(head):
            for type_code, class_code in types().items():
                text = texts.get(class_code, "–")
                cells[profession, type_code] = _printed(text, class_code, type_code, profession)
    return cells


def _professions(head: str) -> list[str]:
    out: list[str] = []
    for group in re.findall(r"\(([^)]*)\)", head):
        for part in re.split(r",\s*", group):
            first, _, last = part.partition("–")
            if last:
                out += [str(code) for code in range(int(first), int(last) + 1)]
            elif part.strip("…").isdigit():
                out.append(part.strip("…"))
    return out


def _printed(text: str, class_code: str, type_code: str, profession: str) -> bool:
    only_for = re.search(r"\((\d+): R\)", text)
    if only_for:
        if profession == only_for.group(1):
            return True
        text = text.replace(only_for.group(0), "").strip()
    if text in ("R", "–", ""):
        return text == "R"
    if text.startswith("r "):
        # A type printed with "?" is in doubt: closed.
        return type_code not in {name.rstrip("?") for name in re.findall(r"−(\S+)", text)}
    if text.startswith("depositing"):
        return False
    return type_code in _listed(text, class_code)


def _listed(text: str, class_code: str) -> set[str]:
    named: set[str] = set()
    for printed in text.split(","):
        part = re.sub(r"^_", "EXPPAT_", printed.strip())
        elsewhere = part.removesuffix("→R")
        if part != elsewhere:  # printed in this column, of another class that is open
            if types()[elsewhere] == class_code:
                raise ValueError(f"{elsewhere} is of class {class_code}")
        elif part.endswith("*"):
            named |= {code for code in types() if code.startswith(part.rstrip("*"))}
        elif part in types():
            named.add(part)
        else:
            raise ValueError(f"no such type {part!r}")
    return named
