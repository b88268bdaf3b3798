"""Dutch text search that does not care about accents, and search rows that keep their text inline.

`STORAGE MAIN` keeps the text of a row in the row itself: ranking reads the text of every match, and fetching each from
a side table costs more than the ranking.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sociale_kaart", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TEXT SEARCH CONFIGURATION mantelzorg_dutch (COPY = dutch);
            ALTER TEXT SEARCH CONFIGURATION mantelzorg_dutch
                ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part
                WITH unaccent, dutch_stem;
            """,
            "DROP TEXT SEARCH CONFIGURATION mantelzorg_dutch;",
        ),
        migrations.RunSQL(
            "ALTER TABLE sociale_kaart_searchrow ALTER COLUMN document SET STORAGE MAIN;",
            "ALTER TABLE sociale_kaart_searchrow ALTER COLUMN document SET STORAGE EXTENDED;",
        ),
    ]
