"""A message to somebody who helps as a mail."""

from collections.abc import Iterator

from services.notify.render.helping import HelperTelling
from services.notify.render.letters import Fact, Words


def helper_words(telling: HelperTelling) -> Words:
    """What the mail says."""
    return Words(
        language=telling.language,
        subject=_say(telling, f"mail.{telling.wording}.subject"),
        greeting=_say(telling, "mail.greeting"),
        lead=" ".join(_say(telling, key) for key in _lead(telling)),
        facts=list(_facts(telling)),
        closing=[_say(telling, key) for key in _closing(telling)],
        signature=_say(telling, "mail.signature"),
    )


def _say(telling: HelperTelling, key: str) -> str:
    occasion = telling.occasion
    named = {"title": occasion.title, "place": occasion.place(*_place(telling))} if occasion else {}
    return telling.fill(telling.words(key), **named, deadline=telling.until.full, given=telling.giving("long"))


def _place(telling: HelperTelling) -> tuple[str, ...]:
    return (telling.session.branch.name, telling.session.room) if telling.session else ()


def _lead(telling: HelperTelling) -> Iterator[str]:
    yield f"mail.{telling.wording}.lead"
    if telling.why:
        yield telling.why


def _facts(telling: HelperTelling) -> Iterator[Fact]:
    language, occasion = telling.language, telling.occasion
    if occasion:
        yield Fact(label=language.gettext("mail.when"), value=_say(telling, "mail.when.value"))
        yield Fact(label=language.gettext("mail.where"), value=occasion.where)
    if telling.topic:
        yield Fact(label=language.gettext("mail.topic"), value=telling.topic)
    if telling.help_language:
        yield Fact(label=language.gettext("mail.help_language"), value=telling.help_language)
    if telling.asks and telling.until.by:
        yield Fact(label=language.gettext("mail.answer_by"), value=telling.until.full)
    if telling.contact.code and (telling.asks or telling.binds or telling.template == "helper_sign_in"):
        yield Fact(label=language.gettext("mail.code"), value=telling.contact.code)


def _closing(telling: HelperTelling) -> Iterator[str]:
    address = ".address" if telling.public_url else ""
    if telling.asks:
        yield f"mail.can_you{address}"
    if telling.with_pledge:
        yield "mail.pledge"
    if telling.binds:
        yield f"mail.cannot_help{address}"
    if telling.not_needed:
        yield "thanks"
    if telling.occasion:
        yield "mail.questions"
    yield "mail.no_reply"
