from services.volunteers.app import create_app
from services.volunteers.settings import VolunteersSettings
from shared.service import run

run("volunteers", VolunteersSettings, create_app)
