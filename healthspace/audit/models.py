"""The journal: one event per person and act, the tree over all of them, and its checkpoints."""

from __future__ import annotations

from django.db import models

from healthspace.common import clock
from healthspace.schema.contract import LocalTable, PersonTable


class Event(PersonTable):
    """Who did what, when; names and reasons are sealed. Added by acts, changed by nobody.

    Only the sequencer writes `leaf_index`, once. `payload_hash` is SHA-256 of the sealed text's
    plain form, which begins with 32 random bytes: it commits without telling (trap 4 of the
    security page), and stays when the person's key is destroyed. Lines of mass acts have nothing
    sealed (`rules.common_payload`); they wait apart, so that acts of today never wait behind them.
    """

    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=16)
    actor_id = models.UUIDField()
    institution_id = models.UUIDField(null=True)
    item_id = models.UUIDField(null=True)
    outcome = models.CharField(max_length=8)
    rule = models.CharField(max_length=40)
    is_hidden_from_representatives = models.BooleanField(default=False, db_default=False)
    sealed = models.BinaryField()
    payload_hash = models.BinaryField(max_length=32)
    leaf_index = models.BigIntegerField(null=True)

    class Meta:
        db_table = "audit_event"
        indexes = [
            models.Index("person_id", models.F("at").desc(), models.F("id").desc(), name="audit_event_time"),
            models.Index(
                "person_id",
                "item_id",
                models.F("at").desc(),
                condition=models.Q(item_id__isnull=False),
                name="audit_event_item",
            ),
            models.Index(
                fields=["at"],
                condition=models.Q(leaf_index__isnull=True) & ~models.Q(sealed=b""),
                name="audit_event_waiting",
            ),
            models.Index(
                fields=["at"],
                condition=models.Q(leaf_index__isnull=True, sealed=b""),
                name="audit_event_mass_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(outcome__in=["done", "refused"]), name="audit_event_outcome"),
        ]


class Tree(LocalTable):
    """The one row that the sequencer locks: how far the tree is."""

    size = models.BigIntegerField(default=0)
    caught_up_at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "audit_tree"


class Tile(LocalTable):
    """Up to 256 hashes of one level (C2SP tlog-tiles); only the last of a level still grows."""

    level = models.SmallIntegerField()
    number = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        db_table = "audit_tile"
        constraints = [
            models.UniqueConstraint(fields=["level", "number"], name="audit_tile_place"),
        ]


class Checkpoint(LocalTable):
    """A signed state of the tree (C2SP tlog-checkpoint) and what witnesses wrote under it."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField(max_length=32)
    at = models.DateTimeField()
    note = models.TextField()
    cosignatures = models.TextField(default="")

    class Meta:
        db_table = "audit_checkpoint"
