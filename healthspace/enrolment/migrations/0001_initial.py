import healthspace.common.ids
from django.db import migrations, models

from healthspace.schema.operations import LocalStorage, PersonStorage, WorkerPolicies


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Answer',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('id', models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ('kind', models.CharField(max_length=10)),
                ('channel', models.CharField(max_length=8)),
                ('by_kind', models.CharField(max_length=14)),
                ('by_person_id', models.UUIDField(null=True)),
                ('agent_id', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('undo_until', models.DateTimeField(null=True)),
                ('undone_at', models.DateTimeField(null=True)),
                ('text_version', models.CharField(max_length=16)),
                ('text_digest', models.CharField(max_length=64)),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'enrolment_answer',
            },
        ),
        PersonStorage("enrolment_answer", grant="SELECT, INSERT, UPDATE"),
        WorkerPolicies("enrolment_answer", "select", "insert", "update"),
        migrations.CreateModel(
            name='Dependant',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('id', models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ('is_attachment', models.BooleanField()),
            ],
            options={
                'db_table': 'enrolment_dependant',
            },
        ),
        PersonStorage("enrolment_dependant", grant="SELECT, INSERT, DELETE"),
        WorkerPolicies("enrolment_dependant", "select", "insert", "delete"),
        migrations.CreateModel(
            name='Intake',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('name', models.CharField(max_length=120)),
                ('size', models.BigIntegerField()),
                ('position', models.BigIntegerField(default=0)),
                ('line', models.BigIntegerField(default=0)),
                ('counts', models.JSONField(default=dict)),
                ('begun_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'enrolment_intake',
            },
        ),
        LocalStorage("enrolment_intake"),
        migrations.CreateModel(
            name='Wave',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=80, unique=True)),
                ('departments', models.JSONField(default=list)),
                ('born_from', models.PositiveSmallIntegerField(null=True)),
                ('born_to', models.PositiveSmallIntegerField(null=True)),
                ('list_name', models.CharField(default='', max_length=80)),
                ('starts_on', models.DateField()),
                ('per_day', models.PositiveIntegerField(null=True)),
                ('state', models.CharField(choices=[('planned', 'Planned'), ('running', 'Running'), ('paused', 'Paused'), ('stopped', 'Stopped'), ('done', 'Done')], default='planned', max_length=8)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'enrolment_wave',
            },
        ),
        LocalStorage("enrolment_wave"),
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('wave_id', models.BigIntegerField(db_index=True)),
                ('channel', models.CharField(max_length=8)),
                ('state', models.CharField(choices=[('drafted', 'Drafted'), ('ready', 'Ready'), ('sent', 'Sent'), ('cancelled', 'Cancelled')], default='drafted', max_length=10)),
                ('letters', models.PositiveIntegerField(default=0)),
                ('persons', models.PositiveIntegerField(default=0)),
                ('sealed_secret', models.BinaryField()),
                ('text_version', models.CharField(max_length=16)),
                ('made_at', models.DateTimeField()),
                ('checksum', models.CharField(default='', max_length=64)),
                ('sent_up_to', models.PositiveIntegerField(default=0)),
                ('sent_at', models.DateTimeField(null=True)),
                ('deadline_at', models.DateTimeField(null=True)),
                ('opened_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'enrolment_batch',
                'indexes': [models.Index(condition=models.Q(('deadline_at__isnull', False), ('opened_at', None)), fields=['deadline_at'], name='enrolment_batch_due')],
            },
        ),
        LocalStorage("enrolment_batch"),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('id', models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ('kind', models.CharField(max_length=24)),
                ('other_id', models.UUIDField(null=True)),
                ('details', models.JSONField(default=dict)),
                ('opened_at', models.DateTimeField()),
                ('settled_at', models.DateTimeField(null=True)),
                ('settled_by', models.UUIDField(null=True)),
                ('outcome', models.CharField(default='', max_length=24)),
            ],
            options={
                'db_table': 'enrolment_case',
                'indexes': [models.Index(condition=models.Q(('settled_at', None)), fields=['opened_at'], name='enrolment_case_open')],
            },
        ),
        PersonStorage("enrolment_case", grant="SELECT, INSERT, UPDATE"),
        WorkerPolicies("enrolment_case", "select", "insert", "update"),
        migrations.CreateModel(
            name='Code',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('id', models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ('purpose', models.CharField(max_length=8)),
                ('code_key', models.BinaryField(max_length=32)),
                ('issued_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('wrong_tries', models.PositiveSmallIntegerField(db_default=0, default=0)),
                ('used_at', models.DateTimeField(null=True)),
                ('replaced_at', models.DateTimeField(null=True)),
                ('batch_id', models.BigIntegerField(null=True)),
            ],
            options={
                'db_table': 'enrolment_code',
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at', None), ('used_at', None)), fields=('person_id', 'purpose'), name='enrolment_code_one_alive')],
            },
        ),
        PersonStorage("enrolment_code", grant="SELECT, INSERT, UPDATE"),
        WorkerPolicies("enrolment_code", "select", "insert", "update"),
        migrations.CreateModel(
            name='Count',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('as_of', models.DateTimeField()),
                ('wave_id', models.BigIntegerField(null=True)),
                ('department', models.CharField(max_length=3)),
                ('ages', models.CharField(max_length=8)),
                ('channel', models.CharField(max_length=8)),
                ('state', models.CharField(max_length=20)),
                ('information', models.CharField(max_length=8)),
                ('persons', models.BigIntegerField()),
                ('empty_shells', models.BigIntegerField(default=0)),
            ],
            options={
                'db_table': 'enrolment_count',
                'indexes': [models.Index(fields=['as_of'], name='enrolment_count_time')],
            },
        ),
        LocalStorage("enrolment_count"),
        migrations.CreateModel(
            name='Enrollee',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('id', models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ('department', models.CharField(max_length=3)),
                ('birth_year', models.PositiveSmallIntegerField()),
                ('row_key', models.BinaryField(max_length=16)),
                ('born_key', models.BinaryField(max_length=16)),
                ('card_key', models.BinaryField(max_length=16, null=True)),
                ('channel', models.CharField(choices=[('mail', 'Mail'), ('post', 'Post'), ('parent', 'Parent'), ('none', 'None')], max_length=8)),
                ('letter_format', models.CharField(db_default='standard', default='standard', max_length=8)),
                ('information', models.CharField(choices=[('none', 'None'), ('prepared', 'Prepared'), ('sent', 'Sent'), ('bounced', 'Bounced'), ('returned', 'Returned')], db_default='none', default='none', max_length=8)),
                ('parent_id', models.UUIDField(null=True)),
                ('other_parent_id', models.UUIDField(null=True)),
                ('attending_id', models.UUIDField(null=True)),
                ('merged_into', models.UUIDField(null=True)),
                ('wave_id', models.BigIntegerField(null=True)),
                ('batch_id', models.BigIntegerField(null=True)),
                ('place_in_batch', models.PositiveIntegerField(null=True)),
                ('has_old_record', models.BooleanField(db_default=False, default=False)),
                ('has_care_history', models.BooleanField(db_default=False, default=False)),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'enrolment_enrollee',
                'indexes': [models.Index(condition=models.Q(('batch_id', None)), fields=['department', 'birth_year'], name='enrolment_enrollee_waiting'), models.Index(condition=models.Q(('batch_id__isnull', False)), fields=['batch_id', 'place_in_batch'], name='enrolment_enrollee_batch')],
                'constraints': [models.CheckConstraint(condition=models.Q(('id', models.F('person_id'))), name='enrolment_enrollee_one')],
            },
        ),
        PersonStorage("enrolment_enrollee", grant="SELECT, INSERT, UPDATE"),
        WorkerPolicies("enrolment_enrollee", "select", "insert", "update"),
        migrations.CreateModel(
            name='IntakeFault',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('intake_id', models.BigIntegerField()),
                ('line', models.BigIntegerField()),
                ('field', models.CharField(max_length=40)),
                ('rule', models.CharField(max_length=40)),
            ],
            options={
                'db_table': 'enrolment_intake_fault',
                'constraints': [models.UniqueConstraint(fields=('intake_id', 'line', 'field'), name='enrolment_intake_fault_once')],
            },
        ),
        LocalStorage("enrolment_intake_fault"),
    ]
