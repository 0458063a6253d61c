"""Accounts, and the tries at them; no name and no address stands here: a holder’s are sealed with the space."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from healthspace.common import ids
from healthspace.schema.contract import LocalTable


class Account(AbstractBaseUser, LocalTable):
    """One way in: for a holder, a professional, a support agent or an operator; no rights live here.

    People make logins of their names, so only a keyed hash of it is kept (hex of 32 bytes).
    """

    class Kind(models.TextChoices):
        HOLDER = "holder"
        PROFESSIONAL = "professional"
        SUPPORT = "support"
        OPERATOR = "operator"
        ASSISTANT = "assistant"  # a certified helper at a desk; `institution_id` is the desk

    uuid = models.UUIDField(default=ids.new_id, unique=True, editable=False)
    login_key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    person_id = models.UUIDField(null=True, db_index=True)
    professional_id = models.UUIDField(null=True, db_index=True)
    institution_id = models.UUIDField(null=True)
    language = models.CharField(max_length=8, default="fr")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    restricted_until = models.DateTimeField(null=True)  # after a recovery: until then no health data opens

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
                | models.Q(kind__in=["support", "operator"], person_id=None, professional_id=None)
                | models.Q(kind="assistant", person_id=None, professional_id=None, institution_id__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["person_id"], condition=models.Q(kind="holder"), name="people_account_one_holder"
            ),
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
