"""Papers somebody hands over: the letter of a referral, and a caregiver's own overview."""

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import caregiver_workers_only
from intake.actions import give_withdrawal_code
from intake.models import Caregiver
from mantelzorg.pdf import pdf_response
from referrals.forms.papers import OverviewForm
from referrals.models import Referral
from referrals.papers import LETTER_STAGES, OverviewPart, letter_of, overview_of
from referrals.views.one_referral import found, referral_of
from trail.actions import record_access, record_denied


@require_GET
@caregiver_workers_only
def referral_letter(request, pk):
    """For the sender, and for the receiver from acceptance on; whoever sees a stub has no letter."""
    referral = referral_of(request, pk)
    stage = referral.stage_for(request.user, now=timezone.now())
    if stage not in LETTER_STAGES or not referral.has_letter():
        record_denied(by=request.user, page="referral_letter", model=Referral, key=pk)
        raise Http404
    record_access(
        by=request.user,
        event="print",
        action="R",
        obj=referral,
        subject=referral.caregiver_id,
        relation="owner" if stage == referral.Stage.OWN else "referral",
        fields=tuple(item.item for item in referral.shared_items.all()),
        consent=referral.consent_id,
    )
    filename = f"overdracht-{referral.number}.pdf"
    return pdf_response("referrals/papers/letter.html", {"letter": letter_of(referral)}, filename=filename)


@require_http_methods(["GET", "HEAD", "POST"])
@caregiver_workers_only
def overview_choose(request, pk):
    """Which parts she wants on paper, before it is made; made here when a new code of hers is to stand on it."""
    caregiver = found(request, Caregiver.objects.for_user(request.user).for_page(), pk)
    record_access(by=request.user, event="view", action="R", obj=caregiver, subject=caregiver.pk, fields=("name",))
    form = OverviewForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        code = give_withdrawal_code(caregiver=caregiver, by=request.user) if form.cleaned_data["code"] else ""
        return _overview(
            request, caregiver, form.cleaned_data["deel"], large="1" in form.cleaned_data["groot"], code=code
        )
    context = {"caregiver": caregiver, "form": form}
    return render(request, "referrals/papers/overview_choose.html", context)


@require_GET
@caregiver_workers_only
def caregiver_overview(request, pk):
    """Her own overview, to print or mail: `?deel=` names the parts, all of them when it names none; `?groot=1` is for
    larger letters.
    """
    caregiver = found(request, Caregiver.objects.for_user(request.user).for_page(), pk)
    parts = [part for part in request.GET.getlist("deel") if part in OverviewPart.values]
    return _overview(request, caregiver, parts, large=request.GET.get("groot") == "1")


def _overview(request, caregiver, parts, *, large: bool, code: str = ""):
    """Of all parts when none was named. `code` is a new one with which she takes back what she agreed to."""
    record_access(
        by=request.user,
        event="print",
        action="R",
        obj=caregiver,
        subject=caregiver.pk,
        fields=("name", "needs", "screenings", "tasks", "involvements", "consents"),
    )
    overview = overview_of(caregiver, parts or OverviewPart.values, code=code)
    context = {"overview": overview, "large": large, "code": code, "address": settings.PUBLIC_URL}
    return pdf_response("referrals/papers/overview.html", context, filename="mijn-overzicht.pdf")
