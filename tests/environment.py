"""Loaded by pytest before the settings are (`-p tests.environment`): these are tests, not production."""

import os

os.environ["MANTELZORG_ENV"] = "test"
