"""The built-in programmes as data."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reminders.errors import NotFoundError
from reminders.programmes import built_in_contacts, built_in_keys, built_in_text


def test_every_built_in_programme_has_its_data() -> None:
    """Each key has a programme of that key and example contacts."""
    assert built_in_keys() == ("helsinki-2017-2021", "vaasa-2023-2026")
    for key in built_in_keys():
        assert f"\n  key: {key}\n" in built_in_text(key)
        assert built_in_contacts(key).endswith("\n")


@pytest.mark.parametrize("read", [built_in_text, built_in_contacts])
@pytest.mark.parametrize("key", ["vaasa", "../errors", "vaasa-2023-2026.contacts"])
def test_an_unknown_programme_is_named(read: Callable[[str], str], key: str) -> None:
    """Only the keys that exist lead to a file."""
    with pytest.raises(NotFoundError) as raised:
        read(key)
    assert (
        str(raised.value)
        == f'There is no built-in programme "{key}"; there is: helsinki-2017-2021, vaasa-2023-2026'
    )
