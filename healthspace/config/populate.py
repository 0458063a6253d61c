"""The invented population."""

from importlib import import_module

from healthspace.ops.supervisor import say


def main(arguments: list[str]) -> int:
    """Make it."""
    vault = import_module("healthspace.vault.actions")  # only once Django is ready
    vault.prepare_archive()
    population = import_module("healthspace.demo.population")  # never installed in production
    population.build(say)
    return 0
