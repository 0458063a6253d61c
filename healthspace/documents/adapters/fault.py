"""Why a file is not taken, said inside the parser process."""

from __future__ import annotations


class Fault(Exception):
    """The file breaks a rule; `rule` is its id, plain ASCII."""

    def __init__(self, rule: str) -> None:
        super().__init__(rule)
        self.rule = rule
