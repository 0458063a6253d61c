"""On a person's own machine, and for `make run`: plain http on loopback."""

from healthspace.config.settings.base import *  # noqa: F403
