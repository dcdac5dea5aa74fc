"""Edgegap's state: what was created can be read, changed, listed and deleted."""

from __future__ import annotations

import re

import pytest

from client import APP, TOKEN, VERSION, Client
from edgebind_mock import mask

STORAGE = {
    "name": "logs",
    "access_key_id": "id",
    "secret_access_key": "secret",
    "endpoint": "https://s3.example",
    "bucket": "b",
}
PROFILE = {"name": "maps", "source": "/maps", "source_type": "Folder", "destination": "/data"}
STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}")
V = "/v1/app/shooter/version"


@pytest.fixture
def app(mock: Client) -> Client:
    assert mock.edgegap("POST", "/v1/app", APP).status == 200
    return mock


def test_an_app_lives_and_dies(app: Client) -> None:
    made = app.edgegap("GET", "/v1/app/shooter").json
    assert made["image"] == "aGk=" and STAMP.fullmatch(made["create_time"])
    assert app.edgegap("POST", "/v1/app", APP).status == 409
    changed = app.edgegap("PATCH", "/v1/app/shooter", {"name": "my game", "is_active": False}).json
    assert changed["name"] == "my game" and changed["is_active"] is False
    assert changed["create_time"] == made["create_time"]
    assert changed["last_updated"] > made["last_updated"]
    assert app.edgegap("GET", "/v1/app/shooter").status == 404
    assert app.edgegap("GET", "/v1/app/my%20game").status == 200
    reply = app.edgegap("DELETE", "/v1/app/my%20game")
    assert (reply.status, reply.body) == (200, b"")
    assert "content-type" not in reply.headers
    assert app.edgegap("DELETE", "/v1/app/my%20game").status == 404


def test_an_app_cannot_take_anothers_name(app: Client) -> None:
    app.edgegap("POST", "/v1/app", APP | {"name": "other"})
    assert app.edgegap("PATCH", "/v1/app/other", {"name": "shooter"}).status == 409


def test_a_version_has_its_defaults_and_keeps_its_secrets_in_clear_text(app: Client) -> None:
    body = VERSION | {
        "private_username": "robot",
        "private_token": "p4ss",
        "ports": [{"port": 7777, "protocol": "UDP"}, {"port": 80, "protocol": "WS", "name": "ws"}],
        "envs": [{"key": "A", "value": "1"}, {"key": "B", "value": "2", "is_secret": True}],
    }
    made = app.edgegap("POST", V, body).json
    assert made["success"] is True
    version = made["version"]
    assert version == app.edgegap("GET", f"{V}/1.0.0").json
    assert version["private_token"] == "p4ss"
    assert version["max_duration"] == 1440 and version["restart_policy"] == "always"
    assert version["command"] is None and version["is_active"] is True
    assert [port["protocol"] for port in version["ports"]] == ["UDP", "Websocket"]
    assert [env["value"] for env in version["envs"]] == ["1", ""]
    assert app.edgegap("POST", V, body).status == 409
    assert app.edgegap("POST", "/v1/app/nobody/version", body).status == 404


def test_a_patch_changes_what_it_names_and_null_clears(app: Client) -> None:
    app.edgegap("POST", V, VERSION | {"command": "/run", "arguments": "-v", "max_duration": 30})
    patch = {"command": None, "max_duration": None, "docker_tag": "1.0.1"}
    version = app.edgegap("PATCH", f"{V}/1.0.0", patch).json["version"]
    assert version["command"] is None and version["max_duration"] is None
    assert version["arguments"] == "-v" and version["docker_tag"] == "1.0.1"
    assert app.edgegap("PATCH", f"{V}/1.0.0", {"name": "2"}).status == 200
    assert app.edgegap("GET", f"{V}/1.0.0").status == 404
    assert app.edgegap("GET", f"{V}/2").status == 200


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"req_memory": 1025}, 400),
        ({"verify_image": True}, 400),
        ({"verify_image": True, "private_username": "a", "private_token": "b"}, 200),
        ({"verify_image": True, "private_username": "a", "private_token": "b", "docker_tag": "missing"}, 424),
        ({"ports": [{"port": 0, "protocol": "UDP"}]}, 400),
        ({"ports": [{"port": 1, "protocol": "UDP"}, {"port": 1, "protocol": "TCP"}]}, 400),
    ],
)
def test_rules_beyond_the_schema(app: Client, more: dict[str, object], status: int) -> None:
    assert app.edgegap("POST", V, VERSION | more).status == status


def test_deleting_a_version_and_an_app(app: Client) -> None:
    app.edgegap("POST", V, VERSION)
    assert app.edgegap("DELETE", f"{V}/1.0.0").json["success"] is True
    assert app.edgegap("DELETE", f"{V}/1.0.0").status == 404
    app.edgegap("POST", V, VERSION)
    app.edgegap("DELETE", "/v1/app/shooter")
    app.edgegap("POST", "/v1/app", APP)
    assert app.edgegap("GET", "/v1/app/shooter/versions").json["total_count"] == 0


def test_lists_come_in_pages(app: Client) -> None:
    for n in range(23):
        app.edgegap("POST", V, VERSION | {"name": f"v{n}"})
    first = app.edgegap("GET", "/v1/app/shooter/versions").json
    assert [v["name"] for v in first["versions"]] == [f"v{n}" for n in range(10)]
    assert first["total_count"] == 23
    assert first["pagination"] == {
        "number": 1,
        "next_page_number": 2,
        "previous_page_number": None,
        "paginator": {"num_pages": 3},
        "has_next": True,
        "has_previous": False,
    }
    last = app.edgegap("GET", "/v1/app/shooter/versions?page=3").json
    assert len(last["versions"]) == 3
    assert last["pagination"]["next_page_number"] is None
    assert last["pagination"]["previous_page_number"] == 2
    sized = app.edgegap("GET", "/v1/app/shooter/versions?page=2&limit=20").json
    assert len(sized["versions"]) == 3 and not sized["pagination"]["has_next"]
    assert app.edgegap("GET", "/v1/app/shooter/versions?page=9").json["versions"] == []


def test_storage_never_shows_its_secret(mock: Client) -> None:
    made = mock.edgegap("POST", "/v1/storage/endpoint", STORAGE).json
    assert "secret_access_key" not in made and made["output_format"] == "TEXT"
    assert mock.edgegap("POST", "/v1/storage/endpoint", STORAGE).status == 400
    patch = {"output_format": "NDJSON", "secret_access_key": "new"}
    changed = mock.edgegap("PATCH", "/v1/storage/endpoint/logs", patch).json
    assert changed["output_format"] == "NDJSON" and "secret_access_key" not in changed
    assert mock.edgegap("GET", "/v1/storage/endpoint/logs").json == changed
    assert mock.edgegap("GET", "/v1/storage/endpoints").json["endpoints"] == [changed]
    reply = mock.edgegap("DELETE", "/v1/storage/endpoint/logs")
    assert (reply.status, reply.body) == (204, b"")
    assert mock.edgegap("GET", "/v1/storage/endpoint/logs").status == 404


@pytest.mark.parametrize(
    ("fields", "names"),
    [
        ("{endpoints{name,bucket},pagination{has_next}}", {"endpoints", "pagination"}),
        ("endpoints{name}", {"endpoints"}),
        ("{*}", {"endpoints", "pagination"}),
    ],
)
def test_a_field_mask_selects(mock: Client, fields: str, names: set[str]) -> None:
    mock.edgegap("POST", "/v1/storage/endpoint", STORAGE)
    found = mock.edgegap("GET", "/v1/storage/endpoints", None, ("X-Fields", fields)).json
    assert set(found) == names


@pytest.mark.parametrize("fields", ["{endpoints", "{a}}", "{a,,b}", "{}", "{a{}", "a b", "{a?}"])
def test_a_malformed_mask_is_400(mock: Client, fields: str) -> None:
    reply = mock.edgegap("GET", "/v1/storage/endpoints", None, ("X-Fields", fields))
    assert reply.status == 400
    assert reply.json["message"].startswith("Mask error")


def test_a_mask_goes_through_lists_and_asks_for_what_is_not_there() -> None:
    value = {"list": [{"a": 1, "b": 2}, {"a": 3}], "x": {"y": 1}, "z": 0}
    assert mask.apply(mask.parse("{list{b},no}"), value) == {"list": [{"b": 2}, {"b": None}], "no": None}
    assert mask.apply(mask.parse("x{y},*"), value) == {"x": {"y": 1}, "list": value["list"], "z": 0}


def test_pull_profiles_and_their_links(app: Client) -> None:
    app.edgegap("POST", V, VERSION)
    app.edgegap("POST", "/v1/storage/endpoint", STORAGE)
    base = "/v1/storage/endpoint/logs/pull-profile"
    made = app.edgegap("POST", base, PROFILE).json
    assert made["source_type"] == "Folder"
    assert app.edgegap("GET", f"{base}/maps").json == made
    assert app.edgegap("PATCH", f"{base}/maps", {"source": "/m2"}).json["source"] == "/m2"
    assert app.edgegap("PATCH", f"{base}/maps", {"source": "m2"}).status == 400
    assert app.edgegap("GET", f"{base}s?page=1&limit=5").json["total_count"] == 1
    link = f"{base}/maps/app/shooter/version/1.0.0"
    found = app.edgegap("PUT", link).json
    names = ("app", "app_version", "endpoint", "pull_profile")
    assert [found[name] for name in names] == ["shooter", "1.0.0", "logs", "maps"]
    assert app.edgegap("PUT", link).json["create_time"] == found["create_time"]
    assert app.edgegap("PUT", f"{base}/maps/app/shooter/version/9").status == 404
    assert app.edgegap("PATCH", f"{base}/maps", {"name": "m"}).status == 200
    renamed = link.replace("maps", "m")
    assert app.edgegap("DELETE", renamed).status == 204
    assert app.edgegap("DELETE", renamed).status == 404
    assert app.edgegap("DELETE", f"{base}/m").status == 204
    assert app.edgegap("DELETE", f"{base}/m").status == 404


def test_links_go_with_what_they_link(app: Client) -> None:
    app.edgegap("POST", V, VERSION)
    app.edgegap("POST", "/v1/storage/endpoint", STORAGE)
    app.edgegap("POST", "/v1/storage/endpoint/logs/pull-profile", PROFILE)
    link = "/v1/storage/endpoint/logs/pull-profile/maps/app/shooter/version/1.0.0"
    app.edgegap("PUT", link)
    app.edgegap("PATCH", f"{V}/1.0.0", {"name": "2"})
    app.edgegap("PATCH", "/v1/app/shooter", {"name": "game"})
    assert app.edgegap("DELETE", link.replace("shooter", "game").replace("1.0.0", "2")).status == 204
    app.edgegap("PATCH", "/v1/app/game", {"name": "shooter"})
    app.edgegap("PATCH", f"{V}/2", {"name": "1.0.0"})
    app.edgegap("PUT", link)
    app.edgegap("DELETE", f"{V}/1.0.0")
    app.edgegap("POST", V, VERSION)
    assert app.edgegap("DELETE", link).status == 404


def test_registry_tags(mock: Client) -> None:
    tags = "/v1/container-registry/images/shooter/tags"
    first = mock.edgegap("GET", f"{tags}?limit=5").json
    assert [item["tag"] for item in first["data"]] == [f"1.{n}.0" for n in range(5)]
    assert first["count"] == 13
    gone = mock.edgegap("DELETE", f"{tags}/latest").json
    assert gone["deleted_tag"] == "latest"
    assert gone["artifact"]["artifact_deleted"] is False
    assert gone["artifact"]["remaining_tags"] == ["1.11.0"]
    assert mock.edgegap("DELETE", f"{tags}/1.11.0").json["artifact"]["artifact_deleted"] is True
    assert mock.edgegap("DELETE", f"{tags}/1.11.0").status == 404


def test_an_image_name_may_hold_slashes(mock: Client) -> None:
    found = mock.edgegap("GET", "/v1/container-registry/images/tools/map%20builder/tags").json
    assert [item["tag"] for item in found["data"]] == ["0.9"]
    assert mock.edgegap("GET", "/v1/container-registry/images/studio/shooter/tags").status == 404
    encoded = mock.send("GET", "/v1/container-registry/images/tools%2Fmap%20builder/tags", TOKEN)
    assert encoded.status == 200
