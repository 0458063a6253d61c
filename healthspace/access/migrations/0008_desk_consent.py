from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0007_assistance")]

    operations = [
        migrations.AddField(
            model_name="assistance",
            name="identity_paper",
            field=models.CharField(default="", max_length=20),
        ),
    ]
