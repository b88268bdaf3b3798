"""Where somebody starts: the page that is about her own work."""


def home_name(user) -> str:
    """The url name of her start page. Whoever works with caregivers starts at Vandaag."""
    if user.works_with_caregivers:
        return "vandaag"
    if user.is_coordinator:
        return "overview"
    if user.is_functional_admin:
        return "admin_organisations"
    return "account_profile" if user.acting is None else "team"
