from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """What other people send or receive: frozen, and deaf to fields it does not know, so that both can grow."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Strict(Model):
    """What a person or client asks of us: an unknown field is a mistake to name, not to swallow."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)
