"""The store on disk: written once, durable, never half a file."""

import errno
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from healthspace.common.errors import Conflict, Refused, Unavailable
from healthspace.vault import reads as keys
from healthspace.vault.adapters import disk
from healthspace.vault.adapters.disk import DiskStore
from tests.rooms.ledger import person

NAME = "ab" * 20


def test_put_once__comes_back_and_is_ours_alone(tmp_path: Path) -> None:
    store = DiskStore(tmp_path / "blobs")
    store.put_once(NAME, b"sealed")
    assert store.get(NAME) == b"sealed"
    found = store.head(NAME)
    assert found is not None
    assert found.size_bytes == 6
    file = tmp_path / "blobs" / NAME[:3] / NAME
    assert file.stat().st_mode & 0o077 == 0
    assert [stored.name for stored in store.names()] == [NAME]
    store.delete(NAME)
    store.delete(NAME)
    assert store.head(NAME) is None
    with pytest.raises(Refused):
        store.get(NAME)


def test_put_once__second_writer_is_refused_and_the_first_stays(tmp_path: Path) -> None:
    store = DiskStore(tmp_path)
    store.put_once(NAME, b"first")
    with pytest.raises(Conflict):
        store.put_once(NAME, b"second")
    assert store.get(NAME) == b"first"


def test_put_once__of_many_at_once_exactly_one_wins(tmp_path: Path) -> None:
    store = DiskStore(tmp_path)

    def puts(number: int) -> bool:
        try:
            store.put_once(NAME, b"%d" % number * 1000)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(puts, range(16))) == 1
    assert len(set(store.get(NAME).decode())) <= 2
    assert len(list(tmp_path.rglob("*"))) == 2


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EROFS, errno.EIO])
def test_put_once__full_disk_is_unavailable_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: int
) -> None:
    store = DiskStore(tmp_path)

    def fails(_: int) -> None:
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(disk.os, "fsync", fails)
    with pytest.raises(Unavailable):
        store.put_once(NAME, b"sealed")
    monkeypatch.undo()
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    assert store.head(NAME) is None
    store.put_once(NAME, b"sealed")
    assert store.get(NAME) == b"sealed"


def test_put_once__a_really_full_volume_is_unavailable(tmp_path: Path) -> None:
    volume = tmp_path / "small"
    volume.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(volume)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("left out: a small volume cannot be mounted by this user")
    try:
        store = DiskStore(volume)
        with pytest.raises(Unavailable):
            store.put_once(NAME, os.urandom(200_000))
        assert not [path for path in volume.rglob("*") if path.is_file()]
        store.put_once(NAME, b"small enough")
        assert store.get(NAME) == b"small enough"
    finally:
        subprocess.run(["umount", str(volume)], check=True)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a", "", "ab/cdefgh1234", "é" * 20, "abcdefgh\0"])
def test_get__a_name_that_is_no_name_is_absent(tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused):
        DiskStore(tmp_path).get(name)


def test_names__old_drafts_of_a_crash_are_removed(tmp_path: Path) -> None:
    store = DiskStore(tmp_path)
    store.put_once(NAME, b"sealed")
    draft = tmp_path / NAME[:3] / f"{disk.DRAFT}x"
    draft.write_bytes(b"half")
    assert len(list(store.names())) == 1
    assert draft.exists()
    old = time.time() - disk.DRAFT_LIVES_SECONDS - 1
    os.utime(draft, (old, old))
    assert len(list(store.names())) == 1
    assert not draft.exists()


WRITER = """
import sys, os
from pathlib import Path
from healthspace.vault.adapters.disk import DiskStore
store = DiskStore(Path(sys.argv[1]))
while True:
    name = os.urandom(20).hex()
    store.put_once(name, name.encode() * 20_000)
    print(name, flush=True)
"""


def test_put_once__killed_process_loses_nothing_acknowledged(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    acknowledged = [process.stdout.readline().strip() for _ in range(30)]
    process.kill()
    acknowledged += [line.strip() for line in process.stdout.read().splitlines() if len(line) == 40]
    process.wait()
    store = DiskStore(tmp_path)
    for name in acknowledged:
        assert store.get(name) == name.encode() * 20_000
    for stored in store.names():
        assert stored.size_bytes == 800_000


def test_put_once__file_and_folder_are_synced_before_it_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, synced = DiskStore(tmp_path), []
    real = os.fsync

    def notes(handle: int) -> None:
        synced.append(Path(f"/proc/self/fd/{handle}").resolve())
        real(handle)

    monkeypatch.setattr(disk.os, "fsync", notes)
    store.put_once(NAME, b"sealed")
    folder = tmp_path / NAME[:3]
    assert synced[-1] == folder
    assert any(path.name.startswith(disk.DRAFT) for path in synced)
    assert tmp_path in synced


def test_sweep_orphans__takes_only_old_unknown_bodies(tmp_path: Path, settings: object) -> None:
    from healthspace.vault import actions as vault

    settings.STORE = {"kind": "disk", "folder": str(tmp_path)}  # type: ignore[attr-defined]
    amina = person()
    with amina.here():
        known, old, fresh = (vault.store_blob(person_id=amina.id, item=amina.id, content=b"a body") for _ in range(3))
    for name in (known, old):
        path = tmp_path / name[:3] / name
        os.utime(path, (time.time() - 90_000, time.time() - 90_000))
    assert vault.sweep_orphans(is_known=lambda name: name == known) == 1
    assert {name for name in (known, old, fresh) if keys.store().head(name)} == {known, fresh}
