"""Alibaba's three products: edge containers (ESA), edge routines (DCDN), serverless apps (SAE)."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from typing import Any

from edgebind_mock import pages
from edgebind_mock.access import Clock
from edgebind_mock.answer import Answer, Refusal, acs_answer
from edgebind_mock.call import Call
from edgebind_mock.edgegap import Handler

REVISIONS_PER_ROUTINE = 10


def utc(seconds: float) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Containers:
    """ESA: applications are there from the start, versions are added to them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._made = 0
        ids = [f"app-880688675783794{n:03}" for n in range(25)]
        self.apps = {app: _container_app(app, n) for n, app in enumerate(ids)}
        self.versions: dict[str, dict[str, dict[str, Any]]] = {app: {} for app in ids}

    def handlers(self) -> dict[str, Handler]:
        return {
            "CreateEdgeContainerAppVersion": self.create_version,
            "ListEdgeContainerApps": self.list_apps,
        }

    def create_version(self, call: Call) -> Answer:
        app, name, containers = (call.form[key] for key in ("AppId", "Name", "Containers"))
        if app not in self.apps:
            raise Refusal(404, f"App {app} does not exist.", "InvalidApp.NotFound")
        versions = self.versions[app]
        if any(version["Name"] == name for version in versions.values()):
            raise Refusal(400, f"Version {name} exists already.", "NameAlreadyExists")
        _check_containers(containers)
        self._made += 1
        version = f"ver-{870000000000000000 + self._made}"
        versions[version] = {"Name": name, "Containers": containers}
        self.apps[app]["VersionCount"] = len(versions)
        self.apps[app]["UpdateTime"] = utc(self._clock.now())
        return acs_answer({"VersionId": version})

    def list_apps(self, call: Call) -> Answer:
        apps = list(self.apps.values())
        text, kind = call.query.get("SearchKey", ""), call.query.get("SearchType", "").lower()
        if text:
            keys = {"appid": ["AppId"], "name": ["Name"]}.get(kind, ["AppId", "Name"])
            apps = [app for app in apps if any(text in app[key] for key in keys)]
        order = call.query.get("OrderKey") or "CreateTime"
        descending = (call.query.get("OrderType") or "DESC").upper() == "DESC"
        apps.sort(key=lambda app: (app[order], app["AppId"]), reverse=descending)
        number, size = int(call.query.get("PageNumber", 1)), int(call.query.get("PageSize", 20))
        return acs_answer(
            {
                "Apps": pages.page_of(apps, number, size),
                "PageNumber": number,
                "PageSize": size,
                "TotalCount": len(apps),
            }
        )


def _container_app(app: str, n: int) -> dict[str, Any]:
    made = 1_767_225_600 + n * 3600
    return {
        "AppId": app,
        "CreateTime": utc(made),
        "DomainName": f"app{n + 1:02}.edge.example",
        "GatewayType": "l7" if n % 2 else "l4",
        "HealthCheck": {
            "FailTimes": 5,
            "Host": "",
            "HttpCode": "http_2xx",
            "Interval": 5,
            "Method": "HEAD",
            "Port": 80,
            "SuccTimes": 2,
            "Timeout": 3,
            "Type": "l7",
            "Uri": "/",
        },
        "Name": f"edge-app-{n + 1:02}",
        "Percentage": 100,
        "QuicCid": "off",
        "Remarks": "",
        "ServicePort": 80,
        "Status": "created",
        "TargetPort": 8080,
        "UpdateTime": utc(made + 60),
        "VersionCount": 0,
    }


def _check_containers(containers: list[dict[str, Any]]) -> None:
    """What the service is known to refuse beyond the schema."""
    if not containers:
        raise Refusal(400, "Containers is empty.", "InvalidParameter")
    names = [container["Name"] for container in containers]
    if len(set(names)) != len(names):
        raise Refusal(400, "Two containers have one name.", "ParameterAlreadyExist")
    for container in containers:
        if not container["Name"]:
            raise Refusal(400, "A container has no name.", "InvalidParameter.Name")
        if not container["Image"] or any(c.isspace() for c in container["Image"]):
            raise Refusal(400, "Image is not an image address.", "InvalidParameter.Image")
        headers = container["ProbeContent"].get("HttpHeaders")
        if headers is not None:
            try:
                fine = isinstance(json.loads(headers), list)
            except ValueError:
                fine = False
            if not fine:
                text = "HttpHeaders is not JSON text of an array."
                raise Refusal(400, text, "InvalidParameter.HttpHeaders")


class Routines:
    """DCDN: any routine name exists. A revision is reserved by its ticket and real once uploaded."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._revisions: dict[str, dict[str, dict[str, Any]]] = {}
        self._last = 0

    def handlers(self, ticket: Callable[[str, str, str], dict[str, str]]) -> dict[str, Handler]:
        return {
            "UploadRoutineCode": lambda call: self.upload(call, ticket),
            "PublishRoutineCodeRevision": self.publish,
            "DeleteRoutineCodeRevision": self.delete,
        }

    def shown(self) -> dict[str, Any]:
        """For /_mock/state: no operation reads revisions back."""
        return {
            name: {revision: stored | {"envs": sorted(stored["envs"])} for revision, stored in kept.items()}
            for name, kept in self._revisions.items()
        }

    def upload(self, call: Call, ticket: Callable[[str, str, str], dict[str, str]]) -> Answer:
        name, description = call.form["Name"], call.form["CodeDescription"]
        revisions = self._revisions.setdefault(name, {})
        if len(revisions) >= REVISIONS_PER_ROUTINE:
            raise _general(f"Routine {name} has {REVISIONS_PER_ROUTINE} revisions already.")
        self._last = max(self._last + 1, int(self._clock.now() * 1_000_000) * 1000)
        revision = str(self._last)
        revisions[revision] = {"uploaded": False, "envs": set(), "description": description}
        post = ticket(name, revision, description)
        return acs_answer({"Content": {"CodeRevision": revision, "OssPostConfig": post}})

    def register(self, name: str, revision: str, sha256: str) -> None:
        """The upload's callback: from now on the revision can be published."""
        stored = self._revisions.get(name, {}).get(revision)
        if stored is not None:
            stored.update(uploaded=True, sha256=sha256)

    def publish(self, call: Call) -> Answer:
        stored, revision = self._revision(call)
        if not stored["uploaded"]:
            raise _general(f"The code of revision {revision} was never uploaded.")
        envs = call.form["Envs"]
        named = list(envs) if isinstance(envs, (list, dict)) else []
        if not named or not all(isinstance(env, str) and env for env in named):
            raise _general("Envs names no environment.")
        stored["envs"] |= set(named)
        return acs_answer({"Content": {"CodeRevision": revision}})

    def delete(self, call: Call) -> Answer:
        _, revision = self._revision(call)
        del self._revisions[call.form["Name"]][revision]
        return acs_answer({"Content": {"Status": "OK"}})

    def _revision(self, call: Call) -> tuple[dict[str, Any], str]:
        name, revision = call.form["Name"], call.form["SelectCodeRevision"]
        stored = self._revisions.get(name, {}).get(revision)
        if stored is None:
            raise _general(f"Routine {name} has no revision {revision}.")
        return stored, revision


def _general(message: str) -> Refusal:
    return Refusal(400, message, "EdgeRoutine.GeneralError")


class ServerlessApps:
    """SAE: two applications with versions; the list is not paged."""

    def __init__(self) -> None:
        self.apps = {
            "0099b7be-5f5b-4512-a7fc-56049ef1f000": _serverless_versions(3),
            "017f39b8-dfa4-4e16-a84b-1dcee4b10002": _serverless_versions(0),
        }

    def handlers(self) -> dict[str, Handler]:
        return {"ListAppVersions": self.list_versions}

    def list_versions(self, call: Call) -> Answer:
        app = call.query["AppId"]
        if app not in self.apps:
            raise Refusal(400, f"App {app} does not exist.", "InvalidApplication.NotFound")
        envelope = {"Code": "200", "Message": "success", "Success": True}
        return acs_answer({**envelope, "Data": self.apps[app]})


def _serverless_versions(count: int) -> list[dict[str, str]]:
    return [
        {
            "BuildPackageUrl": f"https://packages.example/app-{n}.jar",
            "CreateTime": str(1_767_225_600_000 + n * 86_400_000),
            "Id": f"0026ff7f-2b57-4127-bdd0-9bf202bb90{n:02}",
            "Type": "url" if n % 2 else "image",
            "WarUrl": "",
        }
        for n in range(count)
    ]
