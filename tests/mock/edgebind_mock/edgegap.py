"""Edgegap's applications and versions, kept in memory. Storage and registry have their own modules;
all three answer by operationId."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from edgebind_mock import mask, pages
from edgebind_mock.access import Clock
from edgebind_mock.answer import Answer, Refusal, empty, json_answer
from edgebind_mock.call import Call

Handler = Callable[[Call], Answer]

VERSION_DEFAULTS: dict[str, Any] = {
    "is_active": True,
    "docker_repository": None,
    "docker_image": None,
    "docker_tag": None,
    "private_username": None,
    "private_token": None,
    "req_cpu": None,
    "req_memory": None,
    "req_video": 0,
    "max_duration": 1440,
    "force_cache": False,
    "caching_percent": 0.0,
    "time_to_deploy": None,
    "verify_image": False,
    "termination_grace_period_seconds": None,
    "endpoint_storage": None,
    "command": None,
    "arguments": None,
    "dns_config": None,
    "will_deploy_in_mainland_china": False,
    "ports": [],
    "envs": [],
    "restart_policy": "always",
    "session_config": None,
    "probe": None,
}
READABLE_IMAGES = frozenset({"studio/shooter", "studio/lobby"})
UNKNOWN_TAG = "missing"  # a tag no registry has: 424 when the image is verified


class Stamps:
    """Timestamps as Edgegap writes them, never twice the same."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = ""

    def now(self) -> str:
        then = datetime.datetime.fromtimestamp(self._clock.now(), datetime.UTC)
        text = then.strftime("%Y-%m-%d %H:%M:%S.%f")
        if text <= self._last:
            last = datetime.datetime.strptime(self._last, "%Y-%m-%d %H:%M:%S.%f")
            step = datetime.timedelta(microseconds=1)
            text = (last + step).strftime("%Y-%m-%d %H:%M:%S.%f")
        self._last = text
        return text


def page(call: Call, key: str, items: list[Any], *, total: bool = True) -> Answer:
    """One page of a list in Edgegap's envelope, through the field mask when there is one."""
    number = int(call.query.get("page", 1))
    limit = int(call.query.get("limit", pages.DEFAULT_LIMIT))
    if number < 1 or limit < 1:
        raise Refusal(400, "page and limit begin at 1.")
    shown: dict[str, Any] = {key: pages.page_of(items, number, limit)}
    if total:
        shown["total_count"] = len(items)
    shown["pagination"] = pages.envelope(len(items), number, limit)
    return masked(call, shown)


def masked(call: Call, value: Any) -> Answer:
    fields = call.header.get("x-fields")
    if fields is None:
        return json_answer(value)
    try:
        return json_answer(mask.apply(mask.parse(fields), value))
    except mask.MaskError as error:
        raise Refusal(400, f"Mask error: {error}") from None


def rename(table: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """The same table with one key renamed and the order kept."""
    return {new if key == old else key: value for key, value in table.items()}


class Applications:
    """apps and their versions. Deleting an app deletes its versions."""

    def __init__(self, clock: Clock) -> None:
        self.stamps = Stamps(clock)
        self._apps: dict[str, dict[str, Any]] = {}
        self._versions: dict[str, dict[str, dict[str, Any]]] = {}
        self.on_removed: Callable[[str, str | None], None] = lambda app, version: None
        self.on_renamed: Callable[[str, str | None, str], None] = lambda app, version, new: None

    def handlers(self) -> dict[str, Handler]:
        return {
            "application-create": self.create_app,
            "application-update": self.update_app,
            "application-get": lambda call: json_answer(self.app(call)),
            "application-delete": self.delete_app,
            "application-list": lambda call: page(call, "applications", list(self._apps.values())),
            "app-version-create": self.create_version,
            "app-version-update": self.update_version,
            "app-version-get": lambda call: json_answer(_shown(self.version(call))),
            "app-version-delete": self.delete_version,
            "app-version-list": self.list_versions,
        }

    def app(self, call: Call) -> dict[str, Any]:
        name = call.path["app_name"]
        if name not in self._apps:
            raise Refusal(404, f"Application {name} does not exist.")
        return self._apps[name]

    def version(self, call: Call) -> dict[str, Any]:
        self.app(call)
        name = call.path["version_name"]
        versions = self._versions[call.path["app_name"]]
        if name not in versions:
            raise Refusal(404, f"Version {name} does not exist.")
        return versions[name]

    def create_app(self, call: Call) -> Answer:
        name = call.body["name"]
        if name in self._apps:
            raise Refusal(409, f"Application {name} already exists.")
        now = self.stamps.now()
        app = {
            "name": name,
            "is_active": call.body["is_active"],
            "image": call.body["image"],
            "is_telemetry_agent_active": call.body.get("is_telemetry_agent_active", False),
            "create_time": now,
            "last_updated": now,
        }
        self._apps[name] = app
        self._versions[name] = {}
        return json_answer(app)

    def update_app(self, call: Call) -> Answer:
        app = self.app(call)
        old, new = app["name"], call.body.get("name", app["name"])
        if new != old and new in self._apps:
            raise Refusal(409, f"Application {new} already exists.")
        app.update(call.body, last_updated=self.stamps.now())
        self._apps = rename(self._apps, old, new)
        self._versions = rename(self._versions, old, new)
        if new != old:
            self.on_renamed(old, None, new)
        return json_answer(app)

    def delete_app(self, call: Call) -> Answer:
        name = self.app(call)["name"]
        del self._apps[name], self._versions[name]
        self.on_removed(name, None)
        return empty(200)

    def create_version(self, call: Call) -> Answer:
        app = self.app(call)["name"]
        body = call.body
        if body["name"] in self._versions[app]:
            raise Refusal(409, f"Version {body['name']} already exists.")
        now = self.stamps.now()
        version = {"name": body["name"], "create_time": now, "last_updated": now}
        version |= VERSION_DEFAULTS | body
        _check(version)
        self._versions[app][body["name"]] = version
        return json_answer({"success": True, "version": _shown(version)})

    def update_version(self, call: Call) -> Answer:
        version = self.version(call)
        app, old = call.path["app_name"], version["name"]
        new = call.body.get("name", old)
        if new != old and new in self._versions[app]:
            raise Refusal(400, f"Version {new} already exists.")
        changed = version | call.body
        _check(changed)
        version.update(call.body, last_updated=self.stamps.now())
        self._versions[app] = rename(self._versions[app], old, new)
        if new != old:
            self.on_renamed(app, old, new)
        return json_answer({"success": True, "version": _shown(version)})

    def delete_version(self, call: Call) -> Answer:
        name = self.version(call)["name"]
        app = call.path["app_name"]
        del self._versions[app][name]
        self.on_removed(app, name)
        return json_answer({"success": True, "message": f"Version {name} was deleted."})

    def list_versions(self, call: Call) -> Answer:
        name = self.app(call)["name"]
        return page(call, "versions", [_shown(v) for v in self._versions[name].values()])


def _check(version: dict[str, Any]) -> None:
    """The rules that no schema states."""
    if version["req_memory"] > 2 * version["req_cpu"]:
        raise Refusal(400, "req_memory may be at most twice req_cpu.")
    for port in version["ports"] or []:
        if port["port"] == 0 and not port.get("name"):
            raise Refusal(400, "A port 0 needs a name.")
    names = [port.get("name") or str(port["port"]) for port in version["ports"] or []]
    if len(set(names)) != len(names):
        raise Refusal(400, "Two ports have the same name.")
    if version["verify_image"]:
        if not (version["private_username"] and version["private_token"]):
            raise Refusal(400, "Cannot log in to the registry: credentials are missing.")
        if version["docker_image"] not in READABLE_IMAGES or version["docker_tag"] == UNKNOWN_TAG:
            raise Refusal(424, "The image cannot be pulled.")


def _shown(version: dict[str, Any]) -> dict[str, Any]:
    """As the service shows it: WS has another name there, and hidden values are not readable."""
    shown = dict(version)
    shown["ports"] = [
        {"to_check": True, "tls_upgrade": False, "name": str(port["port"])}
        | port
        | {"protocol": "Websocket" if port["protocol"] == "WS" else port["protocol"]}
        for port in version["ports"] or []
    ]
    shown["envs"] = [
        env | ({"value": ""} if env.get("is_secret") or env.get("is_hidden") else {}) for env in version["envs"] or []
    ]
    return shown
