from pydantic import SecretStr

from shared.settings import StaffSettings


class VolunteersSettings(StaffSettings):
    """What volunteers is told by its environment. It hears and tells no events yet."""

    database: SecretStr
