from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_author_notice")]

    operations = [
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("mailed_at__isnull", False)),
                fields=["person_id", "mailed_at"],
                name="notifications_notice_mailed",
            ),
        ),
    ]
