from django.db import migrations, models


class Migration(migrations.Migration):
    """The state before a death, so that one recorded in error can be taken back."""

    dependencies = [("spaces", "0004_room_for_states")]

    operations = [
        migrations.AddField(
            model_name="space",
            name="state_before",
            field=models.CharField(db_default="", default="", max_length=20),
        ),
    ]
