import socket

import pytest

from deploy.local.ports import HIGHEST, Ports, is_free
from deploy.local.trouble import Trouble


def listener() -> socket.socket:
    """Something that listens on a port that we may choose from."""
    with Ports(28000) as ports:
        port = ports.one()
    server = socket.create_server(("127.0.0.1", port))
    assert not is_free(port)
    return server


def test_a_busy_port_is_passed_over() -> None:
    with listener() as busy:
        port = busy.getsockname()[1]
        with Ports(port) as ports:
            assert port not in ports.take(3)


def test_two_copies_that_start_at_once_do_not_share_a_port() -> None:
    with Ports(28000) as one, Ports(28000) as other:
        assert not set(one.take(10)) & set(other.take(10))


def test_a_port_is_to_be_had_again_when_the_copy_that_had_it_is_gone() -> None:
    with Ports(28000) as ports:
        first = ports.one()
    with Ports(28000) as ports:
        assert ports.one() == first


def test_a_daemon_can_listen_on_the_port_it_was_given() -> None:
    with Ports(28000) as ports, socket.create_server(("127.0.0.1", ports.one())):
        pass


def test_ports_that_the_system_gives_away_are_not_used() -> None:
    with Ports(HIGHEST) as ports, pytest.raises(Trouble, match="--port-base"):
        ports.take(2)
