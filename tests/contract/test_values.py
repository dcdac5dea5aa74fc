"""What answers hold, member by member, for every operation that answers with a body: absent, null and set stay
apart, numbers stay exact, what is new is let through, and what is wrong is named."""

from __future__ import annotations

import json
from typing import Any

import pytest

import spec
from harness import Answer, Bench, compact, same

INT64_MAX = 9223372036854775807
INT64_MIN = -9223372036854775808
RESULTS = pytest.mark.parametrize("operation", spec.WITH_RESULT)

# by the first of a member's types: what is never read as it, and what the message expects
WRONG: dict[str, tuple[list[Any], str]] = {
    "string": ([5, True, {}, []], "a string"),
    "integer": (["5", True, 1.5, [], {}], "an integer"),
    "number": (["5", False, [], {}], "a number"),
    "boolean": ([0, 1, "true", [], {}], "a boolean"),
    "array": ([{}, "x", 1], "an array"),
    "object": ([[], "x", 1], "an object"),
}


class Series:
    """Many answers of one operation, each compared; all that differ are told together."""

    def __init__(self, bench: Bench, operation: str) -> None:
        self._bench = bench
        self._operation = operation
        self._cases: list[tuple[str, Any, Any]] = []

    def add(self, what: str, body: Any, check: Any) -> None:
        """`check` takes the answer and returns a complaint, or nothing."""
        self._cases.append((what, body, check))

    def run(self) -> None:
        assert self._cases
        self._bench.mock.faults(
            self._operation, [{"body": body if isinstance(body, str) else compact(body)} for _, body, _ in self._cases]
        )
        wrong = []
        for what, _, check in self._cases:
            answer = self._bench.example_call(self._operation, client="series")
            complaint = check(answer)
            if complaint:
                wrong.append(f"{what}: {complaint}")
        assert not wrong, f"{len(wrong)} of {len(self._cases)} cases:\n" + "\n".join(wrong)


def arrives_as(expected: Any) -> Any:
    def check(answer: Answer) -> str | None:
        if answer.status != "EB_OK":
            return f"{answer.status} {answer.field}: {answer.message}"
        value = answer.get("value")
        return None if same(value, expected) else f"arrived as {compact(value)}"

    return check


def refused_at(path: str, expectation: str = "") -> Any:
    def check(answer: Answer) -> str | None:
        if answer.status != "EB_DECODE":
            return f"{answer.status}, expected EB_DECODE"
        if answer.field != path:
            return f"field is {answer.field!r}, expected {path!r}"
        if not answer.message.startswith(path) or expectation not in answer.message:
            return f"message {answer.message!r} does not begin with {path!r} and say {expectation!r}"
        return None if answer.http_status == 200 and answer.sent == "answered" else repr(answer)

    return check


@RESULTS
def test_member_of_the_wrong_type_is_named(bench: Bench, operation: str) -> None:
    whole, series = spec.result_example(operation), Series(bench, operation)
    for member in spec.members(operation):
        if member.is_free:
            continue
        values, expectation = WRONG[member.types[0]]
        if member.types[:2] == ["string", "integer"]:
            values, expectation = [True, {}, []], "a string or an integer"
        for value in values:
            body = member.put(whole, value)
            if operation == "ListAppVersions" and member.path == "Code" and value is True:
                continue  # a code, and none of success
            series.add(f"{member.path} = {compact(value)}", body, refused_at(member.path, expectation))
    series.run()


@RESULTS
def test_null_arrives_as_null_where_it_may(bench: Bench, operation: str) -> None:
    """A member that may not be null and need not be there is taken for absent; an element cannot be."""
    whole, series = spec.result_example(operation), Series(bench, operation)
    everywhere = whole
    for member in spec.members(operation):
        body = member.put(whole, None)
        if member.nullable:
            series.add(f"{member.path} = null", body, arrives_as(body))
            if len(member.keys) == 1:
                everywhere = member.put(everywhere, None)
        elif isinstance(member.keys[-1], int):
            series.add(f"{member.path} = null", body, refused_at(member.path))
        else:
            series.add(f"{member.path} = null", body, arrives_as(member.drop(whole)))
    series.add("all null", everywhere, arrives_as(everywhere))
    series.run()


@RESULTS
def test_any_member_may_be_missing(bench: Bench, operation: str) -> None:
    whole, series = spec.result_example(operation), Series(bench, operation)
    for member in spec.members(operation):
        body = member.drop(whole)
        series.add(f"without {member.path}", body, arrives_as(body))
    series.add("{}", {}, arrives_as({}))
    series.run()


@RESULTS
def test_scalars_at_their_edges_arrive_exactly(bench: Bench, operation: str) -> None:
    whole, series = spec.result_example(operation), Series(bench, operation)
    for member in spec.members(operation):
        kind = member.types[0]
        values: list[Any] = []
        if member.is_free:
            values = [None, True, 0, "", [], {}, {"a": [1, {"b": None}]}]
        elif member.schema.get("format") == "int32":
            values = [0, -1, 2**31 - 1, -(2**31)]
        elif kind == "integer":
            values = [0, -1, INT64_MAX, INT64_MIN, 2**53 + 1]
        elif kind == "number":
            values = [0, -1, 0.1, 1e-7, 1.7976931348623157e308, 5e-324, 123456789.125, 2**53]
        elif kind == "boolean":
            values = [True, False]
        elif kind == "array":
            values = [[]]
        elif kind == "object":
            values = [{}]
        elif kind == "string":
            values = ["", 'a"\\/\b\f\n\r\t', "\u007f\u0080\u20ac\U0001f600", "null", "x" * 5000]
            if member.types[:2] == ["string", "integer"]:
                values = ["200", "2xx"[:1] + "01"]
        for value in values:
            if (operation, member.path, value) == ("ListAppVersions", "Success", False):
                continue  # a failure
            body = member.put(whole, value)
            series.add(f"{member.path} = {compact(value)[:40]}", body, arrives_as(body))
    series.run()


def test_documented_ranges_do_not_bind_answers(bench: Bench) -> None:
    """They are advice for requests: a larger value of tomorrow's service is read."""
    whole, series = spec.result_example("ListEdgeContainerApps"), Series(bench, "ListEdgeContainerApps")
    for member in spec.members("ListEdgeContainerApps"):
        if member.schema.get("format") == "int32":
            for value in (2**31, -(2**31) - 1, INT64_MAX, INT64_MIN):
                body = member.put(whole, value)
                series.add(f"{member.path} = {value}", body, lambda a: None if a.status == "EB_OK" else a.message)
    series.run()


def integers(operation: str) -> list[spec.Member]:
    return [member for member in spec.members(operation) if member.types[0] == "integer"]


@pytest.mark.parametrize("operation", [operation for operation in spec.WITH_RESULT if integers(operation)])
def test_number_that_does_not_fit_is_refused(bench: Bench, operation: str) -> None:
    whole, series = spec.result_example(operation), Series(bench, operation)
    for member in integers(operation):
        marked = compact(member.put(whole, "@@@"))
        for text in ("9223372036854775808", "-9223372036854775809", "1" + "0" * 400, "1.5", "1e2", "1.0", "-0.5"):
            body = marked.replace('"@@@"', text)
            series.add(f"{member.path} = {text[:30]}", body, refused_at(member.path))
    series.run()


@RESULTS
def test_unknown_members_are_let_through(bench: Bench, operation: str) -> None:
    whole, series = spec.result_example(operation), Series(bench, operation)
    new = {"deep": [1, None, "x", {"y": [[]]}], "huge": 10**40}

    changed = {"member_of_tomorrow": new} | whole | {"Zukunft ü": None}
    for member in spec.members(operation):
        value = member.get(whole)
        if isinstance(value, dict) and not member.is_free:
            changed = member.put(changed, {"member_of_tomorrow": new} | member.get(changed) | {"Zukunft ü": None})
    series.add("everywhere", changed, arrives_as(whole))
    series.run()


def test_unknown_enum_values_stay_as_they_are(bench: Bench) -> None:
    seen = set()
    for operation in spec.WITH_RESULT:
        series, whole = Series(bench, operation), spec.result_example(operation)
        enums = [member for member in spec.members(operation) if member.is_enum]
        for member in enums:
            seen.add(str(member.keys[-1]))
            for value in ("of tomorrow", "", "always ", member.get(whole).swapcase(), '\u00fc"\\'):
                body = member.put(whole, value)
                series.add(f"{member.path} = {value!r}", body, arrives_as(body))
        if enums:
            series.run()
    assert {"protocol", "restart_policy", "build_type", "source_type", "output_format"} <= seen


@RESULTS
def test_text_that_is_no_json_is_refused(bench: Bench, operation: str) -> None:
    whole, series = compact(spec.result_example(operation)), Series(bench, operation)

    def refused(answer: Answer) -> str | None:
        if answer.status != "EB_DECODE" or answer.http_status != 200 or not answer.message:
            return f"{answer.status} {answer.message!r}, expected EB_DECODE"
        return None

    for end in {1, 2, len(whole) // 3, len(whole) // 2, len(whole) - 1}:
        series.add(f"cut at {end}", whole[:end], refused)
    html = "<!DOCTYPE html><html><body>Welcome to the hotel's network</body></html>"
    broken = [html, "{}{}", whole + "x", "[]", '"text"', "1", "{'a':1}", '{"a":1,}', '{"a" 1}', "nul", "{,}", "\ufeff{"]
    for text in broken:
        series.add(text[:40], text, refused)
    series.run()


@RESULTS
def test_empty_success_has_no_value(bench: Bench, operation: str) -> None:
    series = Series(bench, operation)
    for text in ("", " ", "\r\n\t "):
        series.add(repr(text), text, arrives_as(None))
    series.run()


@RESULTS
def test_white_space_and_order_do_not_matter(bench: Bench, operation: str) -> None:
    whole, series = spec.result_example(operation), Series(bench, operation)

    def backwards(value: Any) -> Any:
        if isinstance(value, dict):
            return {k: backwards(v) for k, v in reversed(value.items())}
        return [backwards(v) for v in value] if isinstance(value, list) else value

    series.add("indented", json.dumps(whole, indent=3), arrives_as(whole))
    series.add("ASCII alone", json.dumps(whole), arrives_as(whole))
    series.add("backwards", json.dumps(backwards(whole)), arrives_as(whole))
    series.add("names escaped", json.dumps(whole).replace('"name"', '"\\u006eame"'), arrives_as(whole))
    series.run()


class TestTexts:
    """On one member, as bytes."""

    @staticmethod
    def get(bench: Bench, body: bytes, **more: Any) -> Answer:
        import base64

        bench.mock.fault("application-get", {"status": 200, "body_base64": base64.b64encode(body).decode(), **more})
        return bench.call("application-get", {"app_name": "a"})

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            (rb'{"name":"\u00fc\ud83d\ude00"}', "ü\U0001f600"),
            (rb'{"name":"\/\b\f\n\r\t\\\""}', '/\b\f\n\r\t\\"'),
            (rb'{"name":"a","name":"b"}', "b"),
            ('{"name":"\u2028\uffff"}'.encode(), "\u2028\uffff"),
        ],
    )
    def test_escapes_and_duplicates(self, bench: Bench, body: bytes, expected: str) -> None:
        answer = self.get(bench, body)
        assert answer.status == "EB_OK" and answer.value == {"name": expected}, answer

    @pytest.mark.parametrize(
        "body",
        [
            b'{"name":"\xff"}',
            b'{"name":"\xc0\x80"}',
            b'{"name":"\xed\xa0\x80"}',
            b'{"name":"\xe2\x82"}',
            rb'{"name":"\ud800"}',
            rb'{"name":"\udc00\ud800"}',
            rb'{"name":"\u0000"}',
            rb'{"name":"\x41"}',
            b'{"name":"a\nb"}',
            b'{"name":"a\x00b"}',
        ],
    )
    def test_what_is_no_text_is_refused_at_its_place(self, bench: Bench, body: bytes) -> None:
        answer = self.get(bench, body)
        assert answer.status == "EB_DECODE" and answer.field == "name", answer

    def test_compressed_answer_is_read(self, bench: Bench) -> None:
        import gzip

        answer = self.get(bench, gzip.compress(b'{"name":"packed"}'), headers={"Content-Encoding": "gzip"})
        assert answer.status == "EB_OK" and answer.value == {"name": "packed"}, answer
        assert answer.body == '{"name":"packed"}'

    def test_broken_compression_is_not_a_success(self, bench: Bench) -> None:
        bench.mock.fault(
            "application-create",
            {"status": 200, "body": "plainly not gzip", "headers": {"Content-Encoding": "gzip"}},
        )
        answer = bench.example_call("application-create")
        assert answer.status == "EB_DECODE" and answer.http_status == 200, answer


class TestLimits:
    def test_body_beyond_its_limit(self, bench: Bench) -> None:
        bench.mock.fault("application-get", {"body": {"image": "x" * 5000}}, times=2)
        assert bench.call("application-get", {"app_name": "a"}, options={"max_body_bytes": 6000}).status == "EB_OK"
        answer = bench.call("application-get", {"app_name": "a"}, options={"max_body_bytes": 4000})
        assert answer.status == "EB_LIMIT" and "max_body_bytes" in answer.message, answer

    def test_headers_beyond_their_limit(self, bench: Bench) -> None:
        headers = {f"x-filler-{n}": "y" * 100 for n in range(20)}
        bench.mock.fault("application-get", {"body": {}, "headers": headers})
        answer = bench.call("application-get", {"app_name": "a"}, options={"max_header_bytes": 1000})
        assert answer.status == "EB_LIMIT" and "max_header_bytes" in answer.message, answer

    def test_depth_beyond_its_limit(self, bench: Bench) -> None:
        deep = {"x": json.loads("[" * 100 + "]" * 100)}
        bench.mock.fault("application-get", {"body": deep}, times=4)
        for depth, status in ((200, "EB_OK"), (101, "EB_OK"), (100, "EB_LIMIT")):
            answer = bench.call("application-get", {"app_name": "a"}, call={}, options={"max_depth": depth})
            assert answer.status == status, answer
        answer = bench.call("application-get", {"app_name": "a"})
        assert answer.status == "EB_LIMIT", answer

    def test_more_values_than_allowed(self, bench: Bench) -> None:
        bench.mock.fault("application-get", {"body": {"x": [0] * 1000}})
        answer = bench.call("application-get", {"app_name": "a"}, options={"max_items": 500})
        assert answer.status == "EB_LIMIT", answer

    def test_limit_on_a_creation_says_that_it_was_answered(self, bench: Bench) -> None:
        bench.mock.fault("application-create", {"body": {"image": "x" * 5000}})
        answer = bench.example_call("application-create", options={"max_body_bytes": 1000})
        assert answer.status == "EB_LIMIT" and answer.http_status == 200 and answer.sent == "answered", answer


def test_headers_of_the_answer_are_kept_in_order(bench: Bench) -> None:
    headers = {"X-One": "1", "x-two": "", "X-Three": 'a, b ; c="d"'}
    bench.mock.fault("application-get", {"body": {}, "headers": headers})
    answer = bench.call("application-get", {"app_name": "a"})
    assert [pair for pair in answer.headers if pair[0].lower().startswith("x-")] == [list(p) for p in headers.items()]
