from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("enrolment", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="batch",
            name="opened_up_to",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name="answer",
            index=models.Index(
                condition=models.Q(("kind", "withdrawn"), ("undone_at__isnull", False), _connector="OR"),
                fields=["at"],
                name="enrolment_answer_back",
            ),
        ),
    ]
