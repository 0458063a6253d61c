"""`healthspace replay-ledger`: destroy again who came back with an older backup; before the doors open."""

import argparse

from healthspace.common import ids
from healthspace.common.errors import Unavailable
from healthspace.journeys import destroy
from healthspace.ops.faults import CannotRun
from healthspace.ops.supervisor import say
from healthspace.vault import actions as vault

DESCRIPTION = """Reads the ledger of destructions and destroys again whoever it names and is in the database.
`healthspace run` and `healthspace restore` do it by themselves; on your own PostgreSQL run it after each restore.
Stops when the database destroyed somebody whom the ledger does not name."""
_OLDER = (
    "Nothing is opened: this database destroyed {} spaces that the ledger of destructions does not name. The ledger is "
    "lost or older than the database, so others whom it named may be back. Put its latest copy in place. If there is "
    "none: 'healthspace replay-ledger --add-missing' writes these down again, but whoever else is back stays."
)


def main(arguments: list[str]) -> int:
    """Make missing key files, replay, then compare with what the database knows of itself."""
    parser = argparse.ArgumentParser(prog="healthspace replay-ledger", description=DESCRIPTION)
    parser.add_argument("--add-missing", action="store_true", help="the ledger is lost: begin it again from here")
    asked = parser.parse_args(arguments)
    vault.prepare_archive()
    try:
        back, missing = destroy.replay_ledger(), vault.unnamed()
        if missing and not asked.add_missing:
            raise CannotRun(_OLDER.format(len(missing)))
        for person_id in missing:
            vault.note_destruction(person_id=person_id, event_id=ids.new_id())
    except Unavailable as fault:
        raise CannotRun(f"Nothing is opened: {fault}.") from None
    if back:
        say(f"{back} destroyed spaces had come back with the database. They are destroyed again.")
    if missing:
        say(f"{len(missing)} destroyed spaces were written down in the ledger again.")
    return 0
