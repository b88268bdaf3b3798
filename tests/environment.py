"""Loaded by pytest before the settings are (`-p tests.environment`): these are tests, not production."""

import os

os.environ["MANTELZORG_ENV"] = "test"
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # Playwright keeps a loop running in the thread of the tests
