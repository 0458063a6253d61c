import healthspace.common.ids
from django.db import migrations, models

from healthspace.schema.operations import IndexStorage, PersonStorage


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='IdentityIndex',
            fields=[
                ('find_key', models.BinaryField(max_length=32, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
            ],
            options={
                'db_table': 'spaces_identity_index',
            },
        ),
        IndexStorage("spaces_identity_index"),
        migrations.CreateModel(
            name='Space',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('id', models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ('state', models.CharField(max_length=20)),
                ('opened_at', models.DateTimeField(null=True)),
                ('informed_at', models.DateTimeField(null=True)),
                ('deadline_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('archive_until', models.DateField(null=True)),
                ('identity_status', models.CharField(max_length=12)),
                ('sealed_identity', models.BinaryField()),
                ('is_samu_opposed', models.BooleanField(default=False)),
                ('is_break_glass_opposed', models.BooleanField(default=False)),
                ('is_masked_opposed', models.BooleanField(default=False)),
                ('language', models.CharField(default='fr', max_length=8)),
            ],
            options={
                'db_table': 'spaces_space',
                'constraints': [models.UniqueConstraint(fields=('person_id',), name='spaces_space_one_each'), models.CheckConstraint(condition=models.Q(('state__in', ('not_informed', 'informed', 'opposed', 'open_inactive', 'active', 'suspended', 'closed', 'deletion_requested', 'deleted', 'closed_deceased'))), name='spaces_space_state'), models.CheckConstraint(condition=models.Q(('identity_status__in', ('provisional', 'retrieved', 'validated', 'qualified'))), name='spaces_space_status')],
            },
        ),
        PersonStorage("spaces_space"),
    ]
