"""What pages keep of costly work: once for each service and state of its database."""

from __future__ import annotations

from dataclasses import dataclass

from reminders.web.site import Site


@dataclass(frozen=True, eq=False)
class Asked:
    """A site that is equal to another of the same service, so that it can be a key."""

    site: Site

    def __hash__(self) -> int:
        """Hash by the service."""
        return id(self.site.service)

    def __eq__(self, other: object) -> bool:
        """Compare by the service."""
        return isinstance(other, Asked) and other.site.service is self.site.service
