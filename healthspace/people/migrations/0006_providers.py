from django.db import migrations, models

from healthspace.schema.operations import LocalStorage


class Migration(migrations.Migration):
    dependencies = [("people", "0005_sessions")]

    operations = [
        migrations.CreateModel(
            name="ProviderLink",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("subject_key", models.BinaryField(max_length=32, unique=True)),
                ("account_id", models.UUIDField(db_index=True)),
                ("linked_at", models.DateTimeField()),
                ("used_at", models.DateTimeField()),
            ],
            options={"db_table": "people_provider_link"},
        ),
        LocalStorage("people_provider_link"),
        migrations.CreateModel(
            name="ProviderAttempt",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("state_key", models.BinaryField(max_length=32, unique=True)),
                ("used_at", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "people_provider_attempt"},
        ),
        LocalStorage("people_provider_attempt", grant="SELECT, INSERT, DELETE"),
        migrations.CreateModel(
            name="ProviderSession",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("session_id", models.UUIDField(unique=True)),
                ("subject_key", models.BinaryField(db_index=True, max_length=32)),
                ("sid_key", models.BinaryField(db_index=True, max_length=32)),
                ("began_at", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "people_provider_session"},
        ),
        LocalStorage("people_provider_session", grant="SELECT, INSERT, DELETE"),
    ]
