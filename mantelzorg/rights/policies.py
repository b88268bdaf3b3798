"""Row-level security on every table that holds a caregiver's data.

Each table has its policies here, in words and in SQL. PostgreSQL lets a row through when one of them does. They read
the variables of mantelzorg/principals.py; when nothing was set nothing is true, and nothing is shown. A condition that
asks another table is itself under that table's policies, so a step never reaches further than its taker does.

`own` is the organisation that keeps the caregiver, `received` the one she was referred to. Rows of a referral's own are
reached by key from the referral, never scanned, so asking the referral of each row costs next to nothing; the referral
itself and everything an organisation lists carries its organisations as columns.
"""

from dataclasses import dataclass

STAGE_DAYS = 30  # how long the receiver still sees what was shared after completion: see referrals/transitions.py


def variable(name: str, kind: str = "text") -> str:
    """A variable of this transaction, or NULL: after one transaction that set it, it is '' and not NULL."""
    return f"(SELECT nullif(current_setting('mantelzorg.{name}', true), '')::{kind})"


KEEPS = variable("keeps", "uuid")
MEMBER = variable("member", "uuid")
LINK = variable("link", "uuid")
SUBJECT = variable("subject", "uuid")
LOG_OF = variable("log_of", "uuid")
ADMIN = f"{variable('admin')} = 'yes'"


def job(*names: str) -> str:
    return f"{variable('job')} IN ({', '.join(repr(name) for name in names)})"


def counted(organisation: str, municipality: str) -> str:
    """What a coordinator's numbers are made from: her organisation, and the municipalities she was appointed to."""
    return (
        f"({job('overzicht')} AND ({organisation} = {variable('overview_of', 'uuid')} "
        f"OR {municipality} = ANY (string_to_array({variable('overview_in')}, ','))))"
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


def adding(name: str, condition: str = "true") -> Policy:
    return Policy(name, "INSERT", check=condition)


HER_OWN = f"EXISTS (SELECT FROM intake_caregiver c WHERE c.id = caregiver_id AND c.organisation_id = {KEEPS})"
ABOUT_HER = f"EXISTS (SELECT FROM intake_caregiver c WHERE c.id = subject_id AND c.organisation_id = {KEEPS})"
# The referral somebody is taking a step with, if it is one she is a party to.
STEP = f"(SELECT r.id FROM referrals_referral r WHERE r.id = {variable('step', 'uuid')})"
STEP_CAREGIVER = f"(SELECT r.caregiver_id FROM referrals_referral r WHERE r.id = {variable('step', 'uuid')})"
STEP_CONSENT = f"(SELECT r.consent_id FROM referrals_referral r WHERE r.id = {variable('step', 'uuid')})"
LINK_CONSENT = f"(SELECT r.consent_id FROM referrals_referral r WHERE r.id = {LINK})"
STEP_NEEDS = f"(SELECT n.need_id FROM referrals_referralneed n WHERE n.referral_id = {variable('step', 'uuid')})"

SENT = f"sender_organisation_id = {KEEPS} AND (state <> 'concept' OR sender_id = {MEMBER})"
RECEIVED = f"receiver_organisation_id = {KEEPS} AND state <> 'concept'"
LINKED = f"id = {LINK} AND channel = 'link' AND state <> 'concept'"

MINIMUM = "r.state IN ('sent', 'accepted', 'in_contact')"
RECENT = f"(r.state = 'completed' AND r.ended_at > now() - interval '{STAGE_DAYS} days')"
SHARED = "r.state IN ('accepted', 'in_contact')"


def of_referral(party: str, stage: str = "true") -> str:
    return f"EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id AND {party} AND ({stage}))"


BY_SENDER = of_referral(f"r.sender_organisation_id = {KEEPS}")
RECEIVER = f"(r.receiver_organisation_id = {KEEPS} OR (r.id = {LINK} AND r.channel = 'link'))"


def part_of_referral(stage: str) -> list[Policy]:
    """What hangs on a referral: all for its sender, for its receiver while the stage allows, and in a step."""
    return [
        everything("own", BY_SENDER),
        reading("received", of_referral(RECEIVER, stage)),
        everything("step", f"referral_id = {STEP}"),
        everything("clock", job("klok")),
    ]


POLICIES: dict[str, list[Policy]] = {
    "intake_caregiver": [
        everything("own", f"organisation_id = {KEEPS}"),
        reading("who_work_here", f"{job('collegas')} AND organisation_id = {LOG_OF}"),
        reading("one_name", f"{job('naam')} AND id = {SUBJECT} AND organisation_id = {LOG_OF}"),
        reading("numbers", counted("organisation_id", "municipality_id")),
        reading("clock", job("klok")),
    ],
    "intake_need": [
        everything("own", f"organisation_id = {KEEPS}"),
        reading("step", f"id IN {STEP_NEEDS}"),
        Policy("step_turn", "UPDATE", using=f"id IN {STEP_NEEDS}", check=f"id IN {STEP_NEEDS}"),
        reading(
            "numbers",
            f"{job('overzicht')} AND EXISTS (SELECT FROM intake_caregiver c WHERE c.id = caregiver_id)",
        ),
        reading("clock", job("klok")),
        Policy("clock_turn", "UPDATE", using=job("klok"), check=job("klok")),
    ],
    "intake_consent": [
        everything("own", HER_OWN),
        reading("received", f"organisation_id = {KEEPS} OR id = {LINK_CONSENT}"),
        Policy("step_end", "UPDATE", using=f"id = {STEP_CONSENT}", check=f"id = {STEP_CONSENT}"),
        reading("step", f"id = {STEP_CONSENT}"),
        reading("clock", job("klok")),
        Policy("clock_end", "UPDATE", using=job("klok"), check=job("klok")),
    ],
    "intake_involvement": [
        everything("own", HER_OWN),
        everything("step", f"caregiver_id = {STEP_CAREGIVER} AND organisation_id = {KEEPS}"),
        reading("clock", job("klok")),
        Policy("clock_end", "UPDATE", using=job("klok"), check=job("klok")),
    ],
    "intake_phasestep": [everything("own", HER_OWN)],
    "intake_timelineevent": [
        everything("own", HER_OWN),
        adding("step", f"caregiver_id = {STEP_CAREGIVER}"),
        adding("clock", job("klok")),
    ],
    "referrals_referral": [
        everything("own", SENT),
        reading("received", RECEIVED),
        Policy("received_step", "UPDATE", using=RECEIVED, check=RECEIVED),
        reading("linked", LINKED),
        Policy("linked_step", "UPDATE", using=LINKED, check=LINKED),
        reading(
            "numbers",
            f"({counted('sender_organisation_id', 'municipality_id')} "
            f"OR {counted('receiver_organisation_id', 'municipality_id')}) AND state <> 'concept'",
        ),
        everything("clock", job("klok")),
    ],
    "referrals_handover": [
        everything("own", BY_SENDER),
        everything("clock", job("klok")),
    ],
    "referrals_referral_target_groups": part_of_referral(f"{MINIMUM} OR {RECENT}"),
    "referrals_referralneed": [
        *part_of_referral(f"{MINIMUM} OR {RECENT}"),
        reading("numbers", f"{job('overzicht')} AND {of_referral('true')}"),
    ],
    "referrals_shareditem": part_of_referral(f"{SHARED} OR {RECENT}"),
    "referrals_callattempt": part_of_referral(f"{SHARED} OR {RECENT}"),
    "referrals_referralevent": [
        *part_of_referral(f"{SHARED} OR {RECENT}"),
        reading("acted", f"organisation_id = {KEEPS}"),
    ],
    "trail_accesslogentry": [
        adding("everyone"),
        reading("review", f"organisation_id = {LOG_OF}"),
        reading("of_her", ABOUT_HER),
        reading("digest", job("logboek")),
    ],
    "trail_outboxmessage": [
        adding("everyone"),
        everything("worker", job("mail", "klok")),
        everything("own", ABOUT_HER),
        everything("failed", f"{ADMIN} AND failed_at IS NOT NULL"),
    ],
}
