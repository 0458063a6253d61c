"""The whole product of situations takes minutes: it runs only when this folder is asked for (`make oracle`)."""

from __future__ import annotations

from pathlib import Path

import pytest

FIGURES = pytest.StashKey[list[str]]()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Left out unless named on the command line."""
    is_asked_for = any("oracle" in argument for argument in config.args)
    return None if is_asked_for or not collection_path.name.startswith("test_") else True


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say how much was compared, also when all is well."""
    for line in config.stash.get(FIGURES, []):
        terminalreporter.write_line(line)
