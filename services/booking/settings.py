from shared.settings import StoreSettings


class BookingSettings(StoreSettings):
    """What booking is told by its environment."""
