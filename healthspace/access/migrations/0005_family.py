import healthspace.common.ids
from django.db import migrations, models

from healthspace.schema.operations import PersonStorage, WorkerErases, WorkerPolicies


class Migration(migrations.Migration):

    dependencies = [
        ('access', '0004_mandates'),
    ]

    operations = [
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('id', models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ('side', models.CharField(choices=[('child', 'Child'), ('invited', 'Invited')], max_length=8)),
                ('other_id', models.UUIDField(null=True)),
                ('by_id', models.UUIDField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('accepted', 'Accepted'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], default='waiting', max_length=12)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('answered_at', models.DateTimeField(null=True)),
                ('sealed', models.BinaryField()),
            ],
            options={
                'db_table': 'access_invitation',
            },
        ),
        migrations.CreateModel(
            name='MajorityTold',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('id', models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ('told_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'access_majority_told',
            },
        ),
        migrations.CreateModel(
            name='TeenConsent',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('id', models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ('agreed_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'access_teen_consent',
            },
        ),
        migrations.CreateModel(
            name='TeenWay',
            fields=[
                ('pk', models.CompositePrimaryKey('person_id', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('person_id', models.UUIDField()),
                ('id', models.UUIDField(default=healthspace.common.ids.new_id, editable=False)),
                ('opened_at', models.DateTimeField()),
                ('hides_from', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'access_teen_way',
            },
        ),
        migrations.AddField(
            model_name='charge',
            name='kind',
            field=models.CharField(choices=[('parent', 'Parent'), ('guardian', 'Guardian'), ('curator', 'Curator'), ('mandatary', 'Mandatary'), ('family', 'Family')], db_default='parent', default='parent', max_length=16),
        ),
        migrations.AddField(
            model_name='charge',
            name='scope',
            field=models.CharField(choices=[('as_holder', 'As Holder'), ('read_and_file', 'Read And File'), ('read', 'Read'), ('none', 'None')], db_default='as_holder', default='as_holder', max_length=16),
        ),
        migrations.AddField(
            model_name='mandate',
            name='kind',
            field=models.CharField(choices=[('parent', 'Parent'), ('guardian', 'Guardian'), ('curator', 'Curator'), ('mandatary', 'Mandatary'), ('family', 'Family')], db_default='parent', default='parent', max_length=16),
        ),
        migrations.AddField(
            model_name='mandate',
            name='scope',
            field=models.CharField(choices=[('as_holder', 'As Holder'), ('read_and_file', 'Read And File'), ('read', 'Read'), ('none', 'None')], db_default='as_holder', default='as_holder', max_length=16),
        ),
        migrations.AddField(
            model_name='mandate',
            name='sealed_decision',
            field=models.BinaryField(null=True),
        ),
        migrations.AlterField(
            model_name='charge',
            name='basis',
            field=models.CharField(choices=[('registry', 'Registry'), ('statement', 'Statement'), ('judge', 'Judge')], max_length=16),
        ),
        migrations.AlterField(
            model_name='mandate',
            name='basis',
            field=models.CharField(choices=[('registry', 'Registry'), ('statement', 'Statement'), ('judge', 'Judge')], max_length=16),
        ),
        PersonStorage("access_invitation", grant="SELECT, INSERT, UPDATE"),
        PersonStorage("access_majority_told", grant="SELECT, INSERT"),
        PersonStorage("access_teen_consent", grant="SELECT, INSERT, UPDATE"),
        PersonStorage("access_teen_way", grant="SELECT, INSERT"),
        WorkerPolicies("access_majority_told", "select"),
        WorkerErases("access_invitation", "access_majority_told", "access_teen_consent", "access_teen_way"),
    ]
