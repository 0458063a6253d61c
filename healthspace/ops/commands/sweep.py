"""`healthspace sweep`: remove stored bodies whose deposit never became a document."""

from healthspace.journeys import sweeping
from healthspace.ops.supervisor import say


def main(arguments: list[str]) -> int:
    """Sweep once; the worker does the same every hour."""
    say(f"{sweeping.sweep_once()} bodies removed.")
    return 0
