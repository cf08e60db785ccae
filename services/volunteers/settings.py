from shared.settings import MessagingSettings, StaffSettings, StoreSettings
from shared.visitors import Networks, VisitorSettings


class VolunteersSettings(StoreSettings, StaffSettings, MessagingSettings, VisitorSettings):
    """What volunteers is told by its environment."""

    exempt_networks: Networks = ()
    """Where, besides loopback, no limits per network address apply: the library's own computers and wifi."""
