"""Which of her organisations somebody acts for in this session; and as whom the database knows this request."""

from accounts.second_factor import was_shown
from mantelzorg import principals

ACTING_MEMBERSHIP = "acting_membership"  # the key in the session


class ActingMembershipMiddleware:
    """Tells the user object which membership was chosen (`User.acting` checks that it is still hers and active), and
    the database who is asking. Inside the transaction of trail.middleware, and always: also when it is nobody.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            request.user.acting_choice = request.session.get(ACTING_MEMBERSHIP)
        principals.become(principal_of(request))
        return self.get_response(request)


def principal_of(request) -> principals.Principal:
    """A password alone shows nobody to the database."""
    if not request.user.is_authenticated:
        return principals.NOBODY
    return principals.member(request.user) if was_shown(request) else principals.account(request.user)
