from copy import deepcopy
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parent / "templates"


@pytest.fixture
def mail_texts(settings):
    """The texts in tests/trail/templates/emails/, beside the real ones."""
    changed = deepcopy(settings.TEMPLATES)
    changed[0]["DIRS"] = [*changed[0]["DIRS"], TEMPLATES]
    changed[0]["OPTIONS"]["libraries"] = {"broken_tags": "tests.trail.broken_tags"}
    settings.TEMPLATES = changed
