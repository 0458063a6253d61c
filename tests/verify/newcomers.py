"""Run beside a live product, in its settings: makes people there and hands them over as one line."""

from __future__ import annotations

import base64
import pickle
import sys

import django


def main() -> None:
    """Print holders and a hospital, pickled."""
    django.setup()
    from tests import people

    holders = [people.amina(), people.paul(), people.jeanne()]
    handed = pickle.dumps((holders, people.rivemont()))
    sys.stdout.write(base64.b64encode(handed).decode() + "\n")


if __name__ == "__main__":
    main()
