"""`healthspace rotate-root-key`: a new root key; every person key wrapped anew; no sealed text is touched."""

import argparse

from healthspace.common.errors import Conflict
from healthspace.ops.faults import CannotRun
from healthspace.ops.supervisor import say
from healthspace.vault import actions as vault

DESCRIPTION = """Makes a new root key and wraps every person's key under it. Stopped half-way, go on with --continue.
The old root key stays in the key file until --retire NAME; back the key file up before and after."""


def main(arguments: list[str]) -> int:
    """Rotate, go on, or retire."""
    parser = argparse.ArgumentParser(prog="healthspace rotate-root-key", description=DESCRIPTION)
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--continue", dest="goes_on", action="store_true", help="finish a rotation that was stopped")
    which.add_argument("--retire", metavar="NAME", help="forget an old root key that wraps nothing any more")
    asked = parser.parse_args(arguments)
    if asked.retire:
        try:
            vault.retire_root(root_id=asked.retire)
        except Conflict:
            raise CannotRun(f"The root key {asked.retire} is in use or unknown. Rotate first, to the end.") from None
        say(f"The root key {asked.retire} is forgotten.")
        return 0
    wrap = vault.rewrap if asked.goes_on else vault.rotate_root
    say(f"{wrap(progress=lambda done: say(f'  {done} keys'))} person keys wrapped anew.")
    return 0
