"""A small OpenID provider for tests: real discovery, real keys, real signatures, any claims one asks for."""

import json
import time

import jwt
from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import rsa


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


_KEY = _new_key()


class Issuer:
    """Signs access tokens that services accept when they trust this issuer."""

    def __init__(self) -> None:
        self.url = ""
        self._key = _KEY
        self._kid = "test"

    def rotate(self) -> None:
        """Sign with a new key from now on; the one before is published no longer."""
        self._key, self._kid = _new_key(), "another"

    def token(self, role: str | None, *branches: str, **claims: object) -> str:
        """An access token of a member of staff; ``claims`` replace or add."""
        now = int(time.time())
        body = {
            "iss": self.url,
            "aud": "plats",
            "sub": "test-person",
            "iat": now,
            "exp": now + 600,
            "plats_role": role,
            "plats_branches": list(branches),
        }
        return jwt.encode(body | claims, self._key, algorithm="RS256", headers={"kid": self._kid})

    def headers(self, role: str | None, *branches: str, **claims: object) -> dict[str, str]:
        """The Authorization header with such a token."""
        return {"Authorization": f"Bearer {self.token(role, *branches, **claims)}"}

    def app(self) -> web.Application:
        """The provider's public face."""
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._configuration)
        app.router.add_get("/jwks", self._keys)
        return app

    async def _configuration(self, _: web.Request) -> web.Response:
        return web.json_response({"issuer": self.url, "jwks_uri": f"{self.url}/jwks"})

    async def _keys(self, _: web.Request) -> web.Response:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        return web.json_response({"keys": [public | {"kid": self._kid, "use": "sig", "alg": "RS256"}]})
