"""Those who help and those who coordinate them: who they are to us, and the way to becoming one."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Coordinates:
    """What somebody coordinates: a partner's people, or without a partner a library's."""

    id: UUID
    partner_id: UUID | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Helper:
    """Who signed in with a code: somebody who helps, who coordinates, or both."""

    contact_ref: UUID
    volunteer_id: UUID | None
    coordinator: Coordinates | None
