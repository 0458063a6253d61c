import django.db.models.deletion
from django.db import migrations, models

import healthspace.common.ids
from healthspace.schema.operations import LocalStorage, ReferenceStorage


class Migration(migrations.Migration):
    dependencies = [("people", "0006_providers")]

    operations = [
        migrations.CreateModel(
            name="SoftwareKey",
            fields=[
                ("id", models.UUIDField(default=healthspace.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ("kid", models.CharField(max_length=128)),
                ("public", models.TextField(default="")),
                ("thumbprint", models.CharField(max_length=43)),
                ("added_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("software", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="keys", to="people.software")),
            ],
            options={"db_table": "people_software_key"},
        ),
        migrations.AddConstraint(
            model_name="softwarekey",
            constraint=models.UniqueConstraint(fields=("software", "kid"), name="people_software_key_once"),
        ),
        ReferenceStorage("people_software_key"),
        migrations.CreateModel(
            name="SpentAssertion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.BinaryField(max_length=32, unique=True)),
                ("expires_at", models.DateTimeField(db_index=True)),
            ],
            options={"db_table": "people_spent_assertion"},
        ),
        LocalStorage("people_spent_assertion", grant="SELECT, INSERT, DELETE"),
        migrations.AddField(model_name="token", name="key_id", field=models.UUIDField(null=True)),
        migrations.AddField(model_name="token", name="certificate", field=models.BinaryField(max_length=32, null=True)),
    ]
