from shared.settings import MessagingSettings, StaffSettings, StoreSettings


class VolunteersSettings(StoreSettings, StaffSettings, MessagingSettings):
    """What volunteers is told by its environment."""
