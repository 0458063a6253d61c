from django.db import migrations, models

from healthspace.schema.operations import LocalStorage


class Migration(migrations.Migration):

    dependencies = [("enrolment", "0005_contact")]

    operations = [
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("as_of", models.DateTimeField()),
                ("subject", models.CharField(max_length=16)),
                ("key", models.CharField(max_length=24)),
                ("number", models.BigIntegerField()),
            ],
            options={
                "db_table": "enrolment_tally",
                "indexes": [models.Index(fields=["as_of"], name="enrolment_tally_time")],
            },
        ),
        LocalStorage("enrolment_tally"),
    ]
