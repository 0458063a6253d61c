"""The command `healthspace`. Each command is one module; only the one asked for is imported."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Literal

from healthspace.config import env
from healthspace.ops import database, postgres, supervisor
from healthspace.ops.faults import CannotRun, in_words
from healthspace.ops.supervisor import say

SETTINGS = "healthspace.config.settings.dev"


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command lives (`main(arguments) -> exit code`), what it needs, and as which database role it works."""

    module: str
    meaning: str
    needs: Literal["nothing", "django", "database"] = "database"
    role: Literal["app", "worker", "owner"] = "app"


COMMANDS = {
    "run": Command("healthspace.config.run", "start everything: database, doors, worker; Ctrl-C ends it", "nothing"),
    "doctor": Command("healthspace.config.doctor", "say what is here, what is missing, and the way out", "nothing"),
    "add": Command("healthspace.ops.commands.add", "one institution, professional, software, token, space or account"),
    "load": Command("healthspace.ops.commands.load", "take in folders of CDA documents, FHIR bundles or files"),
    "takeover": Command(
        "healthspace.ops.commands.takeover", "move older records in: folders of documents with metadata", role="worker"
    ),
    "history": Command(
        "healthspace.ops.commands.history", "take in the insurer's files of reimbursed care", role="worker"
    ),
    "open-due": Command(
        "healthspace.ops.commands.open_due",
        "open every space whose six weeks are over (the worker does too)",
        role="worker",
    ),
    "numbers": Command(
        "healthspace.ops.commands.numbers", "how many persons stand where; nothing of anybody", role="worker"
    ),
    "letters": Command("healthspace.ops.commands.letters", "print the single letters that were ordered", role="worker"),
    "refusals": Command(
        "healthspace.ops.commands.refusals", "note the refusal slips of a folder of scans", role="worker"
    ),
    "forms": Command(
        "healthspace.ops.commands.forms", "carry out the signed paper forms of a folder of scans", role="worker"
    ),
    "intake": Command(
        "healthspace.ops.commands.intake", "take in files of the insurer's register or of its changes", role="worker"
    ),
    "wave": Command("healthspace.ops.commands.wave", "plan, start, pause, resume, stop, show waves", role="worker"),
    "inform": Command(
        "healthspace.ops.commands.inform", "draft, send and print the information of running waves", role="worker"
    ),
    "posted": Command("healthspace.ops.commands.posted", "letters went to the post on a day", role="worker"),
    "bounces": Command("healthspace.ops.commands.bounces", "read the mails that came back", role="worker"),
    "returned": Command("healthspace.ops.commands.returned", "take in the letters that came back", role="worker"),
    "verify-journal": Command(
        "healthspace.ops.commands.verify_journal", "check the whole journal against its tree", role="worker"
    ),
    "rotate-root-key": Command(
        "healthspace.ops.commands.rotate_root_key", "change the root key; bodies stay as they are", role="worker"
    ),
    "destroy-due": Command(
        "healthspace.ops.commands.destroy_due", "destroy closed spaces whose time is over", role="worker"
    ),
    "correct-death": Command("healthspace.ops.commands.correct_death", "take back a death recorded in error"),
    "suspend": Command("healthspace.ops.commands.suspend", "suspend one space for a misuse, or give it back"),
    "replay-ledger": Command(
        "healthspace.ops.commands.replay_ledger", "destroy again what an older backup brought back", role="worker"
    ),
    "sweep": Command("healthspace.ops.commands.sweep", "remove stored bodies that no document names", role="worker"),
    "restore": Command("healthspace.config.restore", "put a dump of pg_dump in place of the database", "nothing"),
    "migrate": Command("healthspace.config.migrate", "bring the tables to this release", role="owner"),
    "populate": Command("healthspace.config.populate", "make the invented population"),
    "populate-pilot": Command(
        "healthspace.config.populate_pilot", "tell some invented households of the pilot", role="worker"
    ),
    "worker": Command(
        "healthspace.ops.commands.worker", "tell facts, sequence the journal, sweep (part of run)", "django", "worker"
    ),
    "cases": Command("healthspace.ops.commands.cases", "what a person must look at", role="worker"),
    "simulate": Command(
        "healthspace.config.simulate", "an invented pilot from the register to day one, in its own database", "nothing"
    ),
    "manage": Command("healthspace.config.manage", "Django's own commands", "database", "owner"),
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; a fault an operator can mend is one sentence and exit code 2."""
    words = sys.argv[1:] if arguments is None else arguments
    if not words or words[0] in {"help", "--help", "-h"}:
        _print_help()
        return 0 if words else 2
    if words[0] not in COMMANDS:
        print(f"healthspace: There is no command {words[0]!r}. All of them: healthspace help.", file=sys.stderr)  # noqa: T201
        return 2
    command = COMMANDS[words[0]]
    try:
        with _ready(command):
            return int(import_module(command.module).main(words[1:]) or 0)
    except CannotRun as fault:
        print(f"healthspace: {fault}", file=sys.stderr)  # noqa: T201
        return 2
    except OSError as fault:
        told = in_words(fault)
        if told is None:
            raise
        print(f"healthspace: {told}", file=sys.stderr)  # noqa: T201
        return 2
    except KeyboardInterrupt:
        return 130


def _print_help() -> None:
    say("healthspace COMMAND [...]\n")
    for name, command in COMMANDS.items():
        say(f"  {name:<16} {command.meaning}")
    say("\nSettings are environment variables: docs/environment.md.")


@contextmanager
def _ready(command: Command) -> Iterator[None]:
    """Django, and a database that answers: the running one, the operator's, or the embedded one for this moment."""
    if command.needs == "nothing":
        yield
        return
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    os.environ.setdefault("HEALTHSPACE_ROLE", command.role)
    import django  # a third of a second the supervisor does without

    django.setup()
    url = env.text("DATABASE_URL")
    if command.needs == "django" or url or postgres.answers(env.home()):
        yield
        return
    with supervisor.open_home(env.home()), postgres.running(env.home()):
        database.ensure_embedded(env.home())
        yield


if __name__ == "__main__":
    sys.exit(main())
