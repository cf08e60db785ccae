"""How web is set up in tests: what is not told is away."""

from services.web.settings import WebSettings
from tests.support.servers import free_port

KEY = "0c" * 32
"""As every web in tests: one key reads the cookies of another process."""


def web_settings(**told: object) -> WebSettings:
    """Web's settings; services, broker, database and identity provider are away unless told otherwise."""
    away = f"http://127.0.0.1:{free_port()}"
    usual = {
        "key": KEY,
        "catalog_url": away,
        "booking_url": away,
        "notify_url": away,
        "volunteers_url": away,
        "key_booking": KEY,
        "key_volunteers": KEY,
        "database": "postgresql://nobody@127.0.0.1:9/web",
        "broker": "amqp://nobody@127.0.0.1:9/",
        "identity_issuer": away,
        "identity_client_secret": "the pages' secret",
    }
    return WebSettings.model_validate(usual | told)
