"""The AVG register as a page can show it: made from what the models declare, so it cannot fall behind."""

from mantelzorg.personal import declared_models

# On screen names of what has no Dutch name of its own: the models behind an account, mostly not ours to name.
WORDS = {
    "appointment": "aanstelling voor een gemeente",
    "authenticator": "tweede stap bij het inloggen",
    "created at": "gemaakt op",
    "data": "geheim waarmee de tweede stap werkt",
    "invitation": "uitnodiging",
    "last used at": "laatst gebruikt op",
    "membership": "plek in een organisatie",
    "note": "notitie",
    "support kind": "ondersteuningsvorm",
    "user": "gebruiker",
}
ABOUT = {"mantelzorger": "Over mantelzorgers", "professional": "Over professionals"}


def register_of_personal_data() -> list[dict]:
    """Per kind of person the things we keep, with the fields in words, why, on which ground and for how long."""
    groups: dict[str, list[dict]] = {}
    for model, declaration in declared_models():
        groups.setdefault(declaration.about, []).append(
            {
                "name": capitalised(in_dutch(model._meta.verbose_name)),
                "fields": ", ".join(in_words(model._meta.get_field(name)) for name in declaration.fields),
                "purpose": capitalised(declaration.purpose),
                "ground": capitalised(declaration.ground),
                "retention": capitalised(declaration.retention),
            }
        )
    return [
        {"title": ABOUT.get(about, capitalised(about)), "rows": sorted(rows, key=lambda row: row["name"])}
        for about, rows in sorted(groups.items())
    ]


def in_words(field) -> str:
    """A field's own name on screen; a reference without one is called after what it refers to."""
    unnamed = field.verbose_name == field.name.replace("_", " ")
    return in_dutch(field.related_model._meta.verbose_name if unnamed and field.is_relation else field.verbose_name)


def in_dutch(name) -> str:
    return WORDS.get(str(name), str(name))


def capitalised(text) -> str:
    text = str(text)
    return text[:1].upper() + text[1:]
