"""Which of her organisations somebody acts for in this session."""

ACTING_MEMBERSHIP = "acting_membership"  # the key in the session


class ActingMembershipMiddleware:
    """Tells the user object which membership was chosen; `User.acting` checks that it is still hers and active."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            request.user.acting_choice = request.session.get(ACTING_MEMBERSHIP)
        return self.get_response(request)
