import healthspace.common.ids
from django.db import migrations, models

from healthspace.schema.operations import LocalStorage


class Migration(migrations.Migration):
    dependencies = [("people", "0003_assistant")]

    operations = [
        migrations.CreateModel(
            name="Passkey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=healthspace.common.ids.new_id, editable=False, unique=True)),
                ("account_id", models.UUIDField(db_index=True)),
                ("credential_key", models.BinaryField(max_length=32, unique=True)),
                ("sealed", models.BinaryField()),
                ("sign_count", models.BigIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "people_passkey"},
        ),
        LocalStorage("people_passkey"),
        migrations.CreateModel(
            name="Totp",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("account_id", models.UUIDField(unique=True)),
                ("sealed", models.BinaryField()),
                ("last_step", models.BigIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "people_totp"},
        ),
        LocalStorage("people_totp"),
        migrations.CreateModel(
            name="PaperCode",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("account_id", models.UUIDField(db_index=True)),
                ("code_key", models.BinaryField(max_length=32, unique=True)),
                ("made_at", models.DateTimeField()),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "people_paper_code"},
        ),
        LocalStorage("people_paper_code"),
        migrations.CreateModel(
            name="StepAttempt",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=healthspace.common.ids.new_id, editable=False, unique=True)),
                ("account_id", models.UUIDField(db_index=True)),
                ("purpose", models.CharField(max_length=16)),
                ("sealed_channels", models.BinaryField()),
                ("code_key", models.BinaryField(max_length=32, null=True)),
                ("code_method", models.CharField(default="", max_length=8)),
                ("code_ends_at", models.DateTimeField(null=True)),
                ("wrong_tries", models.PositiveSmallIntegerField(default=0)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={"db_table": "people_step_attempt"},
        ),
        LocalStorage("people_step_attempt"),
        migrations.CreateModel(
            name="StepMark",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("account_id", models.UUIDField()),
                ("source_key", models.BinaryField(max_length=32, null=True)),
                ("kind", models.CharField(choices=[("sent", "Sent"), ("wrong", "Wrong")], max_length=8)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "people_step_mark",
                "indexes": [
                    models.Index(fields=["account_id", "kind", "at"], name="people_step_mark_account"),
                    models.Index(fields=["source_key", "kind", "at"], name="people_step_mark_source"),
                ],
            },
        ),
        LocalStorage("people_step_mark", grant="SELECT, INSERT, DELETE"),
        migrations.CreateModel(
            name="TrustedDevice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("account_id", models.UUIDField(db_index=True)),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "people_trusted_device"},
        ),
        LocalStorage("people_trusted_device", grant="SELECT, INSERT, DELETE"),
        migrations.CreateModel(
            name="SpentChallenge",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("digest", models.BinaryField(max_length=32, unique=True)),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "people_spent_challenge"},
        ),
        LocalStorage("people_spent_challenge", grant="SELECT, INSERT, DELETE"),
        migrations.CreateModel(
            name="SignInMinute",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("minute_at", models.DateTimeField()),
                ("part", models.PositiveSmallIntegerField()),
                ("tries", models.PositiveIntegerField()),
                ("failures", models.PositiveIntegerField()),
            ],
            options={
                "db_table": "people_sign_in_minute",
                "constraints": [
                    models.UniqueConstraint(fields=("minute_at", "part"), name="people_sign_in_minute_once")
                ],
            },
        ),
        LocalStorage("people_sign_in_minute"),
    ]
