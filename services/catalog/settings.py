from shared.settings import StaffSettings, StoreSettings


class CatalogSettings(StoreSettings, StaffSettings):
    """What the catalog is told by its environment."""
