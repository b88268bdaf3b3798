"""Row-level security on every table that holds a caregiver's data.

Each table has its policies here, in words and in SQL. PostgreSQL lets a row through when one of them does. They read
the variables of mantelzorg/principals.py; when nothing was set nothing is true, and nothing is shown.

`own` is the organisation that keeps the caregiver, `received` the one she was referred to. What hangs on a caregiver or
on a referral asks for its row by key, in a function: the plan of a function is kept, while a subquery in a policy was
planned anew with every query, at five times the cost of the query itself (benchmarks/README.md). A function runs with
the rights of who asks, so it sees no more than she does. What an organisation lists carries the organisation itself.
"""

from dataclasses import dataclass

from django.conf import settings

POLICY_VERSION = "2026-11"  # stands in every row of the access log: which policies held then
STAGE_DAYS = 30  # how long the receiver still sees what was shared after completion: see referrals/transitions.py

COUNTED_DAYS = 370  # how far the job that counts answers looks back: see referrals/answer_times.py


def variable(name: str, kind: str = "text") -> str:
    """A variable of this transaction, or NULL: after one transaction that set it, it is '' and not NULL."""
    return f"nullif(current_setting('mantelzorg.{name}', true), '')::{kind}"


KEEPS = variable("keeps", "uuid")
MEMBER = variable("member", "uuid")
LINK = variable("link", "uuid")
SUBJECT = variable("subject", "uuid")
LOG_OF = variable("log_of", "uuid")
ADMIN = f"{variable('admin')} = 'yes'"


def job(*names: str) -> str:
    return f"{variable('job')} IN ({', '.join(repr(name) for name in names)})"


def counted(*organisations: str) -> str:
    """What a coordinator's numbers are made from: her organisation, and the municipalities she was appointed to."""
    return (
        f"{job('overzicht')} AND ({variable('overview_of', 'uuid')} IN ({', '.join(organisations)}) "
        f"OR municipality_id = ANY (string_to_array({variable('overview_in')}, ',')))"
    )


@dataclass(frozen=True)
class Policy:
    """One way to reach a row. `using` is for rows that are there, `check` for rows as they become."""

    name: str
    command: str  # ALL, SELECT, INSERT, UPDATE or DELETE
    using: str = ""
    check: str = ""


def everything(name: str, condition: str) -> Policy:
    return Policy(name, "ALL", using=condition, check=condition)


def reading(name: str, condition: str) -> Policy:
    return Policy(name, "SELECT", using=condition)


def changing(name: str, condition: str) -> Policy:
    return Policy(name, "UPDATE", using=condition, check=condition)


def adding(name: str, condition: str = "true") -> Policy:
    return Policy(name, "INSERT", check=condition)


STEP = variable("step", "uuid")
SENT = f"sender_organisation_id = {KEEPS} AND (state <> 'concept' OR sender_id = {MEMBER})"
RECEIVED = f"receiver_organisation_id = {KEEPS} AND state <> 'concept'"
PARTY_TO_QUESTION = f"{KEEPS} IN (asker_organisation_id, receiver_organisation_id)"
LINKED = f"id = {LINK} AND channel = 'link' AND state <> 'concept'"

CONSENT_STANDS = (
    "c.withdrawn_at IS NULL AND (c.valid_until IS NULL "
    f"OR c.valid_until >= (now() AT TIME ZONE '{settings.TIME_ZONE}')::date)"
)

# Functions ----------------------------------------------------------------------------------------------------------

FUNCTIONS: dict[str, str] = {
    # Whether she works with this caregiver.
    "keeps_caregiver(asked uuid) RETURNS boolean": f"""
        BEGIN
            RETURN {KEEPS} IS NOT NULL AND EXISTS (
                SELECT FROM public.intake_caregiver c WHERE c.id = asked AND c.organisation_id = {KEEPS}
            );
        END
    """,
    # Whether she works with the caregiver whose consent this is.
    "keeps_caregiver_of(consent uuid) RETURNS boolean": """
        BEGIN
            RETURN EXISTS (
                SELECT FROM public.intake_consent c WHERE c.id = consent AND public.keeps_caregiver(c.caregiver_id)
            );
        END
    """,
    # How far somebody reaches into what hangs on a referral: all of it (`own`, and in a `step` that she is taking with
    # it, which before she accepts is a `first_step` that shares nothing yet), what is `shared` with her, the `minimum`
    # before she accepts, what is `counted` of an area, or nothing. Without a file there is no minimum, and after that
    # only how she is `reachable`, not what she asks. Her consent is asked anew each time.
    "reach_into_referral(asked uuid) RETURNS text": f"""
        DECLARE
            r record;
        BEGIN
            SELECT id, state, ended_at, channel, without_file, consent_id, sender_organisation_id,
                    receiver_organisation_id INTO r FROM public.referrals_referral WHERE id = asked;
            IF NOT FOUND THEN
                RETURN 'nothing';
            ELSIF r.sender_organisation_id = {KEEPS} OR {job("klok")} THEN
                RETURN 'own';
            ELSIF {job("overzicht")} THEN
                RETURN 'counted';
            ELSIF asked = {STEP} THEN
                RETURN CASE r.state WHEN 'sent' THEN 'first_step' ELSE 'step' END;
            ELSIF r.receiver_organisation_id = {KEEPS} OR (asked = {LINK} AND r.channel = 'link') THEN
                RETURN CASE
                    WHEN NOT EXISTS (SELECT FROM public.intake_consent c WHERE c.id = r.consent_id AND {CONSENT_STANDS})
                        THEN 'nothing'
                    WHEN r.without_file THEN CASE r.state WHEN 'accepted' THEN 'reachable' ELSE 'nothing' END
                    WHEN r.state IN ('accepted', 'in_contact') THEN 'shared'
                    WHEN r.state = 'completed' AND r.ended_at > now() - interval '{STAGE_DAYS} days' THEN 'shared'
                    WHEN r.state = 'sent' THEN 'minimum'
                    ELSE 'nothing'
                END;
            END IF;
            RETURN 'nothing';
        END
    """,
    # Whether the job that counts may count this caregiver.
    "counts_caregiver(asked uuid) RETURNS boolean": """
        BEGIN
            RETURN EXISTS (SELECT FROM public.intake_caregiver c WHERE c.id = asked);
        END
    """,
    # Whether the referral she is taking a step with, as a party to it, is about this caregiver, consent or need.
    "step_is_about(caregiver uuid, consent uuid, need uuid) RETURNS boolean": f"""
        BEGIN
            RETURN EXISTS (
                SELECT FROM public.referrals_referral r WHERE r.id = {STEP} AND (
                    r.caregiver_id = caregiver OR r.consent_id = consent
                    OR EXISTS (
                        SELECT FROM public.referrals_referralneed n WHERE n.referral_id = r.id AND n.need_id = need
                    )
                )
            );
        END
    """,
    # Whether the referral she is taking a step with is received by this organisation.
    "step_is_with(organisation uuid) RETURNS boolean": f"""
        BEGIN
            RETURN EXISTS (
                SELECT FROM public.referrals_referral r
                 WHERE r.id = {STEP} AND r.receiver_organisation_id = organisation
            );
        END
    """,
    # Whether she keeps the record that this meeting is about.
    "keeps_meeting(asked uuid) RETURNS boolean": f"""
        BEGIN
            RETURN {KEEPS} IS NOT NULL AND EXISTS (
                SELECT FROM public.referrals_meeting m WHERE m.id = asked AND m.organisation_id = {KEEPS}
            );
        END
    """,
    # Whether the caregiver agrees now that this is shared for a meeting.
    "agrees_to_meeting(consent uuid) RETURNS boolean": f"""
        BEGIN
            RETURN EXISTS (
                SELECT FROM public.intake_consent c WHERE c.id = consent AND 'overleg' = ANY (c.items)
                   AND {CONSENT_STANDS}
            );
        END
    """,
    # Whether she is at the table of this meeting herself.
    "reaches_meeting(asked uuid) RETURNS boolean": f"""
        BEGIN
            RETURN {MEMBER} IS NOT NULL AND {KEEPS} IS NOT NULL AND EXISTS (
                SELECT FROM public.referrals_meetingshare s
                 WHERE s.meeting_id = asked AND s.member_id = {MEMBER} AND s.organisation_id = {KEEPS} AND s.is_open
            );
        END
    """,
    # Whether the referral that a link opened rests on this consent.
    "link_rests_on(consent uuid) RETURNS boolean": f"""
        BEGIN
            RETURN EXISTS (SELECT FROM public.referrals_referral r WHERE r.id = {LINK} AND r.consent_id = consent);
        END
    """,
    # Whether her organisation asked this, or was asked it.
    "is_party_to_question(asked uuid) RETURNS boolean": f"""
        BEGIN
            RETURN {KEEPS} IS NOT NULL AND EXISTS (
                SELECT FROM public.referrals_question q
                 WHERE q.id = asked AND {KEEPS} IN (q.asker_organisation_id, q.receiver_organisation_id)
            );
        END
    """,
}
LETTERS, FOR_HEX = 4, "BCDFGHJKLMNPQRST"  # that stand for a receiver: so many, one for each digit of a hash

# What somebody with a caregiver's code may do, and all of it: it ends what she agreed to share, with everyone or with
# the one receiver whose letters she gives (intake.actions.letters_for), and tells nothing, not even whether the code
# exists. It runs as the owner, held by the policies of the job `intrekking`.
WITHDRAW_WITH_CODE = f"""
    CREATE OR REPLACE FUNCTION public.withdraw_with_code(code text, letters text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $body$
    DECLARE
        before text := coalesce(current_setting('mantelzorg.job', true), '');
    BEGIN
        PERFORM set_config('mantelzorg.job', 'intrekking', true);
        WITH ended AS (
            UPDATE intake_consent SET withdrawn_at = now(), withdrawn_how = 'code'
             WHERE withdrawn_at IS NULL AND caregiver_id IN (
                SELECT id FROM intake_caregiver
                 WHERE withdrawal_code <> '' AND withdrawal_code = encode(sha256(convert_to(code, 'UTF8')), 'hex')
             )
             AND letters IN ('', translate(
                left(encode(sha256(convert_to(code || ':' || organisation_id, 'UTF8')), 'hex'), {LETTERS}),
                '0123456789abcdef', '{FOR_HEX}'
             ))
            RETURNING id, caregiver_id
        ), unshared AS (
            DELETE FROM referrals_shareditem WHERE consent_id IN (SELECT id FROM ended)
        )
        INSERT INTO trail_accesslogentry (
            event, action, outcome, role, purpose, session_hash, object_type, object_id, subject_id, fields, filters,
            policy_version, relation, consent_id, organisation_id
        )
        SELECT 'consent_withdraw', 'U', 'ok', '', 'code', '', 'intake.consent', id::text, caregiver_id, '{{}}', '{{}}',
               '{POLICY_VERSION}', 'owner', id,
               (SELECT organisation_id FROM intake_caregiver c WHERE c.id = ended.caregiver_id)
          FROM ended;
        PERFORM set_config('mantelzorg.job', before, true);
    END
    $body$
"""
IN_A_STEP = f"{STEP} IS NOT NULL"
HER_OWN = "public.keeps_caregiver(caregiver_id)"
ABOUT_HER = "public.keeps_caregiver(subject_id)"


def part_of_referral(*stages: str) -> list[Policy]:
    """What hangs on a referral: all for its sender and in a step, for its receiver while the stage allows."""
    party = "public.reach_into_referral(referral_id) IN ('own', 'step', 'first_step')"
    reader = "public.reach_into_referral(referral_id) IN ({})".format(", ".join(map(repr, ["own", "step", *stages])))
    return [
        reading("read", reader),
        adding("add", party),
        changing("change", party),
        Policy("take", "DELETE", using=party),
    ]


IS_HER = f"member_id = {MEMBER} AND organisation_id = {KEEPS}"
SHARED_WITH_HER = f"{IS_HER} AND (organisation_id = steward_id OR public.agrees_to_meeting(consent_id))"
AT_THE_TABLE = "public.reaches_meeting(meeting_id)"
OF_OUR_MEETING = Policy(
    "own", "ALL", using=f"steward_id = {KEEPS}", check=f"steward_id = {KEEPS} AND public.keeps_meeting(meeting_id)"
)

# Tables -------------------------------------------------------------------------------------------------------------

POLICIES: dict[str, list[Policy]] = {
    "accounts_keptform": [
        everything("own", f"user_id = {variable('user', 'uuid')}"),
        everything("clock", job("klok")),
    ],
    "intake_caregiver": [
        everything("own", f"organisation_id = {KEEPS}"),
        reading("who_work_here", f"{job('collegas')} AND organisation_id = {LOG_OF}"),
        reading("who_needs_her", f"{job('vertrek')} AND fixed_contact_id = {MEMBER}"),
        reading("one_name", f"{job('naam')} AND id = {SUBJECT} AND organisation_id = {LOG_OF}"),
        reading("numbers", counted("organisation_id")),
        reading("clock", job("klok", "intrekking")),
    ],
    "intake_need": [
        everything("own", f"organisation_id = {KEEPS}"),
        reading("step", f"{IN_A_STEP} AND public.step_is_about(NULL, NULL, id)"),
        changing("step_turn", f"{IN_A_STEP} AND public.step_is_about(NULL, NULL, id)"),
        reading(
            "numbers",
            f"{job('overzicht')} AND (organisation_id = {variable('overview_of', 'uuid')} "
            "OR public.counts_caregiver(caregiver_id))",
        ),
        everything("clock", job("klok")),
    ],
    "intake_consent": [
        everything("own", HER_OWN),
        reading("received", f"organisation_id = {KEEPS}"),
        changing("step_end", f"{IN_A_STEP} AND public.step_is_about(NULL, id, NULL)"),
        changing(
            "step_end_ours",  # she told the receiver that she takes back all that they know
            f"{IN_A_STEP} AND organisation_id = {KEEPS} AND public.step_is_about(caregiver_id, NULL, NULL)",
        ),
        reading("linked", f"{LINK} IS NOT NULL AND public.link_rests_on(id)"),
        everything("clock", job("klok", "intrekking")),
    ],
    "intake_consentwords": [everything("own", "public.keeps_caregiver_of(consent_id)")],
    "intake_involvement": [
        everything("own", HER_OWN),
        everything(
            "step", f"{IN_A_STEP} AND organisation_id = {KEEPS} AND public.step_is_about(caregiver_id, NULL, NULL)"
        ),
        everything("linked_step", f"{LINK} IS NOT NULL AND {STEP} = {LINK} AND public.step_is_with(organisation_id)"),
        everything("clock", job("klok")),
    ],
    "intake_phasestep": [everything("own", HER_OWN)],
    "intake_burdenanswer": [everything("own", HER_OWN)],
    "intake_screening": [everything("own", HER_OWN)],
    "intake_task": [everything("own", HER_OWN)],
    "intake_scenario": [everything("own", HER_OWN)],
    "intake_conversation": [everything("own", HER_OWN)],
    "intake_conversationnote": [everything("own", HER_OWN)],
    "intake_contactrequest": [
        everything("own", HER_OWN),
        everything("asked_of_who_leaves", f"{job('vertrek')} AND to_id = {MEMBER}"),
    ],
    "intake_timelineevent": [
        everything("own", HER_OWN),
        adding("step", f"{IN_A_STEP} AND public.step_is_about(caregiver_id, NULL, NULL)"),
        adding("clock", job("klok")),
    ],
    "referrals_referral": [
        everything("own", SENT),
        reading("received", RECEIVED),
        changing("received_step", RECEIVED),
        reading("linked", LINKED),
        changing("linked_step", LINKED),
        reading("numbers", f"state <> 'concept' AND {counted('sender_organisation_id', 'receiver_organisation_id')}"),
        reading(
            "answer_times",
            f"{job('antwoordtijd')} AND state NOT IN ('concept', 'sent') AND channel <> 'phone' "
            f"AND erased_at IS NULL AND sent_at > now() - interval '{COUNTED_DAYS} days'",
        ),
        everything("clock", job("klok")),
    ],
    "referrals_handover": [everything("own", "public.reach_into_referral(referral_id) = 'own'")],
    "referrals_referral_target_groups": part_of_referral("first_step", "minimum", "shared"),
    "referrals_referralneed": part_of_referral("first_step", "minimum", "shared", "counted"),
    "referrals_shareditem": [*part_of_referral("shared", "reachable"), everything("withdrawal", job("intrekking"))],
    "referrals_callattempt": part_of_referral("shared", "reachable"),
    "referrals_jointtalk": part_of_referral("shared", "reachable"),
    "referrals_referralevent": [
        *(policy for policy in part_of_referral("shared", "reachable") if policy.command != "DELETE"),  # a step stays
        reading("acted", f"organisation_id = {KEEPS}"),
        reading("answer_times", f"{job('antwoordtijd')} AND verb IN ('send', 'accept', 'mail_failed')"),
    ],
    "referrals_enquiry": part_of_referral("shared"),
    "referrals_experience": [everything("own", HER_OWN)],
    "referrals_reminder": [everything("clock", job("klok"))],
    # of a question no mantelzorger can be found, and still it is between the two; only the clock lets one go
    "referrals_question": [
        reading("parties", PARTY_TO_QUESTION),
        adding("ask", f"asker_organisation_id = {KEEPS}"),
        changing("parties_change", PARTY_TO_QUESTION),
        everything("clock", job("klok")),
    ],
    "referrals_questionstep": [
        reading("parties", "public.is_party_to_question(question_id)"),
        adding("act", f"organisation_id = {KEEPS} AND public.is_party_to_question(question_id)"),
        changing("erase", "public.is_party_to_question(question_id)"),
        everything("clock", job("klok")),
    ],
    "referrals_questionreminder": [everything("clock", job("klok"))],
    # A meeting is its organisation's, and its guests' as long as they are at the table. A guest always finds what
    # became of her own invitation, which tells nothing of who it was about.
    "referrals_meeting": [
        Policy("own", "ALL", using=f"organisation_id = {KEEPS}", check=f"organisation_id = {KEEPS} AND {HER_OWN}"),
        reading("invited", "public.reaches_meeting(id)"),
        everything("clock", job("klok")),
    ],
    "referrals_meetingguest": [
        OF_OUR_MEETING,
        reading("hers", IS_HER),
        changing("answer", IS_HER),
        reading("fellows", AT_THE_TABLE),
        everything("clock", job("klok")),
    ],
    "referrals_meetingshare": [
        OF_OUR_MEETING,
        reading("hers", SHARED_WITH_HER),
        changing("answer", SHARED_WITH_HER),
        everything("clock", job("klok")),
    ],
    "referrals_meetingagreement": [
        OF_OUR_MEETING,
        reading("fellows", AT_THE_TABLE),
        changing("hers", f"member_id = {MEMBER} AND {AT_THE_TABLE}"),
        everything("clock", job("klok")),
    ],
    "trail_accesslogentry": [
        adding("everyone", "true"),
        reading("review", f"organisation_id = {LOG_OF}"),
        reading("of_her", ABOUT_HER),
        reading("digest", job("logboek")),
    ],
    "trail_outboxmessage": [
        adding("everyone", "true"),
        everything("worker", job("mail", "klok")),
        everything("own", ABOUT_HER),
        everything("failed", f"{ADMIN} AND failed_at IS NOT NULL"),
    ],
}
