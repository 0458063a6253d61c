import healthspace.common.ids
from django.db import migrations, models

from healthspace.schema.operations import LocalStorage


class Migration(migrations.Migration):
    dependencies = [("people", "0004_second_step")]

    operations = [
        migrations.AddField("account", "restricted_until", models.DateTimeField(null=True)),
        migrations.CreateModel(
            name="Session",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=healthspace.common.ids.new_id, editable=False, unique=True)),
                ("account_id", models.UUIDField(db_index=True)),
                ("means", models.CharField(max_length=16)),
                ("browser", models.CharField(default="", max_length=20)),
                ("system", models.CharField(default="", max_length=20)),
                ("device_key", models.BinaryField(max_length=32)),
                ("started_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "people_session"},
        ),
        LocalStorage("people_session"),
    ]
