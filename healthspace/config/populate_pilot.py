"""A small pilot of enrolment beside the invented population, as the worker; then the mark that all is there."""

from importlib import import_module

from healthspace.config import env
from healthspace.ops.supervisor import say


def main(arguments: list[str]) -> int:
    """Tell some invented households, and leave a mark, so that the next start makes nothing again."""
    enrolling = import_module("healthspace.demo.enrolling")  # never installed in production
    enrolling.build(env.home(), say)
    (env.home() / "populated").write_text("1\n")
    return 0
