"""The embedded PostgreSQL: find its binaries, make its data folder, start it, stop it. Plain Python, no Django.

Peer authentication on a unix socket only: nobody but the operating-system user who started it gets in.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from healthspace.ops.engine import OLDEST_MAJOR, SOCKET_NAME, Engine, Place, find_engine, make_passable, own_copy, place
from healthspace.ops.faults import CannotRun
from healthspace.ops.process import die_with_parent

SUPERUSER = "postgres"
ROLES = ("healthspace_owner", "healthspace_app", "healthspace_worker", SUPERUSER)
START_SECONDS = 60
FIRST_WITH_IO_METHOD = 18
NOT_IN_NAMES = set('"$`\\\n')  # its programs call each other through a shell
CONFIGURATION = """
listen_addresses = ''
unix_socket_directories = '"{socket}"'
unix_socket_permissions = 0700
max_connections = 60
shared_buffers = 48MB
huge_pages = off
max_parallel_workers_per_gather = 0
max_worker_processes = 4
max_logical_replication_workers = 0
autovacuum_max_workers = 2
jit = off
random_page_cost = 1.1
fsync = on
synchronous_commit = on
full_page_writes = on
wal_compression = pglz
max_wal_size = 512MB
idle_in_transaction_session_timeout = 60s
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
# Nothing personal in the log: no statement, no parameter, no DETAIL line with a key's value.
log_min_error_statement = panic
log_error_verbosity = terse
log_parameter_max_length_on_error = 0
{extra}
include_if_exists = '{own}'
"""


def _owned_folder(folder: Path, where: Place) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if where.service_user:
        shutil.chown(folder, where.service_user)
    status = folder.lstat()
    wanted = pwd.getpwnam(where.service_user).pw_uid if where.service_user else os.geteuid()
    if folder.is_symlink() or status.st_uid != wanted:
        raise CannotRun(f"The folder {folder} belongs to someone else. Remove it, or choose another HEALTHSPACE_HOME.")
    folder.chmod(0o700)


def prepare(home: Path, extra: dict[str, str] | None = None) -> tuple[Engine, Place]:
    """Make the data folder on the first start; write the configuration at every start."""
    where = place(home)
    if NOT_IN_NAMES & set(str(where.folder)):
        raise CannotRun(f"PostgreSQL cannot work in a folder named {where.folder}. Choose another HEALTHSPACE_HOME.")
    for folder in (home, where.folder, where.socket.parent):
        make_passable(folder)
    where.log.parent.mkdir(mode=0o700, exist_ok=True)
    if where.folder != home / "postgres" and not (home / "postgres").is_symlink():
        (home / "postgres").symlink_to(where.folder)
    engine = own_copy(find_engine(), where)
    _owned_folder(where.socket, where)
    if not where.data.exists():
        _initdb(engine, where)
    made_by = (where.data / "PG_VERSION").read_text().strip()
    if made_by != str(engine.major):
        raise CannotRun(
            f"The data folder {where.data} was made by PostgreSQL {made_by}, and here is PostgreSQL {engine.major}. "
            "Start the release that made it, or move the data with pg_upgrade (UPGRADE.md says how)."
        )
    # From 18 on PostgreSQL would keep processes for reading ahead; a small database needs none.
    newer = {"io_method": "sync"} if engine.major >= FIRST_WITH_IO_METHOD else {}
    _configure(where, home / "postgres.conf", newer | (extra or {}))
    return engine, where


def _initdb(engine: Engine, where: Place) -> None:
    fresh = where.folder / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    _owned_folder(fresh, where)
    provider = ["--locale-provider=builtin"] if engine.major > OLDEST_MAJOR else []
    done = subprocess.run(
        [engine.folder / "bin" / "initdb", "-D", fresh, "-U", SUPERUSER, "-E", "UTF8", "--locale=C.UTF-8", *provider,
         "--auth-local=peer", "--auth-host=reject", "-k", "--no-instructions"],
        user=where.service_user, group=_group(where), extra_groups=[] if where.service_user else None,
        cwd="/", capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise CannotRun(
            f"PostgreSQL could not make its data folder in {where.folder}: {_last(done.stderr)}. "
            "Free some disk space or choose another HEALTHSPACE_HOME."
        )
    fresh.rename(where.data)


def _last(output: str) -> str:
    lines = [line for line in output.strip().splitlines() if "error" in line.lower() or "fatal" in line.lower()]
    return lines[-1].rstrip(".") if lines else output.strip()[-200:] or "no reason was given"


def _group(where: Place) -> int | None:
    return pwd.getpwnam(where.service_user).pw_gid if where.service_user else None


def _configure(where: Place, own: Path, extra: dict[str, str]) -> None:
    try:
        launcher = pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        raise CannotRun(
            f"The user with number {os.geteuid()} has no name, and PostgreSQL admits users by name. "
            "Add it to /etc/passwd, or set DATABASE_URL."
        ) from None
    lines = "\n".join(f"{key} = {value}" for key, value in extra.items())
    files = {
        "postgresql.conf": CONFIGURATION.format(socket=_quoted(where.socket), own=_quoted(own), extra=lines),
        "pg_hba.conf": "local all all peer map=healthspace\n",
        "pg_ident.conf": "".join(f'healthspace "{launcher}" {role}\n' for role in ROLES),
    }
    for name, content in files.items():
        path = where.data / name
        path.write_text(content)
        path.chmod(0o600)
        if where.service_user:
            shutil.chown(path, where.service_user)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def start(home: Path, extra: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start PostgreSQL and wait until it answers; recovery after a crash included."""
    engine, where = prepare(home, extra)
    until = time.monotonic() + START_SECONDS
    while True:
        _end_leftover(where)
        offset = where.log.stat().st_size if where.log.exists() else 0
        process = _spawn(engine, where)
        while process.poll() is None and time.monotonic() < until:
            if _is_ready(where, process.pid):
                return process
            time.sleep(0.02)
        with where.log.open("rb") as log:
            log.seek(offset)
            said = log.read().decode(errors="replace")
        if process.poll() is None or time.monotonic() >= until or "still in use" not in said:
            stop(process)
            raise CannotRun(f"PostgreSQL did not start: {_last(said)}. Its log is {where.log}.")
        time.sleep(0.3)  # the last processes of a killed PostgreSQL are still leaving


def _spawn(engine: Engine, where: Place) -> subprocess.Popen[bytes]:
    with where.log.open("ab") as log:
        return subprocess.Popen(
            [engine.folder / "bin" / "postgres", "-D", where.data],
            user=where.service_user, group=_group(where), extra_groups=[] if where.service_user else None,
            cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"}, preexec_fn=lambda: die_with_parent(signal.SIGINT),  # noqa: PLW1509 - one thread only
        )  # fmt: skip


def _is_ready(where: Place, pid: int) -> bool:
    try:
        lines = (where.data / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def _end_leftover(where: Place) -> None:
    """A postmaster whose supervisor was killed is asked to leave; a pid file without one is removed."""
    path = where.data / "postmaster.pid"
    until = time.monotonic() + START_SECONDS
    is_asked = False
    while path.exists() and time.monotonic() < until:
        pid = int(path.read_text().splitlines()[0])
        command = Path(f"/proc/{pid}/cmdline")
        if not command.exists() or os.fsencode(where.data) not in command.read_bytes():
            path.unlink(missing_ok=True)
            return
        if not is_asked:
            os.kill(pid, signal.SIGINT)
            is_asked = True
        time.sleep(0.05)


def stop(process: subprocess.Popen[bytes], seconds: float = 20) -> None:
    """Fast shutdown: sessions are ended, everything is written, then it leaves."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGQUIT)
            process.wait()


def answers(home: Path) -> bool:
    """Whether the embedded PostgreSQL of this data folder runs and takes connections."""
    with socket.socket(socket.AF_UNIX) as trial:
        try:
            trial.connect(f"{place(home).socket}{SOCKET_NAME}")
        except OSError:
            return False
    return True


@contextmanager
def running(home: Path, extra: dict[str, str] | None = None) -> Iterator[None]:
    """PostgreSQL for the time of a block."""
    process = start(home, extra)
    try:
        yield
    finally:
        stop(process)
