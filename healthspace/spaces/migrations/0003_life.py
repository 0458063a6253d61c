from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("spaces", "0002_one_row_by_its_key")]

    operations = [
        migrations.AddField("space", "due_at", models.DateTimeField(null=True)),
        migrations.AddField("space", "reopening_asked_at", models.DateTimeField(null=True)),
        migrations.AddField("space", "erasing_at", models.DateTimeField(null=True)),
        migrations.AddField("space", "sealed_contact", models.BinaryField(null=True)),
        migrations.AddIndex(
            "space",
            models.Index(fields=["due_at"], condition=models.Q(("due_at__isnull", False)), name="spaces_space_due"),
        ),
        migrations.AddIndex(
            "space",
            models.Index(
                fields=["reopening_asked_at"],
                condition=models.Q(("reopening_asked_at__isnull", False)),
                name="spaces_space_reopening",
            ),
        ),
    ]
