from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="account", name="people_account_owner"),
        migrations.AlterField(
            model_name="account",
            name="kind",
            field=models.CharField(
                choices=[
                    ("holder", "Holder"),
                    ("professional", "Professional"),
                    ("support", "Support"),
                    ("operator", "Operator"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "holder"), ("person_id__isnull", False), ("professional_id", None)),
                    models.Q(("kind", "professional"), ("person_id", None), ("professional_id__isnull", False)),
                    models.Q(("kind__in", ["support", "operator"]), ("person_id", None), ("professional_id", None)),
                    _connector="OR",
                ),
                name="people_account_owner",
            ),
        ),
    ]
