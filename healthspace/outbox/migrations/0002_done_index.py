from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="waitingfact",
            index=models.Index(
                condition=models.Q(("done_at__isnull", False)), fields=["done_at"], name="outbox_fact_done"
            ),
        ),
    ]
