"""Every situation there is, and every cell of the matrix flipped (G5, G7)."""

from __future__ import annotations

import pytest

from tests.oracle import bridge, run
from tests.oracle.conftest import FIGURES


def test_decide__everybody_in_every_situation_gets_the_answer_of_the_text(pytestconfig: pytest.Config) -> None:
    report = run.everything()
    figures = pytestconfig.stash.setdefault(FIGURES, [])
    figures += [f"states compared: {report.compared:,}", f"disagreements: {report.disagreed:,}"]
    assert not report.kept, report.told()


def test_matrix__every_cell_flipped_is_found(pytestconfig: pytest.Config) -> None:
    flipped, found = run.flipped_cells(bridge.NOW.date())
    figures = pytestconfig.stash.setdefault(FIGURES, [])
    figures += [f"cells flipped: {flipped:,}", f"flips found: {found:,}"]
    assert found == flipped
