"""The file of root keys: private, never replaced, and told when it is lost or damaged."""

import json
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytest_django import Settings

from healthspace.common.errors import Unavailable
from healthspace.vault import actions as vault
from healthspace.vault import reads as keys
from healthspace.vault.adapters import keyring
from tests.rooms.ledger import connected, database_apart, person


@pytest.fixture
def apart(settings: Settings, tmp_path: Path) -> Iterator[str]:
    """A database and key files of its own, because rotation touches everyone."""
    settings.ROOT_KEY_FILE = tmp_path / "keys" / "root.key"
    settings.STORE = {"kind": "disk", "folder": str(tmp_path / "blobs")}
    keys.forget_all()
    with database_apart() as name:
        yield name
    keys.forget_all()


def test_ring__lost_or_foreign_key_file_is_told_and_never_replaced(apart: str, settings: Settings) -> None:
    amina = person()
    path = Path(settings.ROOT_KEY_FILE)
    kept = path.read_bytes()
    path.unlink()
    keys.forget_all()
    with amina.here(), pytest.raises(Unavailable):
        keys.sealer(amina.id)
    assert not path.exists()
    keyring.make_ring(path)
    with amina.here(), pytest.raises(Unavailable):
        keys.sealer(amina.id)
    path.write_bytes(kept)
    keys.forget_all()
    with amina.here():
        keys.sealer(amina.id)


def test_key_files__are_for_their_owner_alone(apart: str, settings: Settings) -> None:
    vault.prepare_keys()
    path = Path(settings.ROOT_KEY_FILE)
    for file in (path, path.parent / "journal.key"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    path.chmod(0o640)
    keys.forget_all()
    with pytest.raises(Unavailable):
        keys.ring()


def test_ring__sixty_four_digits_are_one_root_key_and_stay_readable_after_rotation(
    apart: str, settings: Settings
) -> None:
    path = Path(settings.ROOT_KEY_FILE)
    keyring.write_secret(path, b"ab" * 32 + b"\n", replace=True)
    keys.forget_all()
    amina, found = person(), keys.find_key("ins", "1")
    with connected("worker", apart):
        assert vault.rotate_root() == 1
    keys.forget_all()
    assert json.loads(path.read_text())["current"] == keys.ring().current
    assert keys.find_key("ins", "1") == found
    with amina.here():
        keys.sealer(amina.id)


def test_ring__damaged_file_is_told(tmp_path: Path) -> None:
    for content in (b"", b"{}", b"not json", b"zz" * 32):
        path = tmp_path / "damaged.key"
        keyring.write_secret(path, content, replace=True)
        with pytest.raises(Unavailable):
            keyring.read_ring(path)


def test_make_ring__two_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        rings = list(pool.map(lambda _: keyring.make_ring(tmp_path / "root.key").current, range(8)))
    assert len(set(rings)) == 1
