import healthspace.common.ids
from django.db import migrations, models

from healthspace.schema.operations import LocalStorage


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuthorNotice',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uuid', models.UUIDField(default=healthspace.common.ids.new_id, editable=False, unique=True)),
                ('fact_id', models.UUIDField(unique=True)),
                ('kind', models.CharField(max_length=32)),
                ('at', models.DateTimeField()),
                ('professional_id', models.UUIDField(db_index=True, null=True)),
                ('institution_id', models.UUIDField(db_index=True, null=True)),
                ('document_id', models.UUIDField()),
                ('read_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'notifications_author_notice',
            },
        ),
        LocalStorage("notifications_author_notice"),
    ]
