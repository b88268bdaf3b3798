"""Bringing in a file, as the pages do it: handed in, read by the worker, agreed to."""

import json

import pytest

from sociale_kaart.exchange import actions, jobs
from sociale_kaart.models import Import, ImportRow


class Desk:
    def __init__(self, by):
        self.by = by

    def bring(self, content, name="bestand.csv", **kwargs) -> Import:
        if isinstance(content, (dict, list)):
            content = json.dumps(content)
        if isinstance(content, str):
            content = content.encode()
        job = actions.start_import(by=self.by, file_name=name, content=content, **kwargs)
        jobs.work()
        job.refresh_from_db()
        return job

    def agree(self, job) -> Import:
        actions.confirm_import(job=job, by=self.by)
        jobs.work()
        job.refresh_from_db()
        return job

    def undo(self, job) -> Import:
        actions.undo_import(job=job, by=self.by)
        jobs.work()
        job.refresh_from_db()
        return job

    def take_in(self, content, **kwargs) -> Import:
        return self.agree(self.bring(content, **kwargs))


def counts(job) -> tuple[int, int, int, int, int]:
    return job.new, job.changed, job.same, job.wrong, job.foreign


def reasons(job) -> list[str]:
    return [reason for row in ImportRow.objects.filter(job=job) for reason in row.reasons]


@pytest.fixture
def desk(functional_admin):
    return Desk(functional_admin)


@pytest.fixture
def her_desk(consulent):
    return Desk(consulent)
