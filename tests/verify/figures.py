"""Figures of an attack, shown whatever pytest captures; no test depends on them."""

from __future__ import annotations

import sys

import pytest


def show(capsys: pytest.CaptureFixture[str], text: str) -> None:
    """One line on the terminal."""
    with capsys.disabled():
        sys.stdout.write(f"\n  {text}\n")
