import socket

from deploy.local.trouble import Trouble

HIGHEST = 32767
"""Above are the ports that the system gives to outgoing connections."""


class Ports:
    """Hands out free ports, each once: the wanted one, or the next that nobody uses."""

    def __init__(self, base: int) -> None:
        self._next = base

    def take(self, count: int = 1) -> list[int]:
        """So many free ports.

        Raises:
            Trouble: none is left.
        """
        found: list[int] = []
        while len(found) < count:
            if self._next > HIGHEST:
                raise Trouble("No free port was found. Choose another start with --port-base.")
            if is_free(self._next):
                found.append(self._next)
            self._next += 1
        return found

    def one(self) -> int:
        """A free port."""
        return self.take()[0]


def is_free(port: int) -> bool:
    """Whether nobody listens on a port of the loopback address."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
