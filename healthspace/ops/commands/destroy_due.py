"""`healthspace destroy-due`: destroy the spaces whose time is over, close suspensions nobody objected to."""

import argparse

from healthspace.journeys import destroy
from healthspace.ops.told import Progress, in_words, result

DESCRIPTION = """Destroys what is due now: closed for ten years, or deletion asked and its delay over.
The worker does the same every minute. Each destruction is named in the ledger file before it happens."""


def main(arguments: list[str]) -> int:
    """Go on until nothing is due."""
    parser = argparse.ArgumentParser(prog="healthspace destroy-due", description=DESCRIPTION)
    parser.add_argument("--json", action="store_true", help="the result as one JSON object")
    asked = parser.parse_args(arguments)
    total, shown = 0, Progress("destroy-due")
    with in_words():
        while done := destroy.destroy_due():
            total += done
            shown.show(total, "spaces")
    shown.end()
    result([f"{total} spaces went on: destroyed, or closed after a suspension."], {"spaces": total}, as_json=asked.json)
    return 0
