"""ESA, DCDN and SAE: the state behind the gateway."""

from __future__ import annotations

import json
from typing import Any

import pytest

from client import CONTAINER, ESA_APP, SAE_APP, Client

CREATE = "CreateEdgeContainerAppVersion"
LIST = "ListEdgeContainerApps"


def create(mock: Client, containers: list[Any] | None = None, **more: str) -> Any:
    form = {"AppId": ESA_APP, "Name": "version-1"} | more
    form["Containers"] = json.dumps(containers if containers is not None else [CONTAINER])
    return mock.alibaba(CREATE, form)


def test_a_container_version_is_created_once(mock: Client) -> None:
    reply = create(mock, Remarks="first one")
    assert reply.status == 200
    assert set(reply.json) == {"VersionId", "RequestId"}
    assert reply.json["VersionId"].startswith("ver-")
    assert reply.headers["x-acs-request-id"] == reply.json["RequestId"]
    stored = mock.control("GET", "state")["esa_versions"][ESA_APP][reply.json["VersionId"]]
    assert stored == {"Name": "version-1", "Containers": [CONTAINER]}
    again = create(mock)
    assert (again.status, again.json["Code"]) == (400, "NameAlreadyExists")
    other = create(mock, Name="version-2").json["VersionId"]
    assert other != reply.json["VersionId"]
    app = mock.alibaba(LIST, None, {"SearchKey": ESA_APP, "SearchType": "Appid"}).json["Apps"][0]
    assert app["VersionCount"] == 2


@pytest.mark.parametrize(
    ("more", "containers", "status", "code"),
    [
        ({"AppId": "app-000000000000000000"}, [CONTAINER], 404, "InvalidApp.NotFound"),
        ({}, [CONTAINER, CONTAINER], 400, "ParameterAlreadyExist"),
        ({}, [CONTAINER | {"Image": "a b"}], 400, "InvalidParameter.Image"),
        (
            {},
            [CONTAINER | {"ProbeContent": {"HttpHeaders": "no json"}}],
            400,
            "InvalidParameter.HttpHeaders",
        ),
    ],
)
def test_what_esa_refuses(mock: Client, more: dict[str, str], containers: list[Any], status: int, code: str) -> None:
    reply = create(mock, containers, **more)
    assert (reply.status, reply.json["Code"]) == (status, code)
    assert "x-mock-verdict" not in reply.headers


def test_apps_are_listed_in_pages(mock: Client) -> None:
    first = mock.alibaba(LIST).json
    assert (len(first["Apps"]), first["PageNumber"], first["PageSize"]) == (20, 1, 20)
    assert first["TotalCount"] == 25
    second = mock.alibaba(LIST, None, {"PageNumber": "2"}).json
    assert len(second["Apps"]) == 5
    assert mock.alibaba(LIST, None, {"PageNumber": "3"}).json["Apps"] == []
    small = mock.alibaba(LIST, None, {"PageNumber": "2", "PageSize": "3"}).json
    assert [app["Name"] for app in small["Apps"]] == ["edge-app-22", "edge-app-21", "edge-app-20"]


def test_apps_are_sorted_and_searched(mock: Client) -> None:
    query = {"OrderKey": "Name", "OrderType": "ASC", "PageSize": "2"}
    names = [app["Name"] for app in mock.alibaba(LIST, None, query).json["Apps"]]
    assert names == ["edge-app-01", "edge-app-02"]
    query = {"SearchKey": "app-1", "SearchType": "Name", "PageSize": "500"}
    assert mock.alibaba(LIST, None, query).json["TotalCount"] == 10


def test_sae_answers_in_an_envelope(mock: Client) -> None:
    found = mock.alibaba("ListAppVersions", None, {"AppId": SAE_APP}).json
    assert (found["Code"], found["Success"], len(found["Data"])) == ("200", True, 3)
    assert set(found["Data"][0]) == {"BuildPackageUrl", "CreateTime", "Id", "Type", "WarUrl"}
    assert found["Data"][0]["CreateTime"] == "1767225600000"
    missing = mock.alibaba("ListAppVersions", None, {"AppId": "nobody"})
    assert (missing.status, missing.json["Code"]) == (400, "InvalidApplication.NotFound")
    assert "query parameter: AppId" in mock.alibaba("ListAppVersions").text


def test_a_routine_has_at_most_ten_revisions(mock: Client) -> None:
    form = {"Name": "routine", "CodeDescription": "text"}
    made = [mock.alibaba("UploadRoutineCode", form).json["Content"]["CodeRevision"] for _ in range(10)]
    assert len(set(made)) == 10 and all(revision.isdecimal() for revision in made)
    full = mock.alibaba("UploadRoutineCode", form)
    assert (full.status, full.json["Code"]) == (400, "EdgeRoutine.GeneralError")
    gone = {"Name": "routine", "SelectCodeRevision": made[0]}
    assert mock.alibaba("DeleteRoutineCodeRevision", gone).json["Content"] == {"Status": "OK"}
    assert mock.alibaba("DeleteRoutineCodeRevision", gone).status == 400
    assert mock.alibaba("UploadRoutineCode", form).status == 200
    assert mock.alibaba("UploadRoutineCode", form | {"Name": "other"}).status == 200
