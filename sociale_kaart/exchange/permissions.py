"""Who may bring in files and take them out: who keeps the sociale kaart somewhere, and the functional admin."""


def may_exchange(user) -> bool:
    return user.is_functional_admin or bool(user.maintained_municipalities)


def may_change_organisation(by, municipalities, *, uses_portal: bool) -> bool:
    """One that works in these municipalities only. If its people log in here, it is the functional admin's."""
    if by.is_functional_admin:
        return True
    municipalities = list(municipalities)
    return not uses_portal and bool(municipalities) and all(map(by.may_maintain, municipalities))
