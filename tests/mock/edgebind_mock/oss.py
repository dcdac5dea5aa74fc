"""The form upload that an upload ticket leads to: the ticket itself, and the judge of the form."""

from __future__ import annotations

import base64
import binascii
import calendar
import hashlib
import hmac
import json
import time
from typing import TYPE_CHECKING, Any

from edgebind_mock.alibaba import utc
from edgebind_mock.answer import Answer, Refusal, json_answer, xml_error
from edgebind_mock.call import Call
from edgebind_mock.edgegap import Handler

if TYPE_CHECKING:
    from edgebind_mock.provider import Provider

SIGNER_ID = "MOCK-UPLOAD-KEY-ID"
SIGNER_SECRET = b"mock-upload-key-secret"
FILE_LIMIT = 5 * 1024**3
KEY_LIMIT = 8 * 1024
BUCKET = "mock-routine-code"


class Uploads:
    """Hands out tickets and takes the uploads they allow."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._tickets: dict[str, tuple[str, str]] = {}  # object key -> routine, revision

    def handlers(self) -> dict[str, Handler]:
        return {"PostObject": self.post_object}

    def ticket(self, routine: str, revision: str, description: str) -> dict[str, str]:
        """OssPostConfig of a new revision."""
        key = f"{routine}.{int(revision) % 1000}.{revision[-14:]}.js"
        callback = _base64_json(
            {
                "callbackUrl": "http://routine.mock.invalid/callback",
                "callbackHost": "routine.mock.invalid",
                "callbackBody": "key=${object}&description=${x:codeDescription}",
                "callbackBodyType": "application/x-www-form-urlencoded",
            }
        )
        described = base64.b64encode(json.dumps(description, ensure_ascii=False).encode()).decode()
        settings = self._provider.settings
        expiration = utc(self._provider.clock.now() + settings.ticket_valid_s)
        policy = _base64_json(
            {
                "expiration": expiration.replace("Z", ".000Z"),
                "conditions": [
                    ["eq", "$key", key],
                    ["eq", "$callback", callback],
                    {"x:codeDescription": described},
                    ["content-length-range", 0, FILE_LIMIT],
                ],
            }
        )
        self._tickets[key] = (routine, revision)
        return {
            "OSSAccessKeyId": SIGNER_ID,
            "Signature": _signature(policy),
            "callback": callback,
            "x:codeDescription": described,
            "Url": settings.ticket_url or self._provider.origin,
            "key": key,
            "policy": policy,
        }

    def post_object(self, call: Call) -> Answer:
        form = call.received.form
        file = form.file() if form is not None else None
        if form is None or file is None:
            raise Refusal(400, "The form has no file.", "IncorrectNumberOfFilesInPOSTRequest")
        fields = form.fields()
        self._check(fields, file.size)
        routine, revision = self._tickets[fields["key"]]
        status = self._provider.settings.upload_status
        if status == 203:
            text = "The callback answered with status 502."
            return xml_error(203, "CallbackFailed", text, self._provider.host)
        self._provider.routines.register(routine, revision, file.sha256)
        headers = [("ETag", f'"{file.md5.upper()}"'), ("x-oss-request-id", file.md5[:24].upper())]
        answer = Answer(status)
        if status == 200:
            answer = json_answer({"Status": "OK"})
        elif status == 201:
            answer = Answer(201, _post_response(fields["key"], file.md5), [])
            answer.headers.append(("Content-Type", "application/xml"))
        answer.headers += headers
        return answer

    def _check(self, fields: dict[str, str], size: int) -> None:
        names = ("OSSAccessKeyId", "policy", "Signature")
        absent = [name for name in names if name not in fields]
        if len(absent) == len(names):
            raise Refusal(403, "Anonymous uploads are not allowed.", "AccessDenied")
        if absent:
            raise Refusal(400, f"The form lacks {', '.join(absent)}.", "InvalidArgument")
        if "key" not in fields:
            raise Refusal(400, "The form lacks key, or has it after file.", "InvalidArgument")
        if len(fields["key"].encode("utf-8")) > KEY_LIMIT:
            raise Refusal(400, "key is longer than 8 KB.", "FieldItemTooLong")
        if fields["OSSAccessKeyId"] != SIGNER_ID:
            raise Refusal(403, "OSSAccessKeyId is unknown.", "InvalidAccessKeyId")
        if not hmac.compare_digest(fields["Signature"].encode(), _signature(fields["policy"]).encode()):
            raise Refusal(403, "Signature is not that of policy.", "SignatureDoesNotMatch")
        policy = _policy(fields["policy"])
        until = policy["expiration"].partition(".")[0].rstrip("Z")
        if calendar.timegm(time.strptime(until, "%Y-%m-%dT%H:%M:%S")) < self._provider.clock.now():
            raise Refusal(403, "Invalid according to Policy: Policy expired.", "AccessDenied")
        for condition in policy["conditions"]:
            if _holds(condition, fields, size):
                continue
            if isinstance(condition, list) and condition[0] == "content-length-range":
                raise Refusal(400, "The file is larger than the policy allows.", "EntityTooLarge")
            text = f"Invalid according to Policy: Policy Condition failed: {condition}"
            raise Refusal(403, text, "AccessDenied")
        if fields["key"] not in self._tickets:
            raise Refusal(403, "No ticket was given for this key.", "AccessDenied")


def _holds(condition: Any, fields: dict[str, str], size: int) -> bool:
    if isinstance(condition, dict):
        return all(fields.get(name) == value for name, value in condition.items())
    kind, name, value = condition
    if kind == "content-length-range":
        return bool(name <= size <= value)
    found = fields.get(str(name).removeprefix("$"))
    if found is None:
        return False
    return found == value if kind == "eq" else found.startswith(value)


def _policy(text: str) -> dict[str, Any]:
    try:
        policy = json.loads(base64.b64decode(text, validate=True))
        return {"expiration": policy["expiration"], "conditions": policy["conditions"]}
    except (binascii.Error, ValueError, KeyError, TypeError):
        raise Refusal(400, "policy is not Base64 of a policy.", "InvalidPolicyDocument") from None


def _base64_json(value: Any) -> str:
    return base64.b64encode(json.dumps(value, separators=(",", ":")).encode()).decode()


def _signature(policy: str) -> str:
    mac = hmac.new(SIGNER_SECRET, policy.encode("utf-8", "surrogateescape"), hashlib.sha1)
    return base64.b64encode(mac.digest()).decode()


def _post_response(key: str, md5: str) -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>\n'
        f"  <Bucket>{BUCKET}</Bucket>\n  <Location>http://{BUCKET}.mock.invalid/{key}</Location>\n"
        f'  <Key>{key}</Key>\n  <ETag>"{md5.upper()}"</ETag>\n</PostResponse>\n'
    ).encode()
