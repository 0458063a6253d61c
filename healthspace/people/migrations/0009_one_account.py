"""A person has one holder's account: a code of one's own must never make a second one (T13)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0008_forgetting")]

    operations = [
        migrations.AddConstraint(
            model_name="account",
            constraint=models.UniqueConstraint(
                fields=("person_id",), condition=models.Q(kind="holder"), name="people_account_one_holder"
            ),
        )
    ]
