"""The settings of the benchmarks, with mail that goes out by SMTP and connections that are kept as in production."""

import os

from benchmarks.settings import *  # noqa: F403
from benchmarks.settings import DATABASES

DATABASES["default"]["CONN_MAX_AGE"] = 60
ROOT_URLCONF = "mantelzorg.urls"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ.get("EMAIL_PORT", "25"))
