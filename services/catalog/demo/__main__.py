import asyncio
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.catalog.demo.seeding import seed
from shared import logs
from shared.db import Database


class DemoSettings(BaseSettings):
    """What the seeding needs of the catalog's environment."""

    model_config = SettingsConfigDict(env_prefix="PLATS_", frozen=True, extra="ignore")

    database: SecretStr
    timezone: ZoneInfo = ZoneInfo("Europe/Stockholm")


async def main() -> None:
    """Seed the catalog's database."""
    logs.setup("catalog")
    settings = DemoSettings()
    async with Database(settings.database.get_secret_value(), name="plats-catalog-demo") as database:
        added = await database.transact(lambda conn: seed(conn, settings.timezone))
    logs.get_logger().info("demo_seeded", sessions=added)


if __name__ == "__main__":
    asyncio.run(main())
