"""Working as the owner of the tables: to migrate, and to load what comes with a version. Nothing else ever does."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connections


@contextmanager
def as_owner() -> Iterator[None]:
    """The default connection is the owner's inside this block."""
    if not settings.OWNER:
        raise ImproperlyConfigured("Set OWNER_DATABASE_URL: only the owner of the tables may change them.")
    ours = connections["default"]
    wrapper = type(ours)({**ours.settings_dict, **settings.OWNER, "NAME": ours.settings_dict["NAME"]}, alias="default")
    connections["default"] = wrapper
    try:
        yield
    finally:
        wrapper.close()
        connections["default"] = ours
