"""Why something could not be done, in the words of those who help."""

from __future__ import annotations

from services.web.rendering import msgid
from shared.problems import Problem

_TEXTS = {
    "already-answered": msgid("Det är redan löst: någon annan hann före, eller så behövs det inte längre. Tack ändå!"),
    "already-busy": msgid("Du har redan något annat vid den tiden."),
    "full": msgid("Nu är ni så många som behövs. Tack ändå!"),
    "too-late": msgid("Det är för sent att svara här. Ring biblioteket."),
    "not-active": msgid("Du är inte i gång som volontär än, eller gör paus. Ring biblioteket, så hjälper vi dig."),
    "over-budget": msgid("Dina timmar för i år räcker inte till det här. Ring biblioteket om du vill ge fler."),
    "register-note-missing": msgid(
        "Här träffar du barn. Då behöver biblioteket först se ditt utdrag ur belastningsregistret. Ring biblioteket."
    ),
    "pledge-missing": msgid("Läs reglerna och svara JA en gång till."),
    "not-possible-now": msgid("Det går inte just nu. Läs vad som gäller här nedanför, eller ring biblioteket."),
}


def refused(problem: Problem) -> str:
    """What a service's refusal means to whoever was refused.

    Raises:
        Problem: it is about something else than what they did.
    """
    text = _TEXTS.get(problem.document.type)
    if text is None:
        raise problem
    return text
