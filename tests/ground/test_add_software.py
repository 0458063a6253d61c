"""`healthspace add software`: keys and certificates registered, changed and ended by the operator's commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from healthspace.ops.commands import add
from healthspace.ops.faults import CannotRun
from healthspace.people import reads as directory
from tests.factories import clients
from tests.people import new_finess

Capture = pytest.CaptureFixture[str]


class Desk:
    """An operator's terminal at one new hospital."""

    def __init__(self, capsys: Capture) -> None:
        self.capsys, self.finess = capsys, new_finess()
        self.say("institution", self.finess, "Hôpital de Rivemont")

    def say(self, *words: str) -> str:
        self.capsys.readouterr()
        assert add.main(list(words)) == 0
        return self.capsys.readouterr().out.strip()

    def software(self, *words: str) -> str:
        return self.say("software", "Rivemont DPI", "--institution", self.finess, *words)

    def fault(self, *words: str) -> str:
        with pytest.raises(CannotRun) as told:
            add.main(["software", "Rivemont DPI", "--institution", self.finess, *words])
        return str(told.value)


@pytest.fixture
def desk(capsys: Capture) -> Desk:
    return Desk(capsys)


def client_id(told: str) -> UUID:
    return UUID(next(line.split()[1] for line in told.splitlines() if line.startswith("client_id ")))


def pem(folder: Path, kind: str, number: int = 0) -> str:
    file = folder / f"{kind}{number}.pem"
    file.write_bytes(clients.key(kind, number).as_pem(private=False))
    return str(file)


def test_software__with_a_key_gets_a_token_and_loses_it_with_the_key(desk: Desk, tmp_path: Path) -> None:
    told = desk.software("--key", pem(tmp_path, "RSA"))
    assert "is registered for Hôpital de Rivemont" in told
    key = clients.key("RSA")
    sender = clients.Software(client_id(told), None, key, "RS384", key.thumbprint())  # type: ignore[arg-type]
    token = sender.token()
    assert directory.actor_by_token(token)

    again = desk.software("--key", pem(tmp_path, "P-384"))
    assert "registered for" not in again and client_id(again) == sender.id
    assert again.count("  key ") == 2
    ended = desk.software("--end", key.thumbprint())
    assert ended.count("  key ") == 1
    assert directory.actor_by_token(token) is None
    assert sender.ask().status == 401
    assert "no living key" in desk.fault("--end", key.thumbprint())
    assert "was ended" in desk.fault("--key", pem(tmp_path, "RSA"))


def test_software__stopped_and_resumed(desk: Desk, tmp_path: Path) -> None:
    key = clients.key("P-384")
    told = desk.software("--key", pem(tmp_path, "P-384"))
    sender = clients.Software(client_id(told), None, key, "ES384", key.thumbprint())  # type: ignore[arg-type]
    assert sender.ask().status == 200
    assert "stopped" in desk.software("--stop")
    assert sender.ask().status == 401
    assert "may call again" in desk.software("--resume")
    assert sender.ask().status == 200


def test_software__a_certificate_is_told_by_its_thumbprint(desk: Desk, tmp_path: Path) -> None:
    der = clients.certificate()
    file = tmp_path / "client.pem"
    file.write_text(clients.pem_of(der))
    assert f"certificate {clients.thumbprint(der)}" in desk.software("--certificate", str(file))


def test_software__a_set_of_keys_is_taken_whole_or_not_at_all(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    good = [clients.key(kind).as_dict(private=False) for kind in ("P-256", "P-384")]
    file.write_text(json.dumps({"keys": [*good, {"kty": "oct", "k": "c2VjcmV0"}]}))
    assert "--key (RFC7517)" in desk.fault("--key", str(file))
    assert "  key " not in desk.software()
    file.write_text(json.dumps({"keys": good}))
    assert desk.software("--key", str(file)).count("  key ") == 2


def test_software__a_wrong_call_is_one_sentence(desk: Desk, tmp_path: Path) -> None:
    assert "no software of that name" in desk.fault("--stop")
    assert "cannot be read" in desk.fault("--key", str(tmp_path / "nothing.pem"))
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    assert "no text" in desk.fault("--key", str(tmp_path / "binary"))
    (tmp_path / "long").write_text("x" * 200_000)
    assert "longer than" in desk.fault("--key", str(tmp_path / "long"))
    private = tmp_path / "private.pem"
    private.write_bytes(clients.key("P-384").as_pem(private=True))
    sentence = desk.fault("--key", str(private))
    assert "without the private part" in sentence and "BEGIN" not in sentence
    assert "Give one of them" in desk.fault("--stop", "--resume")


def test_token__made_by_hand_is_refused_outside_of_test_systems(desk: Desk, settings: Any) -> None:
    desk.software()
    settings.ACCEPT_LONG_TOKENS = False
    with pytest.raises(CannotRun, match="--key FILE"):
        add.main(["token", "--software", "Rivemont DPI", "--institution", desk.finess])
