"""From a row of the outbox to a mail: templates/emails/<template>.subject.txt, .txt and, where it exists, .html."""

from email.mime.text import MIMEText
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template

from mantelzorg.calendar_file import NAME, calendar_file
from trail.models import OutboxMessage


def compose(message: OutboxMessage) -> EmailMultiAlternatives:
    """The mail of this row. Composed again it has the same Message-ID, so that a mail server can see a double."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    mail = EmailMultiAlternatives(
        subject=" ".join(_render(message, "subject.txt", escape=False).split()),
        body=_render(message, "txt", escape=False).strip() + "\n",
        to=[message.to],
        headers={"Message-ID": f"<{message.pk}@{host}>", "Auto-Submitted": "auto-generated"},
    )
    try:
        mail.attach_alternative(_render(message, "html", escape=True), "text/html")
    except TemplateDoesNotExist as error:
        if not str(error).endswith(f"{message.template}.html"):
            raise  # the html exists, and includes something that does not
    if appointment := message.context.get("calendar"):
        mail.attach(_calendar_part(message, appointment))
    return mail


def _calendar_part(message: OutboxMessage, appointment: dict) -> MIMEText:
    """The appointment that goes with it, for a calendar. It names the time and the portal, and nobody."""
    part = MIMEText(calendar_file(**appointment, stamp=message.created_at), "calendar", "utf-8")
    part.set_param("method", "CANCEL" if appointment["cancelled"] else "PUBLISH")
    part.add_header("Content-Disposition", "attachment", filename=NAME)
    return part


def _render(message: OutboxMessage, suffix: str, *, escape: bool) -> str:
    context = {**message.context, "site_name": settings.SITE_NAME, "public_url": settings.PUBLIC_URL}
    template = get_template(f"emails/{message.template}.{suffix}").template
    return template.render(Context(context, autoescape=escape))
