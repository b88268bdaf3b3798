"""What holds in the demo region: a few local notes by the consulent who keeps its sociale kaart."""

from accounts.models import User
from knowledge.models import Phase, Profession
from mantelzorg.principals import acting, member
from sociale_kaart.actions import write_local_note
from sociale_kaart.models import LocalNote, Municipality

NOTES = (
    (
        Profession,
        "casemanager-dementie",
        ("GM0479",),
        "In Zaanstad meld je iemand aan bij het Geheugenteam, ook als er nog geen diagnose is. "
        "Wie belt, krijgt dezelfde week een naam.",
    ),
    (
        Profession,
        "wmo-consulent",
        ("GM0439", "GM0479"),
        "Vraag of de mantelzorger een eigen gesprek wil. Dat kan hier ook buiten kantoortijd, op dinsdagavond.",
    ),
    (
        Phase,
        "verlies-rouw",
        ("GM0439",),
        "Het steunpunt stuurt drie maanden na een overlijden zelf een kaart. Geef door als iemand dat liever niet wil.",
    ),
)


def make_local_notes(consulent: User) -> None:
    if LocalNote.objects.exists():
        return
    with acting(member(consulent)):
        for model, slug, codes, text in NOTES:
            write_local_note(
                text=text,
                municipalities=list(Municipality.objects.filter(pk__in=codes)),
                by=consulent,
                **{model.__name__.lower(): model.objects.get(pk=slug)},
            )
