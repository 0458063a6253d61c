"""How long to wait after too many wrong tries, in words."""

from math import ceil

from django.utils.translation import ngettext


def told_wait(seconds: int) -> str:
    """How long to wait, in whole minutes."""
    minutes = max(1, ceil(seconds / 60))
    return ngettext("Wait %(count)d minute, then try again.", "Wait %(count)d minutes, then try again.", minutes) % {
        "count": minutes
    }
