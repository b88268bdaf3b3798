"""Production, with the mail texts of these tests as well: what the worker processes of the tests run with."""

from mantelzorg.settings import *  # noqa: F403
from mantelzorg.settings import TEMPLATES

TEMPLATES[0]["DIRS"].append(__file__.replace("worker_settings.py", "templates"))
