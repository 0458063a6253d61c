from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("audit", "0002_mass_lines")]

    operations = [
        migrations.RemoveIndex(model_name="event", name="audit_event_item"),
        migrations.RemoveIndex(model_name="event", name="audit_event_waiting"),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                "person_id",
                "item_id",
                models.OrderBy(models.F("at"), descending=True),
                condition=models.Q(("item_id__isnull", False)),
                name="audit_event_item",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("leaf_index__isnull", True), models.Q(("sealed", b""), _negated=True)),
                fields=["at"],
                name="audit_event_waiting",
            ),
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("leaf_index__isnull", True), ("sealed", b"")),
                fields=["at"],
                name="audit_event_mass_waiting",
            ),
        ),
    ]
