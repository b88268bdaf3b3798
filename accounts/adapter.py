from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """How allauth behaves here: nobody signs up by herself, and mail goes through the outbox."""

    def is_open_for_signup(self, request) -> bool:
        return False
