"""The simulated pilot, small: from an invented register to open spaces, and its totals balance."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from healthspace.config import env
from tests import live


def simulate(*words: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in env.BY_NAME and "DJANGO" not in name}
    return subprocess.run(
        [sys.executable, "-m", "healthspace.config.cli", "simulate", "pilot", *words],
        env=kept, cwd=env.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_simulate_pilot__balances_and_tells_each_step() -> None:
    done = simulate("--persons", "600", "--content", "20", "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["is_balanced"]
    steps = {name: step["count"] for name, step in report["steps"].items()}
    assert steps["intake"] == steps["codes"] == 600
    assert steps["refusals"] == 4
    assert steps["opening"] == 596
    assert steps["mails"] > steps["letters"] > 0
    assert 600 * 0.1 < steps["care"] <= 600 * 0.2
    assert "octets a person" in report["size"]["together"]


def test_simulate_pilot__a_folder_with_something_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("kept")
    done = simulate("--folder", str(tmp_path))
    assert done.returncode == 2
    assert "is not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_open_due_and_numbers__run_on_an_empty_database() -> None:
    with live.own_folder() as home:
        kept = {name: value for name, value in os.environ.items() if name not in env.BY_NAME and "DJANGO" not in name}
        for words in (["migrate"], ["open-due", "--json"], ["numbers"], ["numbers", "--json", "--by", "wave"]):
            done = subprocess.run(
                [sys.executable, "-m", "healthspace.config.cli", *words],
                env=kept | {"HEALTHSPACE_HOME": str(home)}, cwd=env.ROOT, capture_output=True, text=True, check=False,
            )  # fmt: skip
            assert done.returncode == 0, done.stderr
            if words == ["open-due", "--json"]:
                assert json.loads(done.stdout)["spaces"] == 0
