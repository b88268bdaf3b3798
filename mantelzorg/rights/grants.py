"""What the application may do with each table. It owns none of them; the owner migrates, the backup reads all."""

READ = ("SELECT",)
ADD = ("SELECT", "INSERT")
ADD_AND_TAKE = ("SELECT", "INSERT", "DELETE")
KEEP = ("SELECT", "INSERT", "UPDATE")
ALL = ("SELECT", "INSERT", "UPDATE", "DELETE")
NOTHING = ()

# Content that comes with a version: `prepare` loads it as the owner.
KNOWLEDGE = [
    *("source", "passage", "passage_sources", "financingkind", "financingkind_sources", "nationalorganisation"),
    *("resource", "resourceuse", "sector", "association", "level", "fact", "fact_professions", "fact_sources"),
    *("profession", "profession_sectors", "profession_see_also", "profession_financing", "profession_sources"),
    *("supportcategory", "supportcategory_sources", "supportkind", "supportkind_professions", "supportkind_financing"),
    *("instrument", "instrument_sources", "instrumentdimension", "instrumentband"),
    *("phase", "phase_sources", "phase_themes", "phaseinvolvement", "theme", "theme_sources", "tip", "tip_sources"),
    *("story", "story_phases", "story_professions", "story_support_kinds", "story_themes", "story_sources"),
    *("workcardstep", "workcardstep_resources", "workcardstep_sources", "workcardcontribution"),
    *("workcardcontribution_sources", "workcardoption", "workcardoption_sources", "workcardlink"),
    *("conversationguide", "conversationguide_sources", "conversationtopic"),
    *("synonym", "synonym_professions", "synonym_support_kinds", "loadedcontent"),
]
GEOGRAPHY = ["municipality", "postcodearea", "postcodearea_other_municipalities", "targetgroup", "language"]
DIRECTORY = [
    *("organisation", "organisation_municipalities", "location", "contact", "service", "service_kinds"),
    *("service_phases", "service_target_groups", "service_languages", "service_municipalities", "service_locations"),
    *("service_financing", "service_professions", "searchrow", "searchword", "knowledgerow"),
    *("schedule", "externalid", "import", "importfile", "importrow"),
]

GRANTS: dict[str, tuple[str, ...]] = {
    **{f"knowledge_{name}": READ for name in KNOWLEDGE},
    **{f"sociale_kaart_{name}": READ for name in GEOGRAPHY},
    **{f"sociale_kaart_{name}": ALL for name in DIRECTORY},
    "sociale_kaart_answering": ALL,
    "sociale_kaart_booklet": ALL,
    "sociale_kaart_bookletfile": ALL,
    "sociale_kaart_change": ADD_AND_TAKE,  # history is not rewritten; what is kept too long goes
    "sociale_kaart_proposal": ALL,
    "sociale_kaart_checkrequest": ALL,
    "sociale_kaart_checkitem": ALL,
    "sociale_kaart_notasked": ADD_AND_TAKE,
    "sociale_kaart_report": ALL,
    "sociale_kaart_localnote": KEEP,  # a note ends and is never overwritten
    "sociale_kaart_localnote_municipalities": ADD,
    "sociale_kaart_savedsearch": ALL,
    "knowledge_linkcheck": ALL,  # what a command finds out, not what a version brings
    # people
    "accounts_user": KEEP,
    "accounts_membership": KEEP,
    "accounts_appointment": KEEP,
    "accounts_absence": ALL,
    "accounts_invitation": ALL,
    "mfa_authenticator": ALL,
    "account_emailaddress": KEEP,  # allauth notes the address when a new password is asked for
    "account_emailconfirmation": READ,
    "accounts_session": ALL,
    "accounts_keptform": ALL,  # encrypted; of each person one row, for an hour
    "cache": ALL,
    # caregivers
    "intake_caregiver": ALL,
    "intake_need": ALL,
    "intake_consent": ALL,
    "intake_consentwords": ALL,
    "intake_involvement": ALL,
    "intake_phasestep": ALL,
    "intake_burdenanswer": ALL,
    "intake_screening": ALL,
    "intake_licenseditems": ALL,
    "intake_task": ALL,
    "intake_scenario": ALL,
    "intake_conversation": ALL,
    "intake_conversationnote": ALL,
    "intake_contactrequest": ALL,
    "intake_timelineevent": ALL,
    "referrals_referral": ALL,
    "referrals_referral_target_groups": ALL,
    "referrals_handover": ALL,
    "referrals_referralneed": ALL,
    "referrals_shareditem": ALL,
    "referrals_callattempt": ALL,
    "referrals_jointtalk": ALL,
    "referrals_reminder": ALL,
    "referrals_meeting": ALL,
    "referrals_meetingguest": ALL,
    "referrals_meetingshare": ALL,
    "referrals_meetingagreement": ALL,
    "referrals_enquiry": ALL,
    "referrals_experience": ALL,
    "referrals_referrallink": ALL,
    "referrals_linkcode": ALL,
    "referrals_organisationterms": ALL,  # goes with an organisation that was brought in by mistake
    "referrals_referralevent": ALL,  # a draft that goes asks for its steps: it has none, and no policy lets one go
    # overlegvragen: no caregiver in them; the clock forgets
    "referrals_question": ALL,
    "referrals_questionstep": ALL,
    "referrals_questionreminder": ALL,
    # the trail: what is logged stays
    "trail_accesslogentry": ADD,
    "trail_logreview": ADD,
    "trail_outboxmessage": ALL,
    "trail_handledform": ALL,
    "trail_heartbeat": KEEP,
    # Django's own
    "django_content_type": READ,
    "django_migrations": READ,
    "auth_permission": NOTHING,
    "auth_group": NOTHING,
    "auth_group_permissions": NOTHING,
}
