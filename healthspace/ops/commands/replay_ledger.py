"""`healthspace replay-ledger`: destroy again who came back with an older backup; before the doors open."""

import argparse

from healthspace.common.errors import Unavailable
from healthspace.journeys import destroy
from healthspace.ops.faults import CannotRun
from healthspace.ops.supervisor import say
from healthspace.vault import actions as vault

DESCRIPTION = """Reads the ledger of destructions and destroys again whoever it names and is in the database.
`healthspace run` and `healthspace restore` do it by themselves; on your own PostgreSQL run it after each restore."""


def main(arguments: list[str]) -> int:
    """Make missing key files, then replay."""
    argparse.ArgumentParser(prog="healthspace replay-ledger", description=DESCRIPTION).parse_args(arguments)
    vault.prepare_archive()
    try:
        back = destroy.replay_ledger()
    except Unavailable as fault:
        raise CannotRun(f"Nothing is opened: {fault}.") from None
    if back:
        say(f"{back} destroyed spaces had come back with the database. They are destroyed again.")
    return 0
