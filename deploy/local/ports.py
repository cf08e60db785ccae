import socket
from contextlib import ExitStack
from types import TracebackType
from typing import Self

from deploy.local.trouble import Trouble

LOWEST, HIGHEST = 1024, 32767
"""Below are ports for root alone, above those that the system gives to outgoing connections."""


class Ports:
    """Hands out free ports, each once: the wanted one, or the next that nobody uses.

    A port is spoken for until the block ends by holding the UDP port of the same number: two copies of Plats
    that start at once, or one that starts while a service of the other is just being restarted, do not meet.
    """

    def __init__(self, base: int) -> None:
        self._next = base
        self._claims = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._claims.close()

    def take(self, count: int = 1) -> list[int]:
        """So many free ports.

        Raises:
            Trouble: none is left.
        """
        found: list[int] = []
        while len(found) < count:
            if self._next > HIGHEST:
                raise Trouble("No free port was found. Choose a lower start with --port-base.")
            if self._claim(self._next):
                found.append(self._next)
            self._next += 1
        return found

    def one(self) -> int:
        """A free port."""
        return self.take()[0]

    def _claim(self, port: int) -> bool:
        claim = socket.socket(type=socket.SOCK_DGRAM)
        try:
            claim.bind(("127.0.0.1", port))
        except OSError:
            claim.close()
            return False
        self._claims.enter_context(claim)
        return is_free(port)


def is_free(port: int) -> bool:
    """Whether nobody listens on a port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
