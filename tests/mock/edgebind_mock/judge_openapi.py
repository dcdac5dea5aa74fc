"""The first judge: openapi-core over the documents themselves.

Some things are presented to it differently from how they came, because OpenAPI has no word for
them: `servers` is the mock's own origin, an RPC call stands under `/#` and its action, an inner `/`
of a segmented path parameter is percent-encoded, and the file of an upload, which was streamed and
is gone, is a short text."""

from __future__ import annotations

import copy
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, quote

from edgebind_mock.call import Call
from edgebind_mock.documents import Document, Documents

ORIGIN = "http://mock.invalid"


class OpenapiJudge:
    """Loading openapi-core takes a while, so it happens in `warm_up` or with the first request."""

    def __init__(self, documents: Documents) -> None:
        self._documents = documents
        self._validators: dict[str, Any] = {}
        self._lock = threading.Lock()

    def warm_up(self) -> None:
        for document in self._documents.documents:
            self._validator(document)

    def judge(self, call: Call) -> tuple[list[str], list[str]]:
        """(problems, problems with the authorisation alone)."""
        validator = self._validator(call.operation.document)
        from openapi_core.validation.request.exceptions import SecurityValidationError

        request = _Presented(call)
        security: list[str] = []
        errors = list(validator.iter_errors(request))
        if errors and isinstance(errors[0], SecurityValidationError):
            security = [f"openapi-core: {text}" for text in _texts(errors)]
            request = _Presented(call, authorization=_stand_in(call.operation.document))
            errors = list(validator.iter_errors(request))
        return [f"openapi-core: {text}" for text in _texts(errors)], security

    def judge_response(self, call: Call, status: int, media_type: str, data: bytes) -> list[str]:
        """What is wrong with an answer; the mock's own tests hold its answers against it."""
        from openapi_core import V31ResponseValidator
        from openapi_core.testing import MockResponse

        validator = V31ResponseValidator(self._spec(call.operation.document))
        response = MockResponse(data=data, status_code=status, content_type=media_type)
        return _texts(validator.iter_errors(_Presented(call), response))

    def _spec(self, document: Document) -> Any:
        from jsonschema_path import SchemaPath

        raw = copy.deepcopy(document.raw)
        raw["servers"] = [{"url": ORIGIN}]
        for item in raw["paths"].values():
            item.pop("servers", None)
            for operation in item.values():
                if isinstance(operation, dict):
                    operation.pop("servers", None)
        return SchemaPath.from_dict(raw)

    def _validator(self, document: Document) -> Any:
        with self._lock:  # imports too: two threads must not meet in the middle of one
            if document.name not in self._validators:
                from openapi_core import V31RequestValidator

                spec = self._spec(document)
                self._validators[document.name] = V31RequestValidator(
                    spec, extra_media_type_deserializers={"application/octet-stream": _as_text}
                )
            return self._validators[document.name]


def _stand_in(document: Document) -> str:
    """An authorization that satisfies the scheme, so that the rest of the request is judged too."""
    acs = document.raw.get("x-eb-acs")
    return f"{acs['algorithm']} Credential=x" if acs else "token x"


def _as_text(value: bytes, **parameters: str) -> str:
    return value.decode("latin-1")


class _Presented:
    """A call as openapi-core wants to see it."""

    def __init__(self, call: Call, authorization: str | None = None) -> None:
        from openapi_core.datatypes import RequestParameters
        from werkzeug.datastructures import Headers, ImmutableMultiDict

        received, operation = call.received, call.operation
        self.host_url = ORIGIN
        self.method = received.method.lower()
        self.path = operation.template
        for name, value in call.path.items():
            self.path = self.path.replace("{" + name + "}", quote(value, safe="") or "%00")
        headers = [(k, v) for k, v in received.headers]
        if authorization is not None:
            headers = [(k, v) for k, v in headers if k.lower() != "authorization"]
            headers.append(("Authorization", authorization))
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(received.query or "", keep_blank_values=True)),
            header=Headers(headers),
            cookie=ImmutableMultiDict(),
            path=dict(call.path),
        )
        self.content_type = received.header("content-type") or ""
        has_body = received.body_size > 0 or bool(self.content_type)
        self.body: bytes | None = received.body if has_body else None
        if received.form is not None:
            self.content_type = "multipart/form-data; boundary=judged"
            self.body = _small_form(call)


def _small_form(call: Call) -> bytes:
    """The upload with its fields as they were and a stand-in for the file."""
    assert call.received.form is not None
    pieces = []
    for part in call.received.form.parts:
        value = "x" if part.name == "file" else part.text
        disposition = f'Content-Disposition: form-data; name="{part.name}"'
        pieces.append(f"--judged\r\n{disposition}\r\n\r\n{value}\r\n")
    return ("".join(pieces) + "--judged--\r\n").encode("utf-8", "surrogateescape")


def _texts(errors: Any) -> list[str]:
    """Every error in one line, with the cause that says where."""
    return [text for error in errors for text in _lines(error)]


def _lines(error: BaseException) -> Iterator[str]:
    chain = [error]
    while chain[-1].__cause__ is not None:
        chain.append(chain[-1].__cause__)
    schema_errors = next((e.schema_errors for e in chain if hasattr(e, "schema_errors")), None)
    if not schema_errors:
        texts = [_short(str(one) or type(one).__name__) for one in chain]
        yield ": ".join(text for n, text in enumerate(texts) if not any(text in earlier for earlier in texts[:n]))
        return
    name = getattr(error, "name", None)
    place = f"{getattr(error, 'location', '')} parameter {name}".strip() if name else "body"
    for one in schema_errors:
        where = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in one.absolute_path)
        yield f"{place}{where}: {_short(str(one.message))}"


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 300 else f"{text[:300]}..."
