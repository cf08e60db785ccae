"""Access tokens from the local identity provider, for `plats token`, the demo data and tests."""

from http import HTTPStatus
from urllib.parse import quote_plus

import aiohttp
from pydantic import BaseModel, ValidationError
from yarl import URL

_CLIENT = "plats-cli"
_TIMEOUT = aiohttp.ClientTimeout(total=10)


class TokenError(Exception):
    """No token was given; the message says to a person what to do."""


class _Discovery(BaseModel):
    token_endpoint: str


class _Token(BaseModel):
    access_token: str


class _Refusal(BaseModel):
    error: str
    error_description: str = ""


async def access_token(issuer: str, secret: str, role: str, branches: list[str]) -> str:
    """Get an access token that the running services accept for 12 hours.

    Args:
        issuer: The provider's address.
        secret: What the provider was started with as its token secret.
        role: ``staff``, ``admin`` or ``coordinator``.
        branches: Slugs of the branches; an administrator's token carries none.

    Raises:
        TokenError: The provider is away, is something else, or refuses.
    """
    form = [("grant_type", "client_credentials"), ("role", role), *(("branch", slug) for slug in branches)]
    try:
        async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
            found = await session.get(URL(issuer) / ".well-known/openid-configuration")
            endpoint = _Discovery.model_validate_json(await found.read()).token_endpoint
            credentials = {"Authorization": aiohttp.encode_basic_auth(_CLIENT, quote_plus(secret))}
            answer = await session.post(endpoint, data=form, headers=credentials)
            return _token_in(answer.status, await answer.read())
    except (aiohttp.ClientError, TimeoutError) as error:
        raise TokenError(f"The identity provider at {issuer} does not answer. Is Plats running?") from error
    except ValidationError as error:
        raise TokenError(f"What answers at {issuer} is not Plats' identity provider.") from error


def _token_in(status: int, body: bytes) -> str:
    if status == HTTPStatus.OK:
        return _Token.model_validate_json(body).access_token
    refusal = _Refusal.model_validate_json(body)
    raise TokenError(f"The identity provider refuses: {refusal.error_description or refusal.error}.")
