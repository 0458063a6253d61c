"""`healthspace destroy-due`: destroy the spaces whose time is over, close suspensions nobody objected to."""

import argparse

from healthspace.journeys import destroy
from healthspace.ops.supervisor import say

DESCRIPTION = """Destroys what is due now: closed for ten years, or deletion asked and its delay over.
The worker does the same every minute. Each destruction is named in the ledger file before it happens."""


def main(arguments: list[str]) -> int:
    """Go on until nothing is due."""
    argparse.ArgumentParser(prog="healthspace destroy-due", description=DESCRIPTION).parse_args(arguments)
    total = 0
    while done := destroy.destroy_due():
        total += done
        say(f"  {total} spaces")
    say(f"{total} spaces went on: destroyed, or closed after a suspension.")
    return 0
