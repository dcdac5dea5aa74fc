"""Edgegap's endpoint storages, their pull profiles, and the links from profiles to versions."""

from __future__ import annotations

from typing import Any

from edgebind_mock.answer import Answer, Refusal, empty, json_answer
from edgebind_mock.call import Call
from edgebind_mock.edgegap import Applications, Handler, page, rename

Link = tuple[str, str, str, str]  # endpoint, pull profile, app, version


class Storage:
    def __init__(self, applications: Applications) -> None:
        self._applications = applications
        self._endpoints: dict[str, dict[str, Any]] = {}
        self._profiles: dict[str, dict[str, dict[str, Any]]] = {}
        self._links: dict[Link, dict[str, Any]] = {}
        applications.on_removed = self._forget
        applications.on_renamed = self._follow

    def handlers(self) -> dict[str, Handler]:
        return {
            "endpoint-create": self.create_endpoint,
            "endpoint-update": self.update_endpoint,
            "endpoint-get": lambda call: json_answer(_readable(self.endpoint(call))),
            "endpoint-delete": self.delete_endpoint,
            "endpoints-list": self.list_endpoints,
            "pull-profile-create": self.create_profile,
            "pull-profile-update": self.update_profile,
            "pull-profile-get": lambda call: json_answer(self.profile(call)),
            "pull-profile-delete": self.delete_profile,
            "pull-profile-list": self.list_profiles,
            "pull-profile-link-app-version": self.link,
            "pull-profile-unlink-app-version": self.unlink,
        }

    def endpoint(self, call: Call) -> dict[str, Any]:
        name = call.path["endpoint_name"]
        if name not in self._endpoints:
            raise Refusal(404, f"Endpoint storage {name} does not exist.")
        return self._endpoints[name]

    def profile(self, call: Call) -> dict[str, Any]:
        self.endpoint(call)
        name = call.path["pull_profile_name"]
        profiles = self._profiles[call.path["endpoint_name"]]
        if name not in profiles:
            raise Refusal(404, f"Pull profile {name} does not exist.")
        return profiles[name]

    def create_endpoint(self, call: Call) -> Answer:
        name = call.body["name"]
        if name in self._endpoints:
            raise Refusal(400, f"Endpoint storage {name} already exists.")
        _check_url(call.body["endpoint"])
        now = self._applications.stamps.now()
        stored = {"output_format": "TEXT"} | call.body | {"create_time": now, "last_updated": now}
        self._endpoints[name] = stored
        self._profiles[name] = {}
        return json_answer(_readable(stored))

    def update_endpoint(self, call: Call) -> Answer:
        stored = self.endpoint(call)
        old, new = stored["name"], call.body.get("name", stored["name"])
        if new != old and new in self._endpoints:
            raise Refusal(400, f"Endpoint storage {new} already exists.")
        _check_url(call.body.get("endpoint", stored["endpoint"]))
        stored.update(call.body, last_updated=self._applications.stamps.now())
        self._endpoints = rename(self._endpoints, old, new)
        self._profiles = rename(self._profiles, old, new)
        self._relink(lambda link: (new, *link[1:]) if link[0] == old else link)
        return json_answer(_readable(stored))

    def delete_endpoint(self, call: Call) -> Answer:
        name = self.endpoint(call)["name"]
        del self._endpoints[name], self._profiles[name]
        self._relink(lambda link: None if link[0] == name else link)
        return empty(204)

    def list_endpoints(self, call: Call) -> Answer:
        shown = [_readable(stored) for stored in self._endpoints.values()]
        return page(call, "endpoints", shown, total=False)

    def create_profile(self, call: Call) -> Answer:
        self.endpoint(call)
        profiles = self._profiles[call.path["endpoint_name"]]
        name = call.body["name"]
        if name in profiles:
            raise Refusal(400, f"Pull profile {name} already exists.")
        _check_paths(call.body)
        now = self._applications.stamps.now()
        profiles[name] = call.body | {"create_time": now, "last_updated": now}
        return json_answer(profiles[name])

    def update_profile(self, call: Call) -> Answer:
        stored = self.profile(call)
        endpoint, old = call.path["endpoint_name"], stored["name"]
        new = call.body.get("name", old)
        if new != old and new in self._profiles[endpoint]:
            raise Refusal(400, f"Pull profile {new} already exists.")
        _check_paths(stored | call.body)
        stored.update(call.body, last_updated=self._applications.stamps.now())
        self._profiles[endpoint] = rename(self._profiles[endpoint], old, new)
        self._relink(lambda link: (endpoint, new, *link[2:]) if link[:2] == (endpoint, old) else link)
        return json_answer(stored)

    def delete_profile(self, call: Call) -> Answer:
        name = self.profile(call)["name"]
        endpoint = call.path["endpoint_name"]
        del self._profiles[endpoint][name]
        self._relink(lambda link: None if link[:2] == (endpoint, name) else link)
        return empty(204)

    def list_profiles(self, call: Call) -> Answer:
        self.endpoint(call)
        profiles = self._profiles[call.path["endpoint_name"]]
        return page(call, "pull_profiles", list(profiles.values()))

    def link(self, call: Call) -> Answer:
        key = self._key(call)
        now = self._applications.stamps.now()
        made = self._links.get(key, {"create_time": now})
        endpoint, profile, app, version = key
        self._links[key] = {
            "app": app,
            "app_version": version,
            "endpoint": endpoint,
            "pull_profile": profile,
            "create_time": made["create_time"],
            "last_updated": now,
        }
        return json_answer(self._links[key])

    def unlink(self, call: Call) -> Answer:
        if self._links.pop(self._key(call), None) is None:
            raise Refusal(404, "The pull profile is not linked to this version.")
        return empty(204)

    def _key(self, call: Call) -> Link:
        profile, version = self.profile(call), self._applications.version(call)
        endpoint, app = call.path["endpoint_name"], call.path["app_name"]
        return endpoint, profile["name"], app, version["name"]

    def _relink(self, change: Any) -> None:
        kept = {}
        for old, stored in self._links.items():
            new = change(old)
            if new is not None:
                endpoint, profile, app, version = new
                kept[new] = stored | {
                    "app": app,
                    "app_version": version,
                    "endpoint": endpoint,
                    "pull_profile": profile,
                }
        self._links = kept

    def _forget(self, app: str, version: str | None) -> None:
        self._relink(lambda link: None if link[2] == app and version in (None, link[3]) else link)

    def _follow(self, old: str, version: str | None, new: str) -> None:
        def change(link: Link) -> Link:
            if version is None and link[2] == old:
                return (link[0], link[1], new, link[3])
            if version is not None and link[2:] == (old, version):
                return (link[0], link[1], old, new)
            return link

        self._relink(change)


def _readable(stored: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in stored.items() if name != "secret_access_key"}


def _check_url(url: str) -> None:
    if not url.startswith(("http://", "https://")):
        raise Refusal(400, "endpoint is not a URL with http or https.")


def _check_paths(profile: dict[str, Any]) -> None:
    source = profile["source"]
    if not source.startswith("/") or (source.endswith("/") and source != "/"):
        raise Refusal(400, "source begins with / and does not end with it.")
    if not profile["destination"].startswith("/"):
        raise Refusal(400, "destination is an absolute path.")
