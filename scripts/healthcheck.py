"""Is the web server of this container well? For HEALTHCHECK in the Dockerfile: asks /gezond/ as the proxy would."""

import os
import sys
import urllib.error
import urllib.request

port = os.environ.get("BIND", "0.0.0.0:8000").rpartition(":")[2]
host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip()
request = urllib.request.Request(f"http://127.0.0.1:{port}/gezond/", headers={"Host": host})
try:
    with urllib.request.urlopen(request, timeout=5) as answer:
        sys.exit(0 if answer.status == 200 else 1)
except (urllib.error.URLError, OSError) as error:
    sys.exit(f"not well: {error}")
