"""What the outside world can be told to do wrong, a number of times, for one recipient or for anybody."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, NonNegativeFloat, PositiveInt, model_validator


@dataclass(frozen=True)
class SmsScript:
    """How one request to send an SMS goes."""

    accepts: Literal["at once", "late", "never"] = "at once"
    answer: Literal[
        "created", "error", "busy", "away", "elsewhere", "garbage", "no id", "drip", "endless", "silence", "cut"
    ] = "created"
    receipt: Literal["at once", "late", "never"] = "at once"


SMS_AS_USUAL = SmsScript()
SMS_SCRIPTS = {
    "500-before": SmsScript(accepts="never", answer="error"),
    "500-after": SmsScript(answer="error"),
    "timeout-before": SmsScript(accepts="never", answer="silence"),
    "accept-then-hang": SmsScript(answer="silence"),
    "late-accept": SmsScript(accepts="late"),
    "429": SmsScript(accepts="never", answer="busy"),
    "503": SmsScript(accepts="never", answer="away"),
    "redirect": SmsScript(accepts="never", answer="elsewhere"),
    "refuse": SmsScript(accepts="never", answer="cut"),
    "garbage": SmsScript(answer="garbage"),
    "no-id": SmsScript(answer="no id"),
    "drip": SmsScript(answer="drip"),
    "endless": SmsScript(answer="endless"),
    "no-receipt": SmsScript(receipt="never"),
    "late-receipt": SmsScript(receipt="late"),
}


@dataclass(frozen=True)
class SmtpScript:
    """What is said instead of the usual, and whether the connection is cut."""

    stage: Literal["recipient", "dot"] = "recipient"
    status: str = ""
    cuts: bool = False


SMTP_SCRIPTS = {
    "refuse": SmtpScript(cuts=True),
    "smtp-421": SmtpScript(status="421 4.3.2 Closing, try again later", cuts=True),
    "smtp-450": SmtpScript(status="450 4.2.1 Mailbox busy, try again later"),
    "smtp-550": SmtpScript(status="550 5.1.1 No such mailbox"),
    "smtp-552": SmtpScript(stage="dot", status="552 5.3.4 Too big for this mailbox"),
    "drop-after-dot": SmtpScript(stage="dot", cuts=True),
}

_BEHAVIOURS: dict[str, Collection[str]] = {"sms": SMS_SCRIPTS, "smtp": SMTP_SCRIPTS}


class Fault(BaseModel):
    """One line of the script.

    `seconds` is how long a silence or a dripping answer lasts, how late a late thing comes, and how long a busy
    or absent provider asks to wait.
    """

    model_config = ConfigDict(extra="forbid")

    kind: Literal["sms", "smtp"]
    behaviour: str
    to: str | None = None
    times: PositiveInt = 1
    seconds: NonNegativeFloat = 30

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.behaviour not in _BEHAVIOURS[self.kind]:
            raise ValueError(f"{self.kind} can be {', '.join(_BEHAVIOURS[self.kind])}")
        return self


class Faults:
    """The script, in the order in which it was written; kept in memory, so a restart forgets it."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Write one more line."""
        self._waiting.append(fault)

    def clear(self) -> None:
        """Tear it up."""
        self._waiting.clear()

    def take_sms(self, to: str) -> tuple[SmsScript, float]:
        """How the request to send to this number goes, and its seconds."""
        fault = self._take(lambda fault: fault.kind == "sms" and fault.to in {None, to})
        return (SMS_SCRIPTS[fault.behaviour], fault.seconds) if fault else (SMS_AS_USUAL, 0)

    def take_smtp(self, stage: Literal["recipient", "dot"], recipients: Collection[str]) -> SmtpScript | None:
        """What goes wrong at this stage of a mail, if anything."""
        fault = self._take(
            lambda fault: (
                fault.kind == "smtp"
                and SMTP_SCRIPTS[fault.behaviour].stage == stage
                and (fault.to is None or fault.to in recipients)
            ),
        )
        return SMTP_SCRIPTS[fault.behaviour] if fault else None

    def _take(self, matches: Callable[[Fault], bool]) -> Fault | None:
        fault = next(filter(matches, self._waiting), None)
        if fault:
            fault.times -= 1
            if not fault.times:
                self._waiting.remove(fault)
        return fault
