"""Django's own commands, as the owner of the tables."""

from django.core.management import execute_from_command_line


def main(arguments: list[str]) -> int:
    """Run one of them."""
    execute_from_command_line(["healthspace manage", *arguments])
    return 0
