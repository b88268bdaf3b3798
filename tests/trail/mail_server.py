"""A mail server on this computer, just large enough for smtplib: it keeps what it gets, slowly if asked to."""

import email
import socketserver
import threading
import time
from email.message import EmailMessage


class MailServer:
    def __init__(self, *, seconds_per_mail: float = 0, refuses: bool = False):
        self.seconds_per_mail = seconds_per_mail
        self.refuses = refuses
        self.mails: list[EmailMessage] = []
        self.busy = threading.Event()  # a mail is being taken in

    def __enter__(self) -> "MailServer":
        mail_server = self

        class Conversation(socketserver.StreamRequestHandler):
            def handle(self):
                mail_server.talk(self)

        socketserver.ThreadingTCPServer.daemon_threads = True
        self.listener = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation)
        self.port = self.listener.server_address[1]
        threading.Thread(target=self.listener.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.shutdown()
        self.listener.server_close()

    def talk(self, conversation) -> None:
        def say(text: str) -> None:
            conversation.wfile.write(f"{text}\r\n".encode())

        try:
            say("220 ready")
            while line := conversation.rfile.readline().strip().upper():
                if line.startswith(b"RCPT") and self.refuses:
                    say("550 no such mailbox")
                elif line.startswith(b"DATA"):
                    say("354 go on")
                    self.take_in(conversation.rfile)
                    say("250 kept")
                elif line.startswith(b"QUIT"):
                    return say("221 bye")
                else:
                    say("250 ok")
        except (BrokenPipeError, ConnectionResetError):
            pass  # the sender was killed

    def take_in(self, lines) -> None:
        self.busy.set()
        body = b""
        while (line := lines.readline()) != b".\r\n":
            if not line:
                raise ConnectionResetError  # the sender was killed half-way: this is no mail
            body += line
        time.sleep(self.seconds_per_mail)
        self.mails.append(email.message_from_bytes(body, _class=EmailMessage))
        self.busy.clear()

    @property
    def message_ids(self) -> list[str]:
        return [mail["Message-ID"] for mail in self.mails]
