from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sociale_kaart", "0006_editing")]

    operations = []
