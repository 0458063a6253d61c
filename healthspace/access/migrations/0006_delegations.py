import healthspace.common.ids
from django.db import migrations, models

from healthspace.schema.operations import PersonStorage, WorkerErases, WorkerPolicies


class Migration(migrations.Migration):
    dependencies = [("access", "0005_family")]

    operations = [
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("pk", models.CompositePrimaryKey("person_id", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                ("id", models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ("invited_at", models.DateTimeField()),
                ("answer_by", models.DateTimeField()),
                ("accepted_at", models.DateTimeField(null=True)),
                ("declined_at", models.DateTimeField(null=True)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, choices=[("holder", "Holder"), ("caregiver", "Caregiver")], max_length=12)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("categories", models.CharField(blank=True, max_length=200)),
                ("may_write", models.BooleanField(default=False)),
                ("sees_profile", models.BooleanField(default=False)),
                ("sees_agenda", models.BooleanField(default=False)),
                ("sees_messages", models.BooleanField(default=False)),
                ("sealed", models.BinaryField()),
            ],
            options={"db_table": "access_delegation"},
        ),
        migrations.CreateModel(
            name="Helping",
            fields=[
                ("pk", models.CompositePrimaryKey("person_id", "id", blank=True, editable=False, primary_key=True, serialize=False)),
                ("person_id", models.UUIDField()),
                ("id", models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ("invited_at", models.DateTimeField()),
            ],
            options={"db_table": "access_helping"},
        ),
        PersonStorage("access_delegation", grant="SELECT, INSERT, UPDATE"),
        PersonStorage("access_helping", grant="SELECT, INSERT, UPDATE"),
        WorkerPolicies("access_delegation", "select"),
        WorkerErases("access_delegation", "access_helping"),
    ]
