from services.booking.app import create_app
from services.booking.settings import BookingSettings
from shared.service import run

run("booking", BookingSettings, create_app)
