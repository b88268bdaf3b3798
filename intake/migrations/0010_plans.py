from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0009_around_her")]

    operations = []
