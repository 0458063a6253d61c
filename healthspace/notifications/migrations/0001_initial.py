import healthspace.common.ids
from django.db import migrations, models

from healthspace.schema.operations import PersonStorage


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='MailChoice',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('id', models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ('kind', models.CharField(max_length=32)),
                ('is_mailed', models.BooleanField()),
            ],
            options={
                'db_table': 'notifications_mail_choice',
                'constraints': [models.UniqueConstraint(fields=('person_id', 'kind'), name='notifications_mail_choice_once')],
            },
        ),
        PersonStorage("notifications_mail_choice"),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('id', models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ('fact_id', models.UUIDField()),
                ('kind', models.CharField(max_length=32)),
                ('at', models.DateTimeField()),
                ('item_id', models.UUIDField(null=True)),
                ('is_hidden_from_representatives', models.BooleanField(default=False)),
                ('read_at', models.DateTimeField(null=True)),
                ('mailed_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'notifications_notice',
                'indexes': [models.Index(fields=['person_id', '-at'], name='notifications_notice_latest')],
                'constraints': [models.UniqueConstraint(fields=('person_id', 'fact_id'), name='notifications_notice_once')],
            },
        ),
        PersonStorage("notifications_notice"),
    ]
