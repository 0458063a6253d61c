"""A certified helper beside a person at a desk, and the paper forms that come back by scan."""

from __future__ import annotations

from django.db import models

from healthspace.schema.contract import PersonTable, ReferenceTable


class Certification(ReferenceTable):
    """Who may help at a desk: `id` is the account, `name` what the journals of the people helped show."""

    name = models.CharField(max_length=120)
    certified_until = models.DateField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_certification"


class Assistance(PersonTable):
    """One session of help for one person: asked, then agreed by a code or on paper, then over.

    `scope`: words of `rules.SCOPES`, between spaces. `by_person_id`: who sits at the desk, the person or the parent
    of a child. `code_key`: keyed hash of the code sent to the person alone. `identity_paper`: which one the helper saw.
    `sealed_mandate`: the scan of the signed sheet.
    """

    class Proof(models.TextChoices):
        LETTER = "letter"
        CARD = "card"

    class Consent(models.TextChoices):
        LETTER = "letter"
        CODE = "code"
        PAPER = "paper"

    assistant_id = models.UUIDField()
    institution_id = models.UUIDField()
    by_person_id = models.UUIDField()
    proof = models.CharField(max_length=8, choices=Proof)
    identity_paper = models.CharField(max_length=20, default="")
    consent = models.CharField(max_length=8, choices=Consent, default="")
    scope = models.CharField(max_length=160, default="")
    is_child = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=16, default="")
    code_key = models.BinaryField(null=True)
    code_until = models.DateTimeField(null=True)
    code_tries = models.PositiveSmallIntegerField(default=0)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    letter_code_id = models.UUIDField(null=True)
    sealed_mandate = models.BinaryField(null=True)

    class Meta:
        db_table = "access_assistance"


class PaperForm(PersonTable):
    """A form printed for one person; its square names it, and signed it serves once.

    `kind`: a word of `rules.FORMS`; `professional_id`: whom the form names, if anybody.
    """

    kind = models.CharField(max_length=16)
    professional_id = models.UUIDField(null=True)
    assistance_id = models.UUIDField(null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "access_paper_form"
