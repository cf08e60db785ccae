from pydantic import SecretStr

from shared.settings import Settings, Url


class WebSettings(Settings):
    """The services whose data the pages show, and the keys that sign web's calls to them."""

    catalog_url: Url
    booking_url: Url
    key_catalog: SecretStr
    key_booking: SecretStr
