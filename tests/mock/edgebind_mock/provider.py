"""Everything behind the network: settings, clock, state of all providers, and who answers what."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any

from edgebind_mock import access
from edgebind_mock.alibaba import Containers, Routines, ServerlessApps
from edgebind_mock.answer import Answer, Refusal, acs_answer, failure, json_answer, request_id
from edgebind_mock.call import Call
from edgebind_mock.documents import Documents, Style
from edgebind_mock.edgegap import Applications, Handler
from edgebind_mock.edgegap_registry import Registry
from edgebind_mock.edgegap_storage import Storage
from edgebind_mock.faults import Faults
from edgebind_mock.journal import Journal
from edgebind_mock.judge_openapi import OpenapiJudge
from edgebind_mock.oss import Uploads

HOST_ID = "mock.edgebind.invalid"


@dataclass
class Settings:
    """What a test may change through /_mock/settings; a reset brings the defaults back."""

    clock_skew_s: float = 0.0  # the server's clock against the true time
    ticket_url: str = ""  # Url of upload tickets; empty: the mock's own origin
    ticket_valid_s: float = 3600.0  # until the policy of an upload ticket expires
    upload_status: int = 200  # 200 callback's answer, 203 callback failed, 204 or 201 no callback
    allow_headers: list[str] = field(default_factory=list)  # lower case, beside the ordinary ones


class Provider:
    """One set of providers. `origin` is where the mock listens, known once it does."""

    def __init__(self, documents: Documents) -> None:
        self.documents = documents
        self.judge = OpenapiJudge(documents)
        self.journal = Journal()
        self.faults = Faults()
        self.clock = access.Clock()
        self.origin = ""
        self.host = HOST_ID
        self.reset()

    def reset(self) -> None:
        self.settings = Settings()
        self.clock.skew_s = 0.0
        self.gateway = access.Gateway(self.clock)
        self.journal.clear()
        self.faults.clear()
        applications = Applications(self.clock)
        self.containers = Containers(self.clock)
        self.routines = Routines(self.clock)
        self.serverless = ServerlessApps()
        uploads = Uploads(self)
        self._handlers: dict[str, Handler] = {
            **applications.handlers(),
            **Storage(applications).handlers(),
            **Registry().handlers(),
            **self.containers.handlers(),
            **self.routines.handlers(uploads.ticket),
            **self.serverless.handlers(),
            **uploads.handlers(),
        }

    def change(self, changes: dict[str, Any]) -> None:
        """Settings by name. An unknown name or a wrong type is a ValueError."""
        kinds = {f.name: type(getattr(self.settings, f.name)) for f in fields(Settings)}
        wanted: dict[str, Any] = {}
        for name, value in changes.items():
            if name not in kinds:
                raise ValueError(f"no setting {name!r}; there are {', '.join(kinds)}")
            kind = kinds[name]
            if kind is float and isinstance(value, int) and not isinstance(value, bool):
                value = float(value)
            if type(value) is not kind:
                raise ValueError(f"setting {name} is a {kind.__name__}")
            wanted[name] = value
        for name, value in wanted.items():
            setattr(self.settings, name, value)
        self.clock.skew_s = self.settings.clock_skew_s

    def check_access(self, call: Call) -> dict[str, Any] | None:
        """Raises Refusal, or returns what the journal keeps about the signature."""
        document = call.operation.document
        security = call.operation.raw.get("security", document.raw.get("security"))
        if not security:
            return None
        if document.style is Style.TOKEN:
            access.check_token(call.received)
            return None
        version = call.received.header("x-acs-version")
        if version != document.version:
            text = f"{call.operation.action} belongs to version {document.version}, not {version}."
            return {"ok": False, "refusal": Refusal(400, text, "InvalidVersion")}
        return self.gateway.check(call.received)

    def answer(self, call: Call) -> Answer:
        """What the state says. An operation without a state answers with its documented example."""
        handler = self._handlers.get(call.operation.id, self.example)
        try:
            return handler(call)
        except Refusal as refusal:
            style = call.operation.document.style
            return failure(style, refusal.status, refusal.message, refusal.code, self.host)

    def example(self, call: Call) -> Answer:
        operation = call.operation
        status, value = operation.document.success(operation)
        if value is None:
            return Answer(status)
        if operation.document.style is Style.ACS:
            return acs_answer(value, status)
        answer = json_answer(value, status)
        if operation.document.style is Style.FORM_UPLOAD:
            answer.headers.append(("x-oss-request-id", request_id()[:8] * 3))
        return answer

    def seeds(self) -> dict[str, Any]:
        """What is there from the start, for tests that need a name."""
        return {
            "registry_images": Registry().seeds(),
            "esa_app_ids": list(self.containers.apps),
            "sae_app_ids": list(self.serverless.apps),
        }

    def state(self) -> dict[str, Any]:
        """What was written and has no operation that reads it back."""
        versions = {app: kept for app, kept in self.containers.versions.items() if kept}
        return {"esa_versions": versions, "routines": self.routines.shown()}
