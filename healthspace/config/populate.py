"""The invented population, once per data folder."""

from importlib import import_module

from healthspace.config import env
from healthspace.ops.supervisor import say


def main(arguments: list[str]) -> int:
    """Make it and leave a mark, so that the next start does not."""
    vault = import_module("healthspace.vault.actions")  # only once Django is ready
    vault.prepare_archive()
    population = import_module("healthspace.demo.population")  # never installed in production
    population.build(say)
    (env.home() / "populated").write_text("1\n")
    return 0
