"""The portal's own settings, with four differences: another database, the floor's pages beside the portal's, no mail,
and sessions that outlive a long run.

The address of the server comes from the usual place (DATABASE_URL, or the embedded PostgreSQL); of that server only a
database of our own is written in, named by BENCH_DATABASE.
"""

import datetime
import os
import tempfile
from pathlib import Path

os.environ["MANTELZORG_ENV"] = "demo"
os.environ["MANTELZORG_DB"] = "postgres"  # exists on every server, so that nothing is made by asking for it

from mantelzorg.settings import *  # noqa: F403
from mantelzorg.settings import BASE_DIR, DATABASES, STORAGES, TEMPLATES

MAINTENANCE_DATABASE = DATABASES["default"]["NAME"]  # from where ours are made and dropped; nothing is written in it
DATABASES["default"]["NAME"] = os.environ.get("BENCH_DATABASE", MAINTENANCE_DATABASE)
DATABASES["default"]["CONN_MAX_AGE"] = None
for account, role in ((DATABASES["default"], "app"), (OWNER, "owner"), (BACKUP, "backup")):  # noqa: F405
    account["USER"] = f"mantelzorg_bench_{role}"
# the work of one request stays in one server process, so that all of it is seen
DATABASES["default"]["OPTIONS"]["options"] += " -c max_parallel_workers_per_gather=0"

ROOT_URLCONF = "benchmarks.urls"
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], BASE_DIR / "benchmarks" / "templates"]

SESSION_IDLE = SESSION_IN_ALL = datetime.timedelta(days=2)

STATIC_ROOT = BASE_DIR / "var" / "bench" / "static"
STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = Path(tempfile.gettempdir()) / "mantelzorg-bench-mail"
