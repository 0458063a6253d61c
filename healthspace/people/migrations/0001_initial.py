import django.db.models.deletion
import healthspace.common.ids
from django.db import migrations, models

from healthspace.schema.operations import LocalStorage, ReferenceStorage


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Institution',
            fields=[
                ('id', models.UUIDField(default=healthspace.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('finess', models.CharField(max_length=9, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('facility_type', models.CharField(max_length=16)),
                ('setting', models.CharField(default='', max_length=16)),
                ('city', models.CharField(default='', max_length=100)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'db_table': 'people_institution',
            },
        ),
        ReferenceStorage("people_institution"),
        migrations.CreateModel(
            name='Professional',
            fields=[
                ('id', models.UUIDField(default=healthspace.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('rpps', models.CharField(max_length=11, unique=True)),
                ('family_name', models.CharField(max_length=100)),
                ('first_name', models.CharField(max_length=100)),
                ('title', models.CharField(default='', max_length=16)),
                ('profession', models.CharField(max_length=8)),
                ('specialty', models.CharField(default='', max_length=32)),
                ('is_active', models.BooleanField(default=True)),
                ('family_key', models.CharField(db_index=True, max_length=120)),
                ('first_key', models.CharField(max_length=120)),
            ],
            options={
                'db_table': 'people_professional',
            },
        ),
        ReferenceStorage("people_professional"),
        migrations.CreateModel(
            name='SignInTry',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('key', models.BinaryField(max_length=32, unique=True)),
                ('failures', models.PositiveIntegerField()),
                ('total', models.PositiveIntegerField()),
                ('window_ends_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'people_sign_in_try',
            },
        ),
        LocalStorage("people_sign_in_try"),
        migrations.CreateModel(
            name='Token',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('digest', models.BinaryField(max_length=32, unique=True)),
                ('software_id', models.UUIDField(db_index=True)),
                ('professional_id', models.UUIDField(null=True)),
                ('created_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'people_token',
            },
        ),
        LocalStorage("people_token"),
        migrations.CreateModel(
            name='Account',
            fields=[
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('uuid', models.UUIDField(default=healthspace.common.ids.new_id, editable=False, unique=True)),
                ('login_key', models.CharField(max_length=64, unique=True)),
                ('kind', models.CharField(choices=[('holder', 'Holder'), ('professional', 'Professional'), ('support', 'Support')], max_length=16)),
                ('person_id', models.UUIDField(db_index=True, null=True)),
                ('professional_id', models.UUIDField(db_index=True, null=True)),
                ('language', models.CharField(default='fr', max_length=8)),
                ('is_active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'people_account',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind', 'holder'), ('person_id__isnull', False), ('professional_id', None)), models.Q(('kind', 'professional'), ('person_id', None), ('professional_id__isnull', False)), models.Q(('kind', 'support'), ('person_id', None), ('professional_id', None)), _connector='OR'), name='people_account_owner')],
            },
        ),
        LocalStorage("people_account"),
        migrations.CreateModel(
            name='Software',
            fields=[
                ('id', models.UUIDField(default=healthspace.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=100)),
                ('is_active', models.BooleanField(default=True)),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.institution')),
            ],
            options={
                'db_table': 'people_software',
            },
        ),
        ReferenceStorage("people_software"),
        migrations.CreateModel(
            name='Practice',
            fields=[
                ('id', models.UUIDField(default=healthspace.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='practices', to='people.institution')),
                ('professional', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='practices', to='people.professional')),
            ],
            options={
                'db_table': 'people_practice',
                'constraints': [models.UniqueConstraint(fields=('professional', 'institution'), name='people_practice_once')],
            },
        ),
        ReferenceStorage("people_practice"),
    ]
