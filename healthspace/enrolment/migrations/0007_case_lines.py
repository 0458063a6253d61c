from django.db import migrations, models

from healthspace.schema.operations import LocalStorage


class Migration(migrations.Migration):

    dependencies = [("enrolment", "0006_tally")]

    operations = [
        migrations.CreateModel(
            name="CaseLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("as_of", models.DateTimeField()),
                ("case_id", models.UUIDField()),
                ("kind", models.CharField(max_length=24)),
                ("opened_at", models.DateTimeField()),
            ],
            options={"db_table": "enrolment_case_line"},
        ),
        LocalStorage("enrolment_case_line"),
        migrations.AddIndex(
            "enrollee",
            models.Index(
                fields=["wave_id"],
                condition=models.Q(batch_id=None, wave_id__isnull=False),
                name="enrolment_enrollee_listed",
            ),
        ),
        migrations.AddIndex(
            "case",
            models.Index(
                fields=["kind", "opened_at"], condition=models.Q(settled_at=None), name="enrolment_case_kind"
            ),
        ),
    ]
