"""How often one address may ask."""

from types import SimpleNamespace

import pytest
from django.core.cache import cache

from mantelzorg import rate_limit
from mantelzorg.rate_limit import is_too_often


@pytest.fixture(autouse=True)
def one_minute(db, monkeypatch):
    cache.clear()
    monkeypatch.setattr(rate_limit, "time", SimpleNamespace(time=lambda: 600.0))


def ask(rf, address: str, per_minute: int = 2) -> bool:
    return is_too_often(rf.get("/", REMOTE_ADDR=address), what="test", per_minute=per_minute)


def test_an_address_waits_when_it_has_asked_often_enough(rf):
    assert [ask(rf, "192.0.2.1") for _ in range(3)] == [False, False, True]
    assert not ask(rf, "192.0.2.2")


def test_the_addresses_of_one_ipv6_network_count_as_one(rf):
    asked = [ask(rf, f"2001:db8:0:1::{number}") for number in range(1, 4)]
    assert asked == [False, False, True]
    assert not ask(rf, "2001:db8:0:2::1")


def test_however_many_addresses_ask_the_cache_stays_small(rf, monkeypatch):
    monkeypatch.setattr(rate_limit, "BUCKETS", 4)
    kept = set()
    add = cache.add
    monkeypatch.setattr(cache, "add", lambda key, *args, **kwargs: kept.add(key) or add(key, *args, **kwargs))
    for number in range(40):
        ask(rf, f"198.51.100.{number}")
    assert len(kept) <= 4


def test_nobody_may_ask_when_none_is_allowed(rf):
    assert ask(rf, "192.0.2.3", per_minute=0)
