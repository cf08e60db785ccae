from pydantic import SecretStr

from shared.settings import Url
from shared.visitors import VisitorSettings


class WebSettings(VisitorSettings):
    """The services whose data the pages show, and the key that signs web's calls to booking."""

    catalog_url: Url
    booking_url: Url
    key_booking: SecretStr
