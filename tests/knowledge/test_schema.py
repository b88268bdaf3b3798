"""The schema that editors check the content files with: made from the table the loader reads by."""

import json

from knowledge import schema
from knowledge.loading import CONTENT
from knowledge.sections import SECTION_BY_NAME


def test_the_schema_in_the_project_is_the_one_the_table_makes():
    assert schema.FILE.read_text(encoding="utf-8") == schema.as_text(), "run `python manage.py content_schema`"


def test_every_content_file_names_it():
    for path in CONTENT.rglob("*.yaml"):
        first, _, _ = path.read_text(encoding="utf-8").partition("\n")
        _, _, named = first.partition("$schema=")
        assert (path.parent / named).resolve() == schema.FILE.resolve(), path


def test_every_section_has_its_keys_and_what_is_required():
    made = json.loads(schema.as_text())

    assert set(made["properties"]) == set(SECTION_BY_NAME) == set(made["$defs"])
    for name, section in SECTION_BY_NAME.items():
        assert set(made["$defs"][name]["properties"]) == {*section.keys, *filter(None, [section.spread])}
    assert {"slug", "naam", "soort", "rol"} == set(made["$defs"]["beroepen"]["required"])
    assert made["$defs"]["beroepen"]["properties"]["soort"] == {"enum": ["inspiratieblad", "rol"]}
    assert made["$defs"]["fasen"]["properties"]["betrokken"]["items"]["oneOf"] == [
        {"required": ["beroep"]},
        {"required": ["vorm"]},
    ]
