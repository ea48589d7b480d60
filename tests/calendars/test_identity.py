from uuid import UUID

from calendars.event import uid


def test_golden_uids():
    """These UIDs stand in calendars that people have subscribed to: they never change."""
    assert {seed: uid("event", seed) for seed in ("vaasa:cafe:event:month", "åäö")} == {
        "vaasa:cafe:event:month": "650e6849-c7ab-5347-b245-348aec84ab2d",
        "åäö": "5b301d81-0900-578e-b801-bb3605ca7797",
    }


def test_kinds_differ():
    """A review and a milestone of the same seed are two entries."""
    assert len({uid(kind, "same") for kind in ("milestone", "review", "collection", "event")}) == 4


def test_version():
    """A UID is a UUID of version 5, RFC 4122."""
    assert UUID(uid("event", "x")).version == 5
