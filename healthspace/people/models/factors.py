"""What an account proves itself with besides its password; every secret sealed or as a keyed hash.

All of one site: an account leads to a person, these lead to an account, and nothing here says whose it is.
"""

from __future__ import annotations

from django.db import models

from healthspace.common import ids
from healthspace.schema.contract import LocalTable


class Passkey(LocalTable):
    """A WebAuthn credential; found by the keyed hash of its id, its public data sealed for the account."""

    uuid = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    account_id = models.UUIDField(db_index=True)
    credential_key = models.BinaryField(max_length=32, unique=True)
    sealed = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_passkey"


class Totp(LocalTable):
    """The secret shared with an authenticator app; counts once a first code of it was right.

    `last_step` is the time step of the last code taken: no code is taken twice (RFC 6238, 5.2).
    """

    account_id = models.UUIDField(unique=True)
    sealed = models.BinaryField()
    last_step = models.BigIntegerField(default=0)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_totp"


class PaperCode(LocalTable):
    """One of ten codes on paper, as a keyed hash bound to its account; works once."""

    account_id = models.UUIDField(db_index=True)
    code_key = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_paper_code"


class StepAttempt(LocalTable):
    """A second step that somebody began after a right password; the code sent is bound to it."""

    uuid = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    account_id = models.UUIDField(db_index=True)
    purpose = models.CharField(max_length=16)
    sealed_channels = models.BinaryField()
    code_key = models.BinaryField(max_length=32, null=True)
    code_method = models.CharField(max_length=8, default="")
    code_ends_at = models.DateTimeField(null=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_step_attempt"


class StepMark(LocalTable):
    """That a code was sent, or that one was wrong: what the limits count."""

    class Kind(models.TextChoices):
        SENT = "sent"
        WRONG = "wrong"

    account_id = models.UUIDField()
    source_key = models.BinaryField(max_length=32, null=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField()

    class Meta:
        db_table = "people_step_mark"
        indexes = [
            models.Index(fields=["account_id", "kind", "at"], name="people_step_mark_account"),
            models.Index(fields=["source_key", "kind", "at"], name="people_step_mark_source"),
            models.Index(fields=["at"], name="people_step_mark_at"),
        ]


class TrustedDevice(LocalTable):
    """A browser that may leave out the second step for 30 days; only the SHA-256 of its token is kept."""

    account_id = models.UUIDField(db_index=True)
    digest = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "people_trusted_device"


class SpentChallenge(LocalTable):
    """A passkey challenge that was answered: no answer is taken twice."""

    digest = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "people_spent_challenge"


class SignInMinute(LocalTable):
    """How many sign-ins were tried and failed in a minute, by all together; for the alarm (T05).

    In several parts, so that a nation's sign-ins do not wait for one row.
    """

    minute_at = models.DateTimeField()
    part = models.PositiveSmallIntegerField()
    tries = models.PositiveIntegerField()
    failures = models.PositiveIntegerField()

    class Meta:
        db_table = "people_sign_in_minute"
        constraints = [models.UniqueConstraint(fields=["minute_at", "part"], name="people_sign_in_minute_once")]
