"""What people do with each provider, from beginning to end, against a mock that remembers."""

from __future__ import annotations

import json
from typing import Any

import pytest

import spec
from harness import STS, Bench, same

ESA_APP = "app-880688675783794000"
SAE_APP = "0099b7be-5f5b-4512-a7fc-56049ef1f000"
SAE_EMPTY = "017f39b8-dfa4-4e16-a84b-1dcee4b10002"


def version(name: str, **more: Any) -> dict[str, Any]:
    return {
        "name": name,
        "docker_repository": "docker.io",
        "docker_image": "studio/shooter",
        "docker_tag": name,
        "req_cpu": 512,
        "req_memory": 1024,
    } | more


class TestEdgegap:
    APP = "my shooter/2 ü"  # has to be encoded

    def test_from_application_to_deletion(self, bench: Bench) -> None:
        app = {"app_name": self.APP}
        made = bench.ok("application-create", {"body": {"name": self.APP, "is_active": True, "image": "aGk="}})
        assert made.value["name"] == self.APP and made.value["is_telemetry_agent_active"] is False
        again = bench.call("application-create", {"body": {"name": self.APP, "is_active": True, "image": "aGk="}})
        assert (again.status, again.http_status, again.reason) == ("EB_API", 409, "server_said_no")

        env = [{"key": "SIZE", "value": "16"}, {"key": "KEY", "value": "hush", "is_hidden": True}]
        ports = [{"port": 7777, "protocol": "UDP", "name": "game"}, {"port": 8080, "protocol": "WS"}]
        body = version("1.0.0", ports=ports, envs=env, command="/bin/a", max_duration=60, force_cache=False)
        created = bench.ok("app-version-create", app | {"body": body}).value
        assert created["success"] is True
        stored = created["version"]
        assert [port["protocol"] for port in stored["ports"]] == ["UDP", "Websocket"]  # a value not in the document
        assert stored["envs"][1] == {"key": "KEY", "value": "", "is_hidden": True}
        assert stored["force_cache"] is False and stored["probe"] is None and stored["caching_percent"] == 0

        one = app | {"version_name": "1.0.0"}
        assert same(bench.ok("app-version-get", one).value, stored)
        for n in range(1, 23):
            bench.ok("app-version-create", app | {"body": version(f"1.{n}.0")}, client="maker")
        names = [f"1.{n}.0" for n in range(23)]
        bench.mock.clear_journal()
        listed = bench.ok("app-version-list", app, walk=100)
        assert [item["name"] for item in listed["items"]] == names
        assert [entry["target"].partition("?")[2] for entry in bench.mock.journal()] == ["", "page=2", "page=3"]

        self.change(bench, one)
        bench.ok("app-version-update", one | {"body": {"name": "2.0.0"}})
        gone = bench.call("app-version-get", one)
        assert (gone.status, gone.http_status) == ("EB_API", 404)
        one["version_name"] = "2.0.0"
        self.link(bench, one)
        deleted = bench.ok("app-version-delete", one).value
        assert deleted["success"] is True and "2.0.0" in deleted["message"]
        bench.ok("application-update", app | {"body": {"name": "renamed", "is_active": False}})
        left = bench.ok("app-version-list", {"app_name": "renamed", "page": 3, "limit": 10}).value
        assert left["total_count"] == 22 and len(left["versions"]) == 2
        assert left["pagination"]["next_page_number"] is None
        done = bench.ok("application-delete", {"app_name": "renamed"})
        assert done.body == "" and done.get("value") is None
        assert bench.ok("application-list", walk=10)["items"] == []

    @staticmethod
    def change(bench: Bench, one: dict[str, Any]) -> None:
        """Absent stays, null clears, a value replaces."""

        def read() -> dict[str, Any]:
            value: dict[str, Any] = bench.ok("app-version-get", one).value
            return {name: value[name] for name in ("command", "arguments", "max_duration", "ports")}

        before = read()
        bench.ok("app-version-update", one | {"body": {"arguments": "--fast"}})
        assert read() == before | {"arguments": "--fast"}
        bench.ok("app-version-update", one | {"body": {"command": None, "max_duration": None}})
        assert read() == before | {"arguments": "--fast", "command": None, "max_duration": None}
        bench.ok("app-version-update", one | {"body": {"max_duration": 0, "ports": [], "arguments": ""}})
        assert read() == {"command": None, "arguments": "", "max_duration": 0, "ports": []}

    @staticmethod
    def link(bench: Bench, one: dict[str, Any]) -> None:
        storage = spec.body_example("endpoint-create")
        made = bench.ok("endpoint-create", {"body": storage}).value
        assert "secret_access_key" not in made and made["output_format"] == "NDJSON"
        place = {"endpoint_name": storage["name"]}
        profile = spec.body_example("pull-profile-create")
        assert bench.ok("pull-profile-create", place | {"body": profile}).value["source_type"] == "Folder"
        one = one | place | {"pull_profile_name": profile["name"]}
        link = bench.ok("pull-profile-link-app-version", one).value
        assert (link["app"], link["app_version"]) == (one["app_name"], one["version_name"])
        bench.ok("pull-profile-link-app-version", one)  # a PUT may be repeated
        maps = place | {"pull_profile_name": "maps"}
        changed = bench.ok("pull-profile-update", maps | {"body": {"source_type": "File"}})
        assert changed.value["source_type"] == "File" and changed.value["source"] == profile["source"]
        listed = bench.ok("pull-profile-list", place, walk=10)["items"]
        assert [item["name"] for item in listed] == ["maps"]
        unlinked = bench.ok("pull-profile-unlink-app-version", one)
        assert unlinked.http_status == 204 and unlinked.get("value") is None
        assert bench.call("pull-profile-unlink-app-version", one).http_status == 404
        bench.ok("pull-profile-delete", maps)
        bench.ok("endpoint-delete", place)
        assert bench.ok("endpoints-list").value["endpoints"] == []

    def test_images_and_tags(self, bench: Bench) -> None:
        image = {"image_name": "tools/map builder"}
        tags = bench.ok("registry-image-tag-list", image).value
        assert [tag["tag"] for tag in tags["data"]] == ["0.9"] and tags["data"][0]["artifact"]["size_mb"] == 118.25
        deleted = bench.ok("registry-image-tag-delete", image | {"tag_name": "0.9"}).value
        assert deleted["deleted_tag"] == "0.9" and deleted["artifact"]["artifact_deleted"] is True
        one, two = bench.mock.journal()
        assert one["target"] == "/v1/container-registry/images/tools/map%20builder/tags"
        assert two["target"] == "/v1/container-registry/images/tools/map%20builder/tags/0.9"
        shared = bench.ok("registry-image-tag-delete", {"image_name": "shooter", "tag_name": "latest"}).value
        assert shared["artifact"]["remaining_tags"] == ["1.11.0"]

    def test_image_that_cannot_be_pulled(self, bench: Bench) -> None:
        bench.ok("application-create", {"body": {"name": "a", "is_active": True, "image": ""}})
        login = {"verify_image": True, "private_username": "robot$a+b", "private_token": "example-registry-password"}
        answer = bench.call("app-version-create", {"app_name": "a", "body": version("missing", **login)})
        assert (answer.status, answer.http_status, answer.reason) == ("EB_API", 424, "server_said_no"), answer
        made = bench.ok("app-version-create", {"app_name": "a", "body": version("1.0", **login)})
        assert made.value["version"]["private_token"] == "example-registry-password"
        assert made.value["version"]["private_username"] == "robot$a+b"


class TestEsa:
    def test_version_of_a_container_application(self, bench: Bench) -> None:
        body = spec.body_example("CreateEdgeContainerAppVersion")
        made = bench.ok("CreateEdgeContainerAppVersion", {"body": body})
        assert made.value["VersionId"].startswith("ver-") and made.request_id == made.value["RequestId"]
        taken = bench.call("CreateEdgeContainerAppVersion", {"body": body})
        assert (taken.status, taken.http_status, taken.code) == ("EB_API", 400, "NameAlreadyExists")
        other = bench.call("CreateEdgeContainerAppVersion", {"body": body | {"AppId": "app-000000000000000000"}})
        assert (other.http_status, other.code) == (404, "InvalidApp.NotFound")
        search = {"SearchKey": ESA_APP, "SearchType": "AppId"}
        apps = bench.ok("ListEdgeContainerApps", search, walk=10)["items"]
        assert [(app["AppId"], app["VersionCount"]) for app in apps] == [(ESA_APP, 1)]

    def test_containers_are_json_text_in_one_field(self, bench: Bench) -> None:
        body = spec.body_example("CreateEdgeContainerAppVersion") | {"Name": "ünïcode & 100% +"}
        bench.ok("CreateEdgeContainerAppVersion", {"body": body})
        entry = bench.mock.journal()[0]
        assert "Name=%C3%BCn%C3%AFcode%20%26%20100%25%20%2B" in entry["body"]
        assert '"' not in entry["body"] and "+" not in entry["body"]


@pytest.mark.parametrize("credentials", [{}, STS], ids=["key", "sts"])
def test_dcdn_from_code_to_publication(bench: Bench, credentials: dict[str, Any]) -> None:
    name = {"Name": "shop-routine"}
    code = "export default { fetch() { return new Response('hello') } }\n"
    ticket = bench.ok(
        "UploadRoutineCode",
        {"body": name | {"CodeDescription": "first \u2713"}},
        upload={"data": code, "filename": "routine.js", "content_type": "text/javascript"},
        options=credentials,
    )
    revision = {"SelectCodeRevision": ticket.value["Content"]["CodeRevision"]}
    assert ticket.ticket_request_id == ticket.value["RequestId"] != ticket.request_id
    upload = bench.mock.journal("PostObject")[0]["form"][-1]
    assert (upload["name"], upload["size"]) == ("file", len(code))
    published: list[Any] = [["production", "presetCanaryZhejiang"], {"staging": {}}]
    for envs in published:
        done = bench.ok("PublishRoutineCodeRevision", {"body": name | revision | {"Envs": envs}}, options=credentials)
        assert done.value["Content"]["CodeRevision"] == revision["SelectCodeRevision"]
    bench.ok("DeleteRoutineCodeRevision", {"body": name | revision}, options=credentials)
    gone = bench.call("DeleteRoutineCodeRevision", {"body": name | revision}, options=credentials)
    assert (gone.status, gone.code) == ("EB_API", "EdgeRoutine.GeneralError")


def test_dcdn_revision_without_code_cannot_be_published(bench: Bench) -> None:
    made = bench.ok("UploadRoutineCode", {"body": {"Name": "r", "CodeDescription": ""}})
    body = {"Name": "r", "SelectCodeRevision": made.value["Content"]["CodeRevision"], "Envs": ["production"]}
    answer = bench.call("PublishRoutineCodeRevision", {"body": body})
    assert (answer.status, answer.code) == ("EB_API", "EdgeRoutine.GeneralError") and "uploaded" in answer.message


def test_dcdn_eleventh_revision_is_refused_before_an_upload(bench: Bench) -> None:
    body = {"Name": "full", "CodeDescription": "x"}
    for _ in range(10):
        bench.ok("UploadRoutineCode", {"body": body}, client="full")
    answer = bench.call("UploadRoutineCode", {"body": body}, upload={"data": "x"})
    assert (answer.status, answer.http_status, answer.code) == ("EB_API", 400, "EdgeRoutine.GeneralError")
    assert bench.mock.journal("PostObject") == []


def test_sae_versions(bench: Bench) -> None:
    found = bench.ok("ListAppVersions", {"AppId": SAE_APP}).value
    assert [one["Type"] for one in found["Data"]] == ["image", "url", "image"] and found["Success"] is True
    assert bench.ok("ListAppVersions", {"AppId": SAE_EMPTY}).value["Data"] == []
    answer = bench.call("ListAppVersions", {"AppId": "none"})
    assert (answer.status, answer.http_status, answer.code) == ("EB_API", 400, "InvalidApplication.NotFound")


def test_free_json_goes_out_as_it_came(bench: Bench) -> None:
    text = '{"a": [1,2.50, 9223372036854775808,  "\\u00fc"],"b":{}}'
    params = '{"body":{"Name":"r","SelectCodeRevision":"1","Envs":' + text + "}}"
    bench.mock.example("PublishRoutineCodeRevision")
    bench.ok("PublishRoutineCodeRevision", params)
    from urllib.parse import parse_qs

    sent = parse_qs(bench.mock.journal()[0]["body"])["Envs"][0]
    assert sent == text and json.loads(sent)
