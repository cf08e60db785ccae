from services.catalog.school_holidays import Municipality
from shared.settings import MessagingSettings, StaffSettings, StoreSettings, Url


class CatalogSettings(StoreSettings, StaffSettings, MessagingSettings):
    """What the catalog is told by its environment."""

    municipality: Municipality = "stockholm"
    """Whose school holidays series may leave out."""
    public_url: Url = ""
    """Where visitors reach the pages, for calendars to name them; empty names none."""
