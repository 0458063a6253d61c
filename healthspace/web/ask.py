"""What a page asks before an act: the question, what follows from yes, the way back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ask:
    title: str
    yes: str
    back: str = ""
    back_label: str = ""
    about: str = ""
    lines: tuple[str, ...] = ()
    is_dangerous: bool = False
