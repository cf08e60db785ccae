"""What volunteers tells those who help, and those who coordinate them, of themselves."""

from __future__ import annotations

from shared.models import Model


class Me(Model):
    """Whoever is signed in with a code."""

    name: str
    role: str = "volunteer"

    @property
    def volunteer(self) -> bool:
        """Whether they help themselves."""
        return self.role == "volunteer"

    @property
    def coordinator(self) -> bool:
        """Whether they coordinate others."""
        return self.role == "coordinator"
