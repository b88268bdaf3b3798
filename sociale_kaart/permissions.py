"""Who may change the sociale kaart. Asked by the buttons and by the actions alike."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DirectoryLoader:
    """The command that fills the sociale kaart from files: it may write the directory, and nothing else."""

    name: str
    pk: None = None
    is_functional_admin: bool = True

    def may_maintain(self, municipality) -> bool:
        return True


def may_manage_organisations(by) -> bool:
    """All of them, and whether they work with the portal."""
    return by.is_functional_admin


def may_add_organisation(by, municipalities) -> bool:
    """One that works in at least one of the municipalities she keeps."""
    return may_maintain_in(by, municipalities)


def may_change_organisation(by, organisation) -> bool:
    """How to reach it, where it sits and whom to ask for: a consulent of any municipality where it works.

    An organisation works where it says so and where its services are. One that works in several is kept by any of their
    consulenten, as its services are: nobody should have to phone a colleague to mend a telephone number. Where its
    people log in here, referrals go to its address: then only the places that it names itself count.
    """
    if _is_admin(by):
        return True
    places = organisation.municipalities.all() if organisation.uses_portal else organisation.places()
    return any(by.may_maintain(municipality) for municipality in places)


def may_rename_organisation(by, organisation) -> bool:
    """Its name and its kind: by those everybody knows it, so who changes them must keep all the places where it works.

    If its people log in here, their reports and letters carry the name: then it is the functioneel beheerder's.
    """
    if _is_admin(by):
        return True
    places = list(organisation.places())
    return not organisation.uses_portal and bool(places) and all(map(by.may_maintain, places))


def may_maintain_service(by, service) -> bool:
    """A consulent of any of its municipalities; a draft without municipalities is the functioneel beheerder's."""
    return _is_admin(by) or any(by.may_maintain(municipality) for municipality in service.municipalities.all())


def may_maintain_in(by, municipalities) -> bool:
    """May she add a service for these municipalities? For at least one of them she must be appointed."""
    return _is_admin(by) or any(by.may_maintain(municipality) for municipality in municipalities)


def may_propose(by, service) -> bool:
    """Who works at the organisation knows best what it offers; who keeps the card says whether it is changed."""
    return bool(by.organisation_id) and by.organisation_id == service.organisation_id


def _is_admin(by) -> bool:
    """The principal of a link in a mail is no user, and never an admin."""
    return getattr(by, "is_functional_admin", False)


def keeps_the_directory(by) -> bool:
    """Who has a work list: a consulent of some municipality, and the functioneel beheerder for all of them."""
    return by.is_functional_admin or bool(by.maintained_municipalities)


def may_refer_to(user, service) -> bool:
    """Also to who works without a dossier: then a name, a number and a safe moment go along, and nothing else."""
    return user.works_with_caregivers and service.status == "published"


def may_ask_at(user, organisation) -> bool:
    """Whether she can ask them for advice here, without referring: they answer in the portal, and are not her own."""
    return user.works_with_caregivers and organisation.uses_portal and organisation.pk != user.organisation_id


def may_see_answers_of(by, service) -> bool:
    """How it usually answers, and how that is counted: for who works there and who keeps the card. What is phoned or
    keeps no dossier gets no referrals that it answers itself.
    """
    if service.status != "published" or service.zonder_dossier or service.channel == "phone":
        return False
    return may_propose(by, service) or may_maintain_service(by, service)


def may_write_notes(by) -> bool:
    """Who keeps the sociale kaart of some municipality may say there what holds in it."""
    return bool(by.maintained_municipalities)


def may_end_note_for(by, municipalities) -> bool:
    """What does not hold any more must not stay because nobody keeps all of its municipalities: any of them will do."""
    return by.is_functional_admin or any(map(by.may_maintain, municipalities))


def may_write_note_for(by, municipalities) -> bool:
    """A note speaks for all its municipalities: to each of them she must be appointed."""
    municipalities = list(municipalities)
    return bool(municipalities) and all(by.may_maintain(municipality) for municipality in municipalities)
