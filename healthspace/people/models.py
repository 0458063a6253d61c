"""Who can act: the public directory of professionals and structures, accounts, software, tokens.

Accounts hold no name and no address: a holder's are sealed with the identity of the space.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from healthspace.common import ids
from healthspace.people import rules
from healthspace.schema.contract import LocalTable, ReferenceTable


class Professional(ReferenceTable):
    """A health or social professional of the public directory (RPPS)."""

    rpps = models.CharField(max_length=11, unique=True)
    family_name = models.CharField(max_length=100)
    first_name = models.CharField(max_length=100)
    title = models.CharField(max_length=16, default="")
    profession = models.CharField(max_length=8)
    specialty = models.CharField(max_length=32, default="")
    is_active = models.BooleanField(default=True)
    family_key = models.CharField(max_length=120, db_index=True)
    first_key = models.CharField(max_length=120)

    class Meta:
        db_table = "people_professional"

    @property
    def name(self) -> str:
        """As people say it: "Dr Linh Nguyen"."""
        return rules.spoken_name(self.title, self.first_name, self.family_name)


class Institution(ReferenceTable):
    """A structure of the public directory (FINESS)."""

    finess = models.CharField(max_length=9, unique=True)
    name = models.CharField(max_length=200)
    facility_type = models.CharField(max_length=16)
    setting = models.CharField(max_length=16, default="")
    city = models.CharField(max_length=100, default="")
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "people_institution"


class Practice(ReferenceTable):
    """Where a professional works."""

    professional = models.ForeignKey(Professional, on_delete=models.CASCADE, related_name="practices")
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="practices")

    class Meta:
        db_table = "people_practice"
        constraints = [models.UniqueConstraint(fields=["professional", "institution"], name="people_practice_once")]


class Account(AbstractBaseUser, LocalTable):
    """One way in: for a holder, a professional, a support agent or an operator; no rights live here.

    People make logins of their names, so only a keyed hash of it is kept (hex of 32 bytes).
    """

    class Kind(models.TextChoices):
        HOLDER = "holder"
        PROFESSIONAL = "professional"
        SUPPORT = "support"
        OPERATOR = "operator"

    uuid = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    login_key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    person_id = models.UUIDField(null=True, db_index=True)
    professional_id = models.UUIDField(null=True, db_index=True)
    language = models.CharField(max_length=8, default="fr")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = BaseUserManager["Account"]()

    USERNAME_FIELD = "login_key"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "people_account"
        constraints = [
            models.CheckConstraint(
                name="people_account_owner",
                condition=models.Q(kind="holder", person_id__isnull=False, professional_id=None)
                | models.Q(kind="professional", person_id=None, professional_id__isnull=False)
                | models.Q(kind__in=["support", "operator"], person_id=None, professional_id=None),
            )
        ]


class SignInTry(LocalTable):
    """Wrong tries for one login or from one source; the key is a keyed hash, never the address.

    `failures` counts within the window that ends at `window_ends_at`; `total` since the last right one.
    """

    key = models.BinaryField(max_length=32, unique=True)
    failures = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    window_ends_at = models.DateTimeField()

    class Meta:
        db_table = "people_sign_in_try"


class Software(ReferenceTable):
    """A piece of software registered for a structure; the journal names it."""

    name = models.CharField(max_length=100)
    institution = models.ForeignKey(Institution, on_delete=models.CASCADE, related_name="+")
    is_active = models.BooleanField(default=True)

    class Meta:
        db_table = "people_software"


class Token(LocalTable):
    """A bearer token of one software; only its SHA-256 is kept, for it is 256 random bits."""

    digest = models.BinaryField(max_length=32, unique=True)
    software_id = models.UUIDField(db_index=True)
    professional_id = models.UUIDField(null=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_token"
