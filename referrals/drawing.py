"""The picture of a referral's life in the docs, drawn from the table so that it cannot tell another story."""

from referrals import transitions
from referrals.transitions import TRANSITIONS, TURNS, WHOEVER_HAS_THE_TURN, Channel, Party, State, Urgency

WHICH = {None: "all", False: "with a file", True: "without a file (*zonder dossier*)"}
PARTIES = {Party.SENDER: "sender", Party.RECEIVER: "receiver", Party.CLOCK: "the clock"}


def life_in_markdown() -> str:
    return "\n".join([HEAD, *_picture(), "", *_verbs(), "", *_turns(), "", *_terms(), ""])


HEAD = """# The life of a referral

Drawn by `python manage.py draw_life > docs/referral-life.md` from `referrals/transitions.py`; a test compares them.
"""


def _picture() -> list[str]:
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> concept"]
    for transition in TRANSITIONS:
        verb = f"{transition.verb}{' (without a file)' * bool(transition.without_file)}"
        lines += [f"    {source} --> {transition.target}: {verb}" for source in transition.sources]
    ends = [state for state in State if all(state not in transition.sources for transition in TRANSITIONS)]
    return [*lines, *(f"    {state} --> [*]" for state in [*ends, State.COMPLETED]), "```"]


def _verbs() -> list[str]:
    lines = ["| Verb | From | To | By | Asks for | Which |", "| --- | --- | --- | --- | --- | --- |"]
    for transition in TRANSITIONS:
        by = "whoever has the turn" if transition.party is WHOEVER_HAS_THE_TURN else PARTIES[transition.party]
        sources = ", ".join(f"`{source}`" for source in transition.sources)
        which = WHICH[transition.without_file]
        lines.append(
            f"| `{transition.verb}` | {sources} | `{transition.target}` | {by} | {transition.asks} | {which} |"
        )
    return lines


def _turns() -> list[str]:
    lines = ["| Channel | Whose turn while it is open |", "| --- | --- |"]
    return lines + [f"| `{channel}` | {PARTIES[TURNS[channel]]} |" for channel in Channel]


def _terms() -> list[str]:
    answer, call = transitions.ANSWER_WORKING_DAYS, transitions.CALL_WORKING_DAYS
    return [
        "| State | Before which date |",
        "| --- | --- |",
        f"| `sent` | {answer[Urgency.NORMAL]} working days (urgent: {answer[Urgency.URGENT]}); expires after "
        f"{transitions.EXPIRES_AFTER_WORKING_DAYS} working days |",
        f"| `accepted` | {call[Urgency.NORMAL]} working days or the service's own promise (urgent: at most "
        f"{call[Urgency.URGENT]}); given up after {transitions.ATTEMPTS_BEFORE_GIVING_UP} logged attempts |",
        f"| `in_contact` | {transitions.FEEDBACK_DAYS} calendar days |",
        f"| `completed` | can be reopened for {transitions.REOPEN_WITHIN_DAYS} days; the receiver reads it for "
        f"{transitions.VISIBLE_AFTER_COMPLETION_DAYS} days (without a file: neither, her name and number are gone) |",
        f"| `concept` | deleted when untouched for {transitions.DRAFT_KEPT_DAYS} days |",
    ]
