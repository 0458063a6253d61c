"""The product's own source, parsed once, for the promises that read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PRODUCT = ROOT / "healthspace"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One file of Python: its place under the root, its lines and its tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        return self.text.count("\n")

    @property
    def room(self) -> str:
        return self.path.split("/")[1]

    @property
    def part(self) -> str:
        """What the file is in its room: rules, actions, ... also as a package."""
        return self.path.split("/")[2].removesuffix(".py") if self.path.count("/") > 1 else ""

    def functions(self) -> Iterator[Function]:
        """Every function, methods and nested ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def public(self) -> Iterator[Function]:
        """Functions of the module itself that others may call."""
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name[0] != "_":
                yield node

    def at(self, node: ast.AST) -> str:
        return f"{self.path}:{getattr(node, 'lineno', 0)}"


def parse(path: str, text: str) -> Module:
    """A module from its text: for planted faults too."""
    return Module(path, text, ast.parse(text))


@cache
def product() -> tuple[Module, ...]:
    """Every module of the product, migrations left out (they are history)."""
    found = sorted(p for p in PRODUCT.rglob("*.py") if "migrations" not in p.parts)
    return tuple(parse(str(p.relative_to(ROOT)), p.read_text(encoding="utf-8")) for p in found)
