"""What software must prove to get a token, and how long one lasts."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final, Literal

from healthspace.common.errors import HealthspaceError

TOKEN_LIFE: Final = timedelta(minutes=15)
LONGEST_ASSERTION: Final = timedelta(minutes=5)
CLOCKS_APART: Final = timedelta(seconds=10)
MOST_KEYS: Final = 10
SHORTEST_RSA: Final = 2048
LONGEST_CLIENT_ASSERTION: Final = 8192
LONGEST_JTI: Final = 128
KID: Final = re.compile(r"[A-Za-z0-9_\-.:=+/]{1,128}")
# the algorithm of a signature -> the one kind of key it may be made with (RFC 7518, 3.1; security T43)
ALGORITHMS: Final = {"ES384": "P-384", "RS384": "RSA", "ES256": "P-256"}
BEARER_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
ClientError = Literal["invalid_client", "invalid_grant", "invalid_request", "unsupported_grant_type"]


class ClientRefused(HealthspaceError):
    """No token: `error` is OAuth's word (RFC 6749, 5.2), `told` one sentence for who proved to be the client."""

    code = "client-refused"

    def __init__(self, error: ClientError, told: str = "") -> None:
        super().__init__(error)
        self.error = error
        self.told = told


def is_long(life: timedelta) -> bool:
    """A token made by hand: it lasts longer than any that is asked for with a proof."""
    return life > TOKEN_LIFE
