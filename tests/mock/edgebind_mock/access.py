"""Who may call: Edgegap's token, and at Alibaba the key, the clock, the body hash, the signature and
the nonce. The credentials are constants that no real account could have."""

from __future__ import annotations

import calendar
import collections
import hashlib
import re
import time
from dataclasses import dataclass
from email.utils import formatdate
from typing import Any

from edgebind_mock import acs3
from edgebind_mock.answer import Refusal
from edgebind_mock.received import Received

EDGEGAP_TOKEN = "00000000-mock-mock-mock-000000000000"
ACCESS_KEY_ID = "MOCK-ACCESS-KEY-ID"
ACCESS_KEY_SECRET = "mock-access-key-secret"
STS_ACCESS_KEY_ID = "STS.MOCK-ACCESS-KEY-ID"
STS_ACCESS_KEY_SECRET = "mock-sts-access-key-secret"
STS_SECURITY_TOKEN = "mock/security+token=="
STS_EXPIRED_TOKEN = "mock/expired+token=="

CLOCK_WINDOW_S = 15 * 60
NONCES_KEPT = 100_000

_TOKEN = re.compile(r"token [0-9A-Za-z._~+/=-]+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


@dataclass
class Clock:
    """The server's time; a skew moves it, and the Date header with it."""

    skew_s: float = 0.0

    def now(self) -> float:
        return time.time() + self.skew_s

    def http_date(self) -> str:
        return formatdate(self.now(), usegmt=True)


def check_token(received: Received) -> None:
    value = received.header("authorization")
    if value is None:
        raise Refusal(401, "The authorization header is missing.")
    if not _TOKEN.fullmatch(value):
        raise Refusal(401, "The authorization header is malformed: expected `token <secret>`.")
    if value != f"token {EDGEGAP_TOKEN}":
        raise Refusal(403, "The token is unknown or was deleted.")


class Gateway:
    """Alibaba's gateway: remembers nonces, refuses what is stale, forged or seen before."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._nonces: collections.OrderedDict[str, None] = collections.OrderedDict()

    def reset(self) -> None:
        self._nonces.clear()

    def check(self, received: Received) -> dict[str, Any]:
        """What the journal keeps about the signature. Refused when `refusal` is in it."""
        found: dict[str, Any] = {"ok": False}
        try:
            self._check(received, found)
            found["ok"] = True
        except Refusal as refusal:
            found["refusal"] = refusal
        return found

    def _check(self, received: Received, found: dict[str, Any]) -> None:
        value = received.header("authorization")
        if value is None:
            raise Refusal(400, "Authorization is missing.", "MissingAuthorization")
        given = acs3.parse_authorization(value)
        if given is None:
            raise Refusal(400, "Authorization is malformed.", "InvalidAuthorization")
        secret = self._secret(received, given.credential)
        self._check_date(received)
        self._check_hash(received)
        expected = acs3.sign(received, secret)
        found["canonical_request"] = expected.canonical_request
        found["string_to_sign"] = expected.string_to_sign
        ours = (expected.signed_headers, expected.signature)
        if not acs3.same(";".join(ours), f"{given.signed_headers};{given.signature}"):
            raise Refusal(
                400,
                "The signature is not what the server computes. "
                f"Server CanonicalRequest is:[{expected.canonical_request}] "
                f"server StringToSign is:[{expected.string_to_sign}]",
                "SignatureDoesNotMatch",
            )
        self._check_nonce(received)

    def _secret(self, received: Received, key_id: str) -> str:
        token = received.header("x-acs-security-token")
        named = received.header("x-acs-accesskey-id")
        if named is not None and named != key_id:
            raise Refusal(
                400,
                "x-acs-accesskey-id and Credential name different keys.",
                "InvalidAccessKeyId.NotFound",
            )
        if key_id == ACCESS_KEY_ID:
            if token is not None:
                raise Refusal(
                    400,
                    "A security token came with a key it does not belong to.",
                    "InvalidSecurityToken.MismatchWithAccessKey",
                )
            return ACCESS_KEY_SECRET
        if key_id != STS_ACCESS_KEY_ID:
            raise Refusal(400, f"No key {key_id} is known.", "InvalidAccessKeyId.NotFound")
        if token is None:
            raise Refusal(400, "x-acs-security-token is missing.", "MissingSecurityToken")
        if token == STS_EXPIRED_TOKEN:
            raise Refusal(400, "The security token has expired.", "InvalidSecurityToken.Expired")
        if token != STS_SECURITY_TOKEN:
            raise Refusal(400, "The security token is unknown.", "InvalidSecurityToken.Malformed")
        return STS_ACCESS_KEY_SECRET

    def _check_date(self, received: Received) -> None:
        value = received.header("x-acs-date")
        if value is None:
            raise Refusal(400, "x-acs-date is missing.", "MissingTimeStamp")
        try:
            if not _DATE.fullmatch(value):
                raise ValueError
            then = calendar.timegm(time.strptime(value, "%Y-%m-%dT%H:%M:%SZ"))
        except ValueError:
            raise Refusal(
                400,
                f"x-acs-date {value!r} is not YYYY-MM-DDThh:mm:ssZ.",
                "InvalidTimeStamp.Format",
            ) from None
        if abs(then - self._clock.now()) > CLOCK_WINDOW_S:
            raise Refusal(
                400,
                f"x-acs-date {value} is more than 15 minutes from the server's time.",
                "InvalidTimeStamp.Expired",
            )

    def _check_hash(self, received: Received) -> None:
        value = received.header("x-acs-content-sha256")
        if value is None:
            raise Refusal(400, "x-acs-content-sha256 is missing.", "MissingContentSha256")
        actual = hashlib.sha256(received.body).hexdigest()
        if value != actual:
            raise Refusal(
                400,
                f"x-acs-content-sha256 is {value}, the body's hash is {actual}.",
                "InvalidContentSha256",
            )

    def _check_nonce(self, received: Received) -> None:
        value = received.header("x-acs-signature-nonce")
        if not value:
            raise Refusal(400, "x-acs-signature-nonce is missing.", "MissingSignatureNonce")
        if value in self._nonces:
            raise Refusal(400, "The nonce was used before.", "SignatureNonceUsed")
        self._nonces[value] = None
        if len(self._nonces) > NONCES_KEPT:
            self._nonces.popitem(last=False)
