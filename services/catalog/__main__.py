from services.catalog.app import create_app
from services.catalog.settings import CatalogSettings
from shared.service import run

run("catalog", CatalogSettings, create_app)
