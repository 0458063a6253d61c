"""Enrolment of a nation: one row per enrolled person, their codes and answers, and the operator's lists.

Who and where a person is stays sealed; in clear is only what waves, counts and limits need.
"""

from __future__ import annotations

from django.db import models

from healthspace.enrolment.models.contact import Contact
from healthspace.enrolment.models.intake import AwaitedParent, Intake, IntakeFault, IntakePart
from healthspace.enrolment.models.numbers import CaseLine, Tally
from healthspace.schema.contract import LocalTable, PersonTable

__all__ = [
    "Answer",
    "AwaitedParent",
    "Batch",
    "Case",
    "CaseLine",
    "Code",
    "Contact",
    "Count",
    "Dependant",
    "EarlierPlace",
    "Enrollee",
    "Intake",
    "IntakeFault",
    "IntakePart",
    "Tally",
    "Wave",
]


class Enrollee(PersonTable):
    """A person of the insurer's register; `id` is the person itself, so there is exactly one row.

    `batch_id` and `place_in_batch` say with which letter or mail the person was informed last.
    A child is informed with the parent of attachment (`parent_id`), whose own row carries the mail.
    `intake_id` and `line` say which line of the register was taken last.
    """

    class Channel(models.TextChoices):
        MAIL = "mail"
        POST = "post"
        PARENT = "parent"
        NONE = "none"

    class Information(models.TextChoices):
        NONE = "none"
        PREPARED = "prepared"
        SENT = "sent"
        BOUNCED = "bounced"
        RETURNED = "returned"

    department = models.CharField(max_length=3)
    birth_year = models.PositiveSmallIntegerField()
    row_key = models.BinaryField(max_length=16)
    born_key = models.BinaryField(max_length=16)
    card_key = models.BinaryField(max_length=16, null=True)
    channel = models.CharField(max_length=8, choices=Channel)
    letter_format = models.CharField(max_length=8, default="standard", db_default="standard")
    information = models.CharField(max_length=8, choices=Information, default="none", db_default="none")
    parent_id = models.UUIDField(null=True)
    other_parent_id = models.UUIDField(null=True)
    attending_id = models.UUIDField(null=True)
    merged_into = models.UUIDField(null=True)
    wave_id = models.BigIntegerField(null=True)
    batch_id = models.BigIntegerField(null=True)
    place_in_batch = models.PositiveIntegerField(null=True)
    has_old_record = models.BooleanField(default=False, db_default=False)
    has_care_history = models.BooleanField(default=False, db_default=False)
    intake_id = models.IntegerField(null=True)
    line = models.IntegerField(null=True)
    sealed = models.BinaryField()

    class Meta:
        db_table = "enrolment_enrollee"
        indexes = [
            models.Index(
                fields=["department", "birth_year"],
                condition=models.Q(batch_id=None),
                name="enrolment_enrollee_waiting",
            ),
            models.Index(
                fields=["batch_id", "place_in_batch"],
                condition=models.Q(batch_id__isnull=False),
                name="enrolment_enrollee_batch",
            ),
            models.Index(
                fields=["wave_id"],
                condition=models.Q(batch_id=None, wave_id__isnull=False),
                name="enrolment_enrollee_listed",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(id=models.F("person_id")), name="enrolment_enrollee_one"),
        ]


class Dependant(PersonTable):
    """A child (`id`: the child's own person) beside the parent (`person_id`) who answers for it."""

    is_attachment = models.BooleanField()

    class Meta:
        db_table = "enrolment_dependant"


class Code(PersonTable):
    """A provisional code: only its keyed hash; dead when used, replaced, expired or tried wrongly too often."""

    purpose = models.CharField(max_length=8)
    code_key = models.BinaryField(max_length=32)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    wrong_tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    used_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)
    batch_id = models.BigIntegerField(null=True)

    class Meta:
        db_table = "enrolment_code"
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "purpose"],
                condition=models.Q(used_at=None, replaced_at=None),
                name="enrolment_code_one_alive",
            ),
        ]


class Answer(PersonTable):
    """What was answered to the information: opposed, withdrawn or activated; by whom, through which channel.

    `sealed` holds what the proof shows; `text_digest` names the very text the person read.
    """

    kind = models.CharField(max_length=10)
    channel = models.CharField(max_length=8)
    by_kind = models.CharField(max_length=14)
    by_person_id = models.UUIDField(null=True)
    agent_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    undo_until = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    text_version = models.CharField(max_length=16)
    text_digest = models.CharField(max_length=64)
    sealed = models.BinaryField()

    class Meta:
        db_table = "enrolment_answer"
        indexes = [
            models.Index(
                fields=["at"],
                condition=models.Q(kind="withdrawn") | models.Q(undone_at__isnull=False),
                name="enrolment_answer_back",
            ),
        ]


class Wave(LocalTable):
    """People informed together: departments, birth years or a list; on which days, at which pace.

    The people of a list carry the wave's number in their own row. `sent_that_day`: mails handed over on
    `day_on`, so that the pace holds whoever sends.
    """

    class State(models.TextChoices):
        PLANNED = "planned"
        RUNNING = "running"
        PAUSED = "paused"
        STOPPED = "stopped"
        DONE = "done"

    name = models.CharField(max_length=80, unique=True)
    departments = models.JSONField(default=list)
    born_from = models.PositiveSmallIntegerField(null=True)
    born_to = models.PositiveSmallIntegerField(null=True)
    list_name = models.CharField(max_length=80, default="")
    starts_on = models.DateField()
    per_day = models.PositiveIntegerField(null=True)
    day_on = models.DateField(null=True)
    sent_that_day = models.PositiveIntegerField(default=0, db_default=0)
    state = models.CharField(max_length=8, choices=State, default="planned")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "enrolment_wave"


class Batch(LocalTable):
    """One print run or one run of mails; its secret makes the codes, so the same batch can be made again.

    `sent_at` is the real sending: the six weeks run from it; `deadline_at` is the last of its people's.
    `planned_on` is the posting day its letters are printed for; `bounced` and `returned` count letters.
    `opened_up_to` is the first place the opening has not looked at yet; `opened_at`: it looked at all.
    """

    class State(models.TextChoices):
        DRAFTED = "drafted"
        READY = "ready"
        SENT = "sent"
        CANCELLED = "cancelled"

    wave_id = models.BigIntegerField(db_index=True)
    channel = models.CharField(max_length=8)
    state = models.CharField(max_length=10, choices=State, default="drafted")
    letters = models.PositiveIntegerField(default=0)
    persons = models.PositiveIntegerField(default=0)
    sealed_secret = models.BinaryField()
    text_version = models.CharField(max_length=16)
    made_at = models.DateTimeField()
    planned_on = models.DateField(null=True)
    bounced = models.PositiveIntegerField(default=0, db_default=0)
    returned = models.PositiveIntegerField(default=0, db_default=0)
    checksum = models.CharField(max_length=64, default="")
    sent_up_to = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    deadline_at = models.DateTimeField(null=True)
    opened_up_to = models.PositiveIntegerField(default=0, db_default=0)
    opened_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "enrolment_batch"
        indexes = [
            models.Index(
                fields=["deadline_at"],
                condition=models.Q(opened_at=None, deadline_at__isnull=False),
                name="enrolment_batch_due",
            ),
        ]


class EarlierPlace(PersonTable):
    """Where a person stood in a batch before being informed anew: a slip of the older letter still counts."""

    batch_id = models.BigIntegerField()
    place_in_batch = models.PositiveIntegerField()

    class Meta:
        db_table = "enrolment_earlier_place"
        indexes = [models.Index(fields=["batch_id", "place_in_batch"], name="enrolment_earlier_place_batch")]


class Case(PersonTable):
    """Something a person must look at: a merge with content, an unreadable form, nobody reachable.

    A form whose person is unknown waits under the nil person.
    """

    kind = models.CharField(max_length=24)
    other_id = models.UUIDField(null=True)
    details = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.UUIDField(null=True)
    outcome = models.CharField(max_length=24, default="")

    class Meta:
        db_table = "enrolment_case"
        indexes = [
            models.Index(fields=["opened_at"], condition=models.Q(settled_at=None), name="enrolment_case_open"),
            models.Index(fields=["kind", "opened_at"], condition=models.Q(settled_at=None), name="enrolment_case_kind"),
        ]


class Count(LocalTable):
    """A number of persons by wave, department, ages, channel and state, as of one moment."""

    as_of = models.DateTimeField()
    wave_id = models.BigIntegerField(null=True)
    department = models.CharField(max_length=3)
    ages = models.CharField(max_length=8)
    channel = models.CharField(max_length=8)
    state = models.CharField(max_length=20)
    information = models.CharField(max_length=8)
    persons = models.BigIntegerField()
    empty_shells = models.BigIntegerField(default=0)

    class Meta:
        db_table = "enrolment_count"
        indexes = [models.Index(fields=["as_of"], name="enrolment_count_time")]
