from datetime import timedelta
from decimal import Decimal
from email.utils import parseaddr

from pydantic import Field, PositiveFloat, SecretStr, field_validator
from yarl import URL

from services.notify.domain import Policy
from shared.settings import MessagingSettings, StaffSettings, StoreSettings, Url

_LONGEST_CALL = 20.0
_LONGEST_QUESTION = 5.0


class NotifySettings(StoreSettings, StaffSettings, MessagingSettings):
    """What notify is told by its environment."""

    booking_url: Url
    key_booking: SecretStr
    volunteers_url: Url
    key_volunteers: SecretStr

    sms_url: Url
    """The root of the provider's API, like ``https://api.46elks.com/a1``."""
    sms_username: str
    sms_password: SecretStr
    sms_sender: str = Field(pattern=r"^\+[1-9][0-9]{6,14}$")
    """A number, not a name: names cannot be answered."""
    sms_webhook: SecretStr
    """Where the provider reaches notify, with the credentials it is to show: ``https://user:secret@host``."""

    sms_part_price: Decimal = Field(default=Decimal("0.50"), ge=0)
    """What a part costs, in kronor: for estimates before something is told to many."""

    smtp: SecretStr
    """``smtp://``, ``smtps://`` or ``smtp+starttls://``, with credentials if the server wants some."""
    mail_sender: str
    """As it stands in the From line: ``Biblioteket <plats@example.org>``."""

    public_url: Url = ""
    """Where visitors reach web, for mails; empty when that is not known."""

    lease: PositiveFloat = 600
    """Seconds in which a worker must have told what became of a message it took."""
    lookup_delay: PositiveFloat = 600
    """Seconds until a message of unknown fate is looked up: more than the provider's slowest acceptance."""

    @field_validator("sms_webhook")
    @classmethod
    def _with_credentials(cls, value: SecretStr) -> SecretStr:
        address = URL(value.get_secret_value())
        if not (address.user and address.password and address.host):
            raise ValueError("write it with credentials, like https://user:secret@host")
        return value

    @field_validator("smtp")
    @classmethod
    def _mail_server(cls, value: SecretStr) -> SecretStr:
        address = URL(value.get_secret_value())
        if address.scheme not in {"smtp", "smtps", "smtp+starttls"} or not address.host:
            raise ValueError("write it like smtp://host:25, smtps://host or smtp+starttls://user:secret@host")
        return value

    @field_validator("mail_sender")
    @classmethod
    def _address(cls, value: str) -> str:
        local, _, domain = parseaddr(value)[1].partition("@")
        if not (local and domain):
            raise ValueError("write it like Biblioteket <plats@example.org>")
        return value

    @property
    def policy(self) -> Policy:
        """When messages may go and how many, and how long an unknown one waits; until administrators decide."""
        return Policy(
            hours=self.hours,
            lookup_delay=timedelta(seconds=self.lookup_delay),
            sms_parts_a_day=self.sms_parts_a_day,
        )

    @property
    def call_limit(self) -> float:
        """Seconds a provider may take: the lease must outlive the call and what is written down after it."""
        return min(_LONGEST_CALL, self.lease / 2)

    @property
    def hand_over_needs(self) -> float:
        """Seconds that must be left of the lease when a provider is called: the call, and a quarter to write it down.

        Whoever has less lets it be: the lease could end, and somebody else send the same, before the call does.
        """
        return self.call_limit * 1.25

    @property
    def question_limit(self) -> float:
        """Seconds the owner of a contact may take to say how it is reached."""
        return min(_LONGEST_QUESTION, self.lease / 5)
