"""May this person do this to this thing. Asked by the button and by the action alike."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404

from trail.actions import record_denied


def may_see_team(user) -> bool:
    """Everyone sees who her colleagues are; whoever belongs to no organisation has none."""
    return user.acting is not None


def may_review_log(user) -> bool:
    return user.is_logtoezicht


def may_manage_team(user) -> bool:
    return user.is_beheerder


def may_manage_member(user, membership) -> bool:
    return may_manage_team(user) and membership.organisation_id == user.organisation_id


def may_invite(user, organisation) -> bool:
    return may_administer(user) or (may_manage_team(user) and organisation.pk == user.organisation_id)


def may_manage_invitation(user, invitation) -> bool:
    return may_invite(user, invitation.organisation)


def may_answer(user, invitation) -> bool:
    """An invitation is for one address: a link that was passed on is of no use to somebody else."""
    return user.email.lower() == invitation.email.lower()


def may_administer(user) -> bool:
    return user.is_functional_admin


def only(question: Callable) -> Callable:
    """Make a view decorator of a question to the user object: `@only(lambda user: user.is_coordinator)`.

    A stranger to the page gets 404, as if it did not exist; the attempt is logged.
    """

    def decorator(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            if not question(request.user):
                record_denied(by=request.user, page=request.resolver_match.view_name)
                raise Http404
            return view(request, *args, **kwargs)

        return wrapper

    return decorator


def found(request, rows, pk):
    """The one of `rows` (already hers to see) with this key. A stranger gets 404; the attempt is logged."""
    try:
        return rows.get(pk=pk)
    except rows.model.DoesNotExist:
        record_denied(by=request.user, page=request.resolver_match.view_name, model=rows.model, key=pk)
        raise Http404 from None


caregiver_workers_only = only(lambda user: user.works_with_caregivers)
coordinators_only = only(lambda user: user.is_coordinator)
