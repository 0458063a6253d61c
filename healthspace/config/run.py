"""`healthspace run`: the database, the tables, the invented population, then doors and worker as one group."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import psycopg

from healthspace.config import demo_provider, env
from healthspace.ops import database, postgres, process, supervisor
from healthspace.ops.faults import CannotRun
from healthspace.ops.process import Child
from healthspace.ops.supervisor import say

WEB, FHIR, WORKER, MAIL, DATABASE = "web door", "FHIR door", "worker", "mail server of the demo", "database"
PROVIDER = "identity provider of the demo"


def main(arguments: list[str]) -> int:
    """Start, keep alive, end in order."""
    if os.environ.get("MAKELEVEL"):
        process.die_with_parent(signal.SIGTERM)  # `make` killed by force takes the product with it
    home = env.home()
    lock = supervisor.open_home(home)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthspace.config.settings.dev")
    os.environ["HEALTHSPACE_HOME"] = str(home)
    group = supervisor.Group()
    try:
        with supervisor.ended_by_signals():
            _start(home, group)
            group.keep()
        say("\nEnding ...")
    finally:
        group.end()
        lock.close()
    say("Ended; nothing is left running.")
    return 0


def _start(home: Path, group: supervisor.Group) -> None:
    begun = time.monotonic()
    host, first = env.text("HEALTHSPACE_HOST"), env.whole("HEALTHSPACE_PORT")
    has_own_mail = env.truth("HEALTHSPACE_DEMO") and not env.whole("EMAIL_PORT")
    has_own_provider = demo_provider.is_wanted()
    ports = {first: WEB, first + 1: FHIR} | ({first + 2: MAIL} if has_own_mail else {})
    ports |= {first + 3: PROVIDER} if has_own_provider else {}
    supervisor.check_ports(host, ports)
    _open_database(home, group)
    if is_replay_due(home):
        step("replay-ledger")
    if has_own_mail:
        mail = _python("healthspace.ops.mail", "127.0.0.1", str(first + 2), str(home / "mail"))
        group.add(Child(MAIL, partial(_spawn, "app", mail), _stop))
    if has_own_provider:
        command = _python("healthspace.demo.provider", *demo_provider.prepare(home, first))
        group.add(Child(PROVIDER, partial(_spawn, "app", command), _stop))
    if env.truth("HEALTHSPACE_DEMO") and not (home / "populated").exists():
        say("First start: an invented population is being made (HEALTHSPACE_DEMO=0 starts empty).")
        step("populate")
        step("populate-pilot")
    group.add(Child(WEB, partial(_spawn, "app", _door("wsgi", host, first, "WEB")), _stop))
    group.add(Child(FHIR, partial(_spawn, "app", _door("wsgi_fhir", host, first + 1, "FHIR")), _stop))
    for port, title in ports.items():
        group.wait_for(host, port, title, speaks_http=title not in {MAIL, PROVIDER})
    group.add(Child(WORKER, partial(_spawn, "worker", _python("healthspace.config.cli", "worker")), _stop))
    _tell(home, host, ports, time.monotonic() - begun)


def _open_database(home: Path, group: supervisor.Group) -> None:
    url = env.text("DATABASE_URL")
    if url:
        database.ensure_operators(url)
        step("migrate")
        return
    group.add(Child(DATABASE, partial(postgres.start, home), postgres.stop))
    database.ensure_embedded(home)
    mark = _migrations_mark()
    with psycopg.connect(database.superuser(home, database.NAME), autocommit=True) as connection:
        if database.mark(connection) != mark:
            step("migrate")
            database.set_mark(connection, mark)


def _migrations_mark() -> str:
    """Changes whenever a migration of ours is added or edited, or Django is another: then tables may have to change."""
    digest = sha256(version("django").encode())
    for path in sorted((env.ROOT / "healthspace").glob("*/migrations/*.py")):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def step(command: str, *words: str) -> None:
    """One command of ours as a child, to its end; what it says is shown."""
    child = process.spawn(_python("healthspace.config.cli", command, *words), {"HEALTHSPACE_ROLE": _ROLE_OF[command]})
    try:
        code = child.wait()
    finally:
        process.end_group(child, 5)
    if code:
        raise CannotRun(
            f"The step '{command}' ended {process.how_it_ended(code)}; the lines above say why. "
            "After mending it, start again: nothing done so far is lost."
        )


_ROLE_OF = {"migrate": "owner", "populate": "app", "populate-pilot": "worker", "replay-ledger": "worker"}


def is_replay_due(home: Path) -> bool:
    """Spaces were destroyed once, so database and ledger are compared; or the archive has no key pair yet."""
    key = Path(env.text("ARCHIVE_KEY_FILE") or home / "keys" / "archive.key")
    return ledger(home).exists() or not key.with_suffix(".pub").exists() or _is_anybody_destroyed(home)


def ledger(home: Path) -> Path:
    """Where the ledger of destructions is."""
    return Path(env.text("DESTRUCTION_LEDGER") or home / "destroyed.ledger")


def _is_anybody_destroyed(home: Path) -> bool:
    if env.text("DATABASE_URL"):
        return True  # the step looks for itself
    with psycopg.connect(database.superuser(home, database.NAME)) as connection:
        found = connection.execute("SELECT 1 FROM vault_person_key WHERE destroyed_at IS NOT NULL LIMIT 1")
        return found.fetchone() is not None


def _spawn(role: str, command: list[str]) -> "subprocess.Popen[bytes]":
    # One arena: threads that take turns at memory leave far less of it unused.
    return process.spawn(command, {"HEALTHSPACE_ROLE": role, "MALLOC_ARENA_MAX": "1"})


def _stop(child: "subprocess.Popen[bytes]") -> None:
    process.end_group(child, 8)


def _python(module: str, *words: str) -> list[str]:
    return [sys.executable, "-m", module, *words]


def _door(module: str, host: str, port: int, kind: str) -> list[str]:
    threads, workers = env.text(f"HEALTHSPACE_{kind}_THREADS"), env.text(f"HEALTHSPACE_{kind}_WORKERS")
    return _python(
        "granian", "--interface", "wsgi", "--host", host, "--port", str(port), "--workers", workers,
        "--blocking-threads", threads, "--blocking-threads-idle-timeout", "600", "--respawn-failed-workers",
        "--no-ws", "--log-level", "warning", "--http", "1", f"healthspace.config.{module}:application",
    )  # fmt: skip


def _tell(home: Path, host: str, ports: dict[int, str], seconds: float) -> None:
    first = min(ports)
    say(f"\n{env.text('SITE_NAME')} is ready after {seconds:.1f} s.")
    # by name: browsers take no passkey at an address in figures
    name = "localhost" if host == "127.0.0.1" else host
    say(f"  Pages      http://{name}:{first}/")
    say(f"  FHIR R4    http://{host}:{first + 1}/fhir/metadata")
    if first + 2 in ports:
        say(f"  Mails      {home / 'mail'} (SMTP on port {first + 2})")
    if first + 3 in ports:
        say("  Sign in    as any invented person, without a password: the two buttons of the sign-in page")
    say(f"  Data       {home}")
    people = home / "sign-ins.txt"
    if people.exists():
        say(f"\n{people.read_text().rstrip()}")
    say("\nCtrl-C ends it.")
