"""Documents of a person: the row keeps what access rules and lists need, the rest is sealed."""

from __future__ import annotations

from django.db import models

from healthspace.schema.contract import PersonTable


class Document(PersonTable):
    """One version of a document as filed; its bytes lie sealed in the store under `blob`.

    `card` is sealed JSON (title, authors, place, media type, size, digest ...) under the part
    `card:<version>`; `own_words` the holder's own title and note, which never touch the original.
    `source_key` is a keyed hash of the sender's identifier: the same deposit twice is one row.
    Authors have no constraint in the database: each deposit would lock its hospital's one row.
    """

    class Status(models.TextChoices):
        CURRENT = "current"
        SUPERSEDED = "superseded"
        ARCHIVED = "archived"
        DELETED = "deleted"
        DISOWNED = "disowned"

    class AuthorKind(models.TextChoices):
        PROFESSIONAL = "professional"
        INSTITUTION = "institution"
        HOLDER = "holder"
        SYSTEM = "system"

    status = models.CharField(max_length=12, choices=Status)
    version = models.IntegerField(default=1)
    type_code = models.CharField(max_length=24)
    class_code = models.CharField(max_length=4)
    setting_code = models.CharField(max_length=16, blank=True)
    made_at = models.DateTimeField()
    deposited_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    author_kind = models.CharField(max_length=12, choices=AuthorKind)
    author_professional = models.ForeignKey(
        "people.Professional",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    author_institution = models.ForeignKey(
        "people.Institution", null=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    is_masked = models.BooleanField(default=False)
    hidden_from_holder_until = models.DateTimeField(null=True)
    is_hidden_from_representatives = models.BooleanField(default=False)
    folder_id = models.UUIDField(null=True)
    replaces_id = models.UUIDField(null=True)
    source_key = models.BinaryField(max_length=32)
    blob = models.CharField(max_length=64)
    card = models.BinaryField()
    own_words = models.BinaryField(null=True)

    class Meta:
        db_table = "documents_document"
        indexes = [
            models.Index(fields=["person_id", "-made_at", "-id"], name="documents_by_date"),
            models.Index(fields=["blob"], name="documents_by_blob"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person_id", "source_key"], name="documents_source"),
            models.CheckConstraint(
                condition=models.Q(is_masked=False)
                | models.Q(hidden_from_holder_until=None)
                | models.Q(status="disowned"),
                name="documents_never_hidden_from_all",
            ),
        ]


class Revision(PersonTable):
    """What a document's row said before a change: status, codes and sealed card."""

    document_id = models.UUIDField()
    version = models.IntegerField()
    until = models.DateTimeField()
    status = models.CharField(max_length=12)
    is_masked = models.BooleanField()
    hidden_from_holder_until = models.DateTimeField(null=True)
    is_hidden_from_representatives = models.BooleanField()
    card = models.BinaryField()

    class Meta:
        db_table = "documents_revision"
        constraints = [
            models.UniqueConstraint(fields=["person_id", "document_id", "version"], name="documents_revision_once"),
        ]


class Folder(PersonTable):
    """A folder of the holder; its name is sealed, and unique through a keyed hash."""

    name_key = models.BinaryField(max_length=32)
    sealed_name = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "documents_folder"
        constraints = [
            models.UniqueConstraint(fields=["person_id", "name_key"], name="documents_folder_name"),
        ]


class Visit(PersonTable):
    """When a reader last looked at this record: what came since is new to them."""

    viewer_id = models.UUIDField()
    seen_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "documents_visit"
        constraints = [
            models.UniqueConstraint(fields=["person_id", "viewer_id"], name="documents_visit_once"),
        ]


class Quarantine(PersonTable):
    """A deposit kept apart (ID-1): its `person_id` stands for the claimed identity, not a space."""

    reason = models.CharField(max_length=32)
    received_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    author_professional_id = models.UUIDField(null=True)
    author_institution_id = models.UUIDField(null=True)
    source_key = models.BinaryField(max_length=32)
    blob = models.CharField(max_length=64)
    card = models.BinaryField()

    class Meta:
        db_table = "documents_quarantine"
        constraints = [
            models.UniqueConstraint(fields=["person_id", "source_key"], name="documents_quarantine_source"),
        ]


class SpaceCopy(PersonTable):
    """A copy of everything, asked for by whoever may have it; `sealed` holds the asker's name and language.

    It is made part by part by the worker, and goes after seven days.
    """

    class State(models.TextChoices):
        ASKED = "asked"
        READY = "ready"
        FAILED = "failed"
        GONE = "gone"

    state = models.CharField(max_length=8, choices=State, default="asked")
    asked_by_kind = models.CharField(max_length=16)
    asked_by_id = models.UUIDField()
    asked_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = "documents_copy"
        indexes = [
            models.Index(fields=["asked_at"], condition=models.Q(state="asked"), name="documents_copy_asked"),
            models.Index(fields=["expires_at"], condition=models.Q(state="ready"), name="documents_copy_ready"),
        ]


class SpaceCopyPart(PersonTable):
    """One ZIP of a copy: its bytes lie sealed in the store; `sealed` says its name, size and documents."""

    copy_id = models.UUIDField()
    number = models.PositiveSmallIntegerField()
    blob = models.CharField(max_length=64)
    sealed = models.BinaryField()

    class Meta:
        db_table = "documents_copy_part"
        indexes = [models.Index(fields=["blob"], name="documents_copy_part_blob")]
        constraints = [
            models.UniqueConstraint(fields=["person_id", "copy_id", "number"], name="documents_copy_part_once"),
        ]
