"""Django's secret key: made once, readable by its owner alone."""

import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def secret_key(home: Path, given: str = "") -> str:
    """Django's secret key: the file an operator named, else one in the data folder, made with fresh randomness."""
    path = Path(given) if given else home / "keys" / "secret.key"
    if not given and not path.exists():
        _make(path, secrets.token_hex(KEY_BYTES).encode())
    return path.read_text().strip()


def _make(path: Path, content: bytes) -> None:
    if not path.parent.parent.exists():
        path.parent.parent.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True)
    path.parent.mkdir(mode=0o700, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(descriptor, content)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(fresh, path)  # two processes that start together agree on the first
    except FileExistsError:
        pass
    fresh.unlink()
