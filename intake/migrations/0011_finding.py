from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0010_plans")]

    operations = []
