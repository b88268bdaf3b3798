"""How the web server runs, in production and in the demo alike: gunicorn --config mantelzorg/gunicorn.py

Synchronous workers: measured faster than ASGI for pages that are made from a few queries.
"""

import os

bind = os.environ.get("BIND", "0.0.0.0:8000")  # inside a container; the demo binds to this computer only
workers = int(os.environ.get("WEB_WORKERS", "2"))
wsgi_app = "mantelzorg.wsgi:application"
preload_app = True  # the code is loaded once and shared
raw_env = [f"STATEMENT_TIMEOUT={os.environ.get('STATEMENT_TIMEOUT', '15s')}"]  # no query may keep a worker for longer
timeout = 60  # the longest PDF takes less
graceful_timeout = 25  # under the 30 seconds after which a container is killed
max_requests = 5000  # a fresh process now and then, so that memory cannot creep up
max_requests_jitter = 500
control_socket_disable = True  # it would write in the home folder
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108 (a heartbeat file, not on a slow disk)
limit_request_line = 16_380  # a long text in an address is answered in Dutch, by us
limit_request_field_size = 16_380
errorlog = "-"
loglevel = os.environ.get("WEB_LOG_LEVEL", "info")


def when_ready(server) -> None:
    """Load the pages before the first visitor asks for one; the PDF library alone takes a second. The server's own logs
    hold addresses too: of a request that went wrong, and of every request when somebody turns that on.
    """
    from django.urls import get_resolver

    from mantelzorg.log_filter import HideSecrets

    for logger in (server.log.error_log, server.log.access_log):
        logger.addFilter(HideSecrets())
    get_resolver().url_patterns  # noqa: B018 (importing is the point)
