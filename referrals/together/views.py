"""The pages to agree on a moment, and the moment as a file for one's calendar."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import caregiver_workers_only
from mantelzorg.calendar_file import NAME, PUBLISH, calendar_file
from referrals.together import answers
from referrals.views.answers import page_of
from referrals.views.one_referral import look_at, referral_of

talk_propose = page_of(answers.PROPOSE)
talk_choose = page_of(answers.CHOOSE)
talk_take_back = page_of(answers.TAKE_BACK)
talk_call_off = page_of(answers.CALL_OFF)
talk_not_held = page_of(answers.NOT_HELD)


@require_safe
@caregiver_workers_only
def talk_file(request, pk):
    """The agreed moment; without one there is no file. Logged as opening the referral is."""
    referral = referral_of(request, pk)
    if referral.talk is None or not referral.talk.is_planned or look_at(request.user, referral).is_stub:
        raise Http404
    appointment = referral.talk.for_calendar(
        warm_mode=referral.warm_mode, path=reverse("referral_detail", args=[referral.pk])
    )
    return HttpResponse(
        calendar_file(**appointment, stamp=timezone.now()),
        content_type=f"text/calendar; charset=utf-8; method={PUBLISH}",
        headers={"Content-Disposition": f'attachment; filename="{NAME}"'},
    )
