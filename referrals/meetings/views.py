"""A mini-MDO: planned from the page of a caregiver, answered by who is invited, written up by who planned it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import Membership
from accounts.permissions import caregiver_workers_only, found
from intake.actions import ChangedMeanwhile
from intake.models import Caregiver
from intake.views.one_caregiver import ASK_AND_DO, ask, caregiver_of, show_part, typed
from mantelzorg.forms import digest, refuse
from mantelzorg.pdf import TooLong, pdf_response
from mantelzorg.refusal import Refused
from referrals.meetings import actions, finding, reading
from referrals.meetings.forms import (
    AgreementForm,
    AnswerForm,
    ColleagueForm,
    DoneForm,
    FindForm,
    HeldForm,
    MeetingConsentForm,
    MeetingForm,
)
from referrals.models import Meeting, MeetingAgreement, MeetingGuest
from trail.actions import do_once, record_access, record_denied

# Planning -----------------------------------------------------------------------------------------------------------


@caregiver_workers_only
@require_safe
def meeting_list(request, pk):
    caregiver = caregiver_of(request, pk)
    context = {"lines": reading.lines_of(caregiver)}
    template = "referrals/meetings/meeting_list.html"
    return show_part(request, template, caregiver, part="meeting_list", fields=("meetings",), **context)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def meeting_new(request, pk):
    caregiver = caregiver_of(request, pk)
    form = MeetingForm(typed(request))
    if form.is_valid():
        try:
            made = do_once(
                key=form.cleaned_data["form_key"],
                verb="meeting_new",
                by=request.user,
                digest=digest(form, caregiver.pk),
                do=lambda: actions.plan_meeting(caregiver=caregiver, by=request.user, **form.details()).pk,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Het overleg is gepland. Nodig nu een voor een uit wie meepraten.")
            return redirect("meeting_invite", made)
    return ask(request, "referrals/meetings/meeting_new.html", caregiver, fields=("meetings",), form=form)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def meeting_edit(request, pk):
    meeting = _kept(request, pk)
    if not meeting.is_planned:
        return _refused(request, meeting, f"Dit overleg is al {meeting.get_state_display()}.")
    form = MeetingForm(typed(request), meeting=meeting)
    if form.is_valid():
        seen = form.cleaned_data["seen"]
        try:
            actions.change_meeting(meeting=meeting, by=request.user, seen=seen, **form.details())
        except ChangedMeanwhile as meanwhile:
            refuse(form, meanwhile)
            form.data["seen"] = meanwhile.current.changed_at.isoformat()
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Bewaard. Wie is uitgenodigd, krijgt bericht als er iets veranderde.")
            return redirect("meeting_detail", pk)
    return _show(request, "referrals/meetings/meeting_edit.html", meeting, form=form)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def meeting_cancel(request, pk):
    meeting = _kept(request, pk)
    if request.method == "POST":
        try:
            actions.cancel_meeting(meeting=meeting, by=request.user)
        except Refused as refusal:
            return _refused(request, meeting, refusal.sentence)
        messages.success(request, "Het overleg is afgezegd. Wie was uitgenodigd, krijgt bericht.")
        return redirect("meeting_detail", pk)
    return _show(request, "referrals/meetings/meeting_cancel.html", meeting)


# The page of one meeting, and its report ----------------------------------------------------------------------------


@caregiver_workers_only
@require_safe
def meeting_detail(request, pk):
    meeting = Meeting.objects.for_user(request.user).for_page().with_key(pk)
    if meeting is None:
        return _what_became_of_it(request, pk)
    return _show(request, "referrals/meetings/meeting_detail.html", meeting)


@caregiver_workers_only
@require_safe
def meeting_report(request, pk):
    """One page, for who was there while the caregiver agrees, and for who keeps her record."""
    meeting = found(request, Meeting.objects.for_user(request.user).for_page(), pk)
    read = reading.read(meeting, request.user, now=timezone.now())
    if not meeting.was_held:
        record_denied(by=request.user, page="meeting_report", model=Meeting, key=pk)
        raise Http404
    _log(request, meeting, read, event="print")
    letters = [{"letters": size} for size in ("small", "smaller", "smallest")]
    template, context = "referrals/meetings/report.html", {"reading": read}
    try:
        return pdf_response(
            template, context, filename="verslag-mini-mdo.pdf", pages=1, otherwise=letters, must_fit=True
        )
    except TooLong:
        messages.warning(request, "Dit verslag past niet op één bladzijde. Druk deze pagina af.")
        return redirect("meeting_detail", pk)


def _what_became_of_it(request, pk):
    """Somebody who was invited and sees nothing of it any more, is told so. For anybody else it does not exist."""
    guest = MeetingGuest.objects.last_of(request.user, pk)
    if guest is None:
        record_denied(by=request.user, page=request.resolver_match.view_name, model=Meeting, key=pk)
        raise Http404
    record_access(by=request.user, event="view", action="R", obj=guest)
    return render(request, "referrals/meetings/over.html", {"guest": guest})


# Who comes ----------------------------------------------------------------------------------------------------------


@caregiver_workers_only
@require_safe
def meeting_invite(request, pk):
    """Whom to invite: who knows her already, and who is found by name, profession or organisation."""
    meeting = _kept(request, pk)
    form = FindForm(request.GET if "q" in request.GET else None)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    context = {
        "form": form,
        "near": finding.people_near(meeting),
        "words": words,
        "too_short": words and len(words) < finding.SHORTEST,
        "found": finding.people_found(meeting, words) if len(words) >= finding.SHORTEST else [],
    }
    return _show(request, "referrals/meetings/meeting_invite.html", meeting, **context)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def meeting_invite_one(request, pk, member):
    meeting = _kept(request, pk)
    person = found(request, Membership.objects.to_invite(), member)
    caregiver = Caregiver.objects.for_user(request.user).get(pk=meeting.caregiver_id)
    is_colleague = person.organisation_id == meeting.organisation_id
    if is_colleague:
        form = ColleagueForm(typed(request))
    else:
        form = MeetingConsentForm(typed(request), meeting=meeting, member=person, under_16=caregiver.under_16)
    if form.is_valid():
        agreed = {} if is_colleague else form.consent_details()
        try:
            do_once(
                key=form.cleaned_data["form_key"],
                verb="meeting_invite",
                by=request.user,
                digest=digest(form, meeting.pk, person.pk),
                do=lambda: actions.invite(meeting=meeting, by=request.user, member=person, **agreed).pk,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, f"{person.user} is uitgenodigd en krijgt een mail zonder gegevens.")
            return redirect("meeting_detail", pk)
    context = {"form": form, "person": person, "is_colleague": is_colleague}
    return _show(request, "referrals/meetings/meeting_invite_one.html", meeting, **context)


@caregiver_workers_only
@require_POST
def meeting_guest_off(request, pk):
    guest = found(request, MeetingGuest.objects.kept_by(request.user), pk)
    try:
        actions.take_off(guest=guest, by=request.user)
    except Refused as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, f"{guest.member.user} doet niet meer mee en krijgt bericht.")
    return redirect("meeting_detail", guest.meeting_id)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def meeting_answer(request, pk):
    meeting = Meeting.objects.for_user(request.user).for_page().with_key(pk)
    if meeting is None:
        return _what_became_of_it(request, pk)
    read = reading.read(meeting, request.user, now=timezone.now())
    if not read.is_asked:
        return _refused(request, meeting, "Er is jou niets (meer) gevraagd voor dit overleg.")
    form = AnswerForm(typed(request))
    if form.is_valid():
        try:
            actions.answer(meeting=meeting, by=request.user, **form.details())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Je antwoord is bewaard. Wie het overleg plande, krijgt bericht.")
            return redirect("meeting_detail", pk)
    return _show(request, "referrals/meetings/meeting_answer.html", meeting, form=form)


# What was agreed ----------------------------------------------------------------------------------------------------


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def meeting_held(request, pk):
    meeting = _kept(request, pk)
    form = HeldForm(typed(request))
    if form.is_valid():
        try:
            actions.hold_meeting(meeting=meeting, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Vastgelegd. Wie erbij was, kan het verslag lezen.")
            return redirect("meeting_detail", pk)
    if not meeting.is_planned:
        return _refused(request, meeting, f"Dit overleg is al {meeting.get_state_display()}.")
    return _show(request, "referrals/meetings/meeting_held.html", meeting, form=form)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def meeting_agreement_new(request, pk):
    meeting = _kept(request, pk)
    form = AgreementForm(typed(request), people=reading.at_the_table(meeting))
    if form.is_valid():
        try:
            do_once(
                key=form.cleaned_data["form_key"],
                verb="meeting_agreement",
                by=request.user,
                digest=digest(form, meeting.pk),
                do=lambda: actions.agree(meeting=meeting, by=request.user, **form.details()).pk,
            )
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "De afspraak is bewaard en staat bij Vandaag van wie het doet.")
            return redirect("meeting_detail", pk)
    context = {"form": form, "title": "Schrijf een afspraak op", "button": "Bewaar de afspraak"}
    return _show(request, "referrals/meetings/agreement.html", meeting, **context)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def meeting_agreement_edit(request, pk):
    agreement = found(request, MeetingAgreement.objects.kept_by(request.user).with_meeting(), pk)
    meeting = _kept(request, agreement.meeting_id)
    initial = {"who": str(agreement.member_id), "what": agreement.what, "before": agreement.before}
    form = AgreementForm(typed(request), people=reading.at_the_table(meeting), initial=initial)
    if form.is_valid():
        try:
            actions.change_agreement(agreement=agreement, by=request.user, **form.details())
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "De afspraak is bewaard en staat bij Vandaag van wie het doet.")
            return redirect("meeting_detail", meeting.pk)
    context = {"form": form, "title": "Wijzig de afspraak", "button": "Bewaar", "agreement": agreement}
    return _show(request, "referrals/meetings/agreement.html", meeting, **context)


@caregiver_workers_only
@require_POST
def meeting_agreement_drop(request, pk):
    agreement = found(request, MeetingAgreement.objects.kept_by(request.user).with_meeting(), pk)
    try:
        actions.drop_agreement(agreement=agreement, by=request.user)
    except Refused as refusal:
        messages.warning(request, refusal.sentence)
    else:
        messages.success(request, "De afspraak is weg.")
    return redirect("meeting_detail", agreement.meeting_id)


@caregiver_workers_only
@require_http_methods(ASK_AND_DO)
def meeting_agreement(request, pk):
    """Who would do it, says that it is done, or that she cannot."""
    agreement = found(request, MeetingAgreement.objects.for_user(request.user).with_meeting(), pk)
    meeting = found(request, Meeting.objects.for_user(request.user).for_page(), agreement.meeting_id)
    if not agreement.is_open_for(request.user):
        return _refused(request, meeting, "Deze afspraak ligt niet (meer) bij jou.")
    form = DoneForm(typed(request))
    if form.is_valid():
        try:
            if form.cleaned_data["how"] == "gedaan":
                actions.done(agreement=agreement, by=request.user)
            else:
                actions.cannot(agreement=agreement, by=request.user, note=form.cleaned_data["note"])
        except Refused as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, "Bewaard.")
            return redirect("meeting_detail", meeting.pk)
    return _show(request, "referrals/meetings/agreement_done.html", meeting, form=form, agreement=agreement)


# Shared -------------------------------------------------------------------------------------------------------------


def _kept(request, pk) -> Meeting:
    return found(request, Meeting.objects.kept_by(request.user).for_page(), pk)


def _show(request, template: str, meeting: Meeting, **context):
    """A page of a meeting; it names her, so the look is logged."""
    read = reading.read(meeting, request.user, now=timezone.now())
    _log(request, meeting, read, event="view")
    back_url = reverse("meeting_detail", args=[meeting.pk])
    return render(request, template, {"reading": read, "back_url": back_url, **context})


def _log(request, meeting: Meeting, read: reading.Reading, *, event: str) -> None:
    record_access(
        by=request.user,
        event=event,
        action="R",
        obj=meeting,
        subject=meeting.caregiver_id,
        relation=read.relation,
        fields=read.fields,
        consent=read.consent,
    )


def _refused(request, meeting: Meeting, sentence: str):
    """It cannot be done any more: its page as it is now says the rest."""
    messages.error(request, sentence)
    meeting = found(request, Meeting.objects.for_user(request.user).for_page(), meeting.pk)
    return _show(request, "referrals/meetings/meeting_detail.html", meeting)
