import json
import stat
from dataclasses import asdict
from pathlib import Path

import pytest

from deploy.local import installation
from deploy.local.installation import Keys, database, held, running, virtual_host, write_run
from deploy.local.trouble import Trouble


@pytest.mark.parametrize(
    ("admin", "wanted"),
    [
        ("postgresql://plats:x@127.0.0.1:5432/postgres", "postgresql://plats:x@127.0.0.1:5432/plats_booking"),
        ("postgresql://plats:x@127.0.0.1", "postgresql://plats:x@127.0.0.1/plats_booking"),
        ("postgresql://db/test?sslmode=require", "postgresql://db/test_booking?sslmode=require"),
        ("postgresql:///postgres?host=/run/pg", "postgresql:///plats_booking?host=/run/pg"),
    ],
)
def test_a_service_s_database_is_named_after_the_given_one(admin: str, wanted: str) -> None:
    assert database(admin, "booking") == wanted


@pytest.mark.parametrize(
    ("broker", "vhost"),
    [
        ("amqp://a:b@host:5672", "/"),
        ("amqp://a:b@host:5672/", "/"),
        ("amqp://a:b@host:5672/%2F", "/"),
        ("amqp://a:b@host:5672/plats", "plats"),
        ("amqp://a:b@host:5672/a%2Fb", "a/b"),
    ],
)
def test_the_virtual_host_in_a_broker_s_address(broker: str, vhost: str) -> None:
    assert virtual_host(broker) == vhost


def test_keys_are_made_once_for_the_owner_alone(tmp_path: Path) -> None:
    keys = Keys.of(tmp_path)
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600
    assert Keys.of(tmp_path) == keys
    assert len(set(asdict(keys).values())) == len(asdict(keys))


def test_a_key_that_a_newer_plats_needs_joins_the_old_ones(tmp_path: Path) -> None:
    old = asdict(Keys.of(tmp_path))
    del old["identity"]
    (tmp_path / "keys.json").write_text(json.dumps(old))
    new = asdict(Keys.of(tmp_path))
    assert new.items() >= old.items()
    assert new == asdict(Keys.of(tmp_path))
    assert new["identity"]


def test_who_reads_run_json_while_it_is_written_sees_the_old_one(tmp_path: Path) -> None:
    write_run(tmp_path, {"web": "old"})
    with (tmp_path / "run.json").open() as reader:
        write_run(tmp_path, {"web": "new"})
        assert json.load(reader) == {"web": "old"}
    assert json.loads((tmp_path / "run.json").read_text()) == {"web": "new"}
    assert stat.S_IMODE((tmp_path / "run.json").stat().st_mode) == 0o600


def test_what_a_killed_plats_wrote_is_not_believed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with held(data):
        write_run(data, {"web": "http://127.0.0.1:1"})
        assert running(data)["web"] == "http://127.0.0.1:1"
        left = (data / "run.json").read_text()
    (data / "run.json").write_text(left)
    with pytest.raises(Trouble, match="Nothing runs"):
        running(data)


def test_a_folder_has_one_plats_and_is_its_owner_s_alone(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with held(data):
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        with pytest.raises(Trouble, match="already runs"), held(data):
            pass
    assert not (data / "run.json").exists()


def test_the_usual_place_is_in_the_checkout() -> None:
    assert installation.USUAL.parent.joinpath("plats").is_file()
