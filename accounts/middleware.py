"""Which of her organisations somebody acts for in this session."""


class ActingMembershipMiddleware:
    """Sets `request.user.acting` to the membership chosen in this session, if it is still hers and active."""

    SESSION_KEY = "acting_membership"

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            chosen = request.session.get(self.SESSION_KEY)
            for membership in request.user.active_memberships:
                if str(membership.pk) == chosen:
                    request.user.acting = membership
        return self.get_response(request)
