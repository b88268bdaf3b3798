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
    return by.is_functional_admin


def may_maintain_service(by, service) -> bool:
    """A consulent of any of its municipalities; a draft without municipalities is the functioneel beheerder's."""
    return by.is_functional_admin or any(by.may_maintain(municipality) for municipality in service.municipalities.all())


def may_maintain_in(by, municipalities) -> bool:
    """May she add a service for these municipalities? For at least one of them she must be appointed."""
    return by.is_functional_admin or any(by.may_maintain(municipality) for municipality in municipalities)


def keeps_the_directory(by) -> bool:
    """Who has a work list: a consulent of some municipality, and the functioneel beheerder for all of them."""
    return by.is_functional_admin or bool(by.maintained_municipalities)


def may_refer_to(user, service) -> bool:
    """Without a dossier there is nothing to send: such a service is phoned."""
    return user.works_with_caregivers and service.status == "published" and not service.zonder_dossier


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
