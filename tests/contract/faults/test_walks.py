"""Services that would have us walk for ever, and pages that are lost under way. Every walk ends; what was handed out
before stays good; no item comes twice from a page that is repeated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from harness import Invoke
from raw_server import RESET, RawServer, Reply, answer, ends, http, says
from scenario import bench_of

WALKED_MOST = 50


def page(n: int, names: str, following: Any, **more: Any) -> Reply:
    pagination = {"number": n, "next_page_number": following, "has_next": following is not None} | more
    return answer(200, {"versions": [{"name": name} for name in names], "total_count": 9, "pagination": pagination})


def esa(n: int, names: str, total: Any) -> Reply:
    return answer(200, {"Apps": [{"Name": name} for name in names], "PageNumber": n, "TotalCount": total})


@dataclass(frozen=True)
class Walk:
    name: str
    server: Sequence[Reply]
    items: str  # a letter each
    requests: int
    status: str = "EB_DONE"
    http: int = 200
    says: str = ""
    pages: str = ""  # asked for, "- 2 3"; not compared when empty
    operation: str = "app-version-list"

    def __str__(self) -> str:
        return self.name


WALKS = [
    Walk("three pages", [page(1, "ab", 2), page(2, "cd", 3), page(3, "e", None)], "abcde", 3, pages="- 2 3"),
    Walk("next page null", [page(1, "ab", None)], "ab", 1),
    Walk("next page null although has_next", [page(1, "ab", None, has_next=True)], "ab", 1),
    Walk("a next page although not has_next", [page(1, "ab", 2, has_next=False)], "ab", 1),
    Walk("the next page is this page", [page(1, "ab", 1)], "ab", 1),
    Walk("the next page is the one before", [page(1, "a", 2), page(2, "b", 1)], "ab", 2),
    Walk("the next page is negative", [page(1, "ab", -5)], "ab", 1),
    Walk("the next page is far away", [page(1, "a", 2**62), page(2**62, "b", None)], "ab", 2, pages=f"- {2**62}"),
    Walk("has_next for ever, on empty pages", [page(n, "a" if n == 1 else "", n + 1) for n in range(1, 9)], "a", 2),
    Walk("an empty first page with has_next", [page(1, "", 2)], "", 1),
    Walk("the same page whatever is asked for", [page(1, "ab", 2)], "ab", 2, says="earlier page"),
    Walk(
        "the same page under new numbers",
        [page(n, "ab", n + 1, number=None) for n in range(1, 9)],
        "ab",
        2,
        says="same page",
    ),
    Walk("no pagination", [answer(200, {"versions": [{"name": "a"}]})], "a", 1),
    Walk("pagination null", [answer(200, {"versions": [{"name": "a"}], "pagination": None})], "a", 1),
    Walk("no list", [answer(200, {"pagination": {"has_next": True, "next_page_number": 2}})], "", 1),
    Walk("an empty answer", [answer(200, b"")], "", 1, "EB_DECODE", 200, "not a page"),
    Walk("an empty answer under way", [page(1, "a", 2), answer(200, b"")], "a", 2, "EB_DECODE", 200, "not a page"),
    Walk("a lost page is asked for again", [page(1, "a", 2), ends(RESET), page(2, "b", None)], "ab", 3, pages="- 2 2"),
    Walk(
        "a cut page is asked for again",
        [page(1, "a", 2), says(http(200, b"{", length=9), RESET), page(2, "b", None)],
        "ab",
        3,
        pages="- 2 2",
    ),
    Walk(
        "a throttled page is asked for again",
        [page(1, "a", 2), answer(429), page(2, "b", None)],
        "ab",
        3,
        pages="- 2 2",
    ),
    Walk("a page is refused under way", [page(1, "a", 2), answer(403, {"message": "no"})], "a", 2, "EB_API", 403, "no"),
    Walk("a page is unreadable under way", [page(1, "a", 2), answer(200, b"<html>")], "a", 2, "EB_DECODE", 200, "byte"),
    Walk(
        "has_next of the wrong type",
        [page(1, "a", 2, has_next="yes")],
        "",
        1,
        "EB_DECODE",
        200,
        "pagination.has_next: expected a boolean",
    ),
    Walk("a total that shrinks", [esa(1, "ab", 5), esa(2, "cd", 3)], "abcd", 2, operation="ListEdgeContainerApps"),
    Walk(
        "a total that shrinks to nothing",
        [esa(1, "ab", 5), esa(2, "cd", 0)],
        "abcd",
        2,
        operation="ListEdgeContainerApps",
    ),
    Walk(
        "a total that grows for ever, on empty pages",
        [esa(1, "ab", 10**9), esa(2, "", 10**10)],
        "ab",
        2,
        operation="ListEdgeContainerApps",
    ),
    Walk("a total that is negative", [esa(1, "ab", -1)], "ab", 1, operation="ListEdgeContainerApps"),
    Walk("a total that is too small", [esa(1, "ab", 1), esa(2, "c", 1)], "ab", 1, operation="ListEdgeContainerApps"),
    Walk(
        "no total",
        [esa(1, "ab", None), esa(2, "c", None), esa(3, "", None)],
        "abc",
        3,
        operation="ListEdgeContainerApps",
    ),
    Walk(
        "the same page of a total, whatever is asked for",
        [esa(1, "ab", 99)],
        "ab",
        2,
        operation="ListEdgeContainerApps",
        says="earlier page",
    ),
]


def walked(program: Invoke, server: RawServer, walk: Walk, **more: Any) -> Any:
    params = {"app_name": "shooter"} if walk.operation == "app-version-list" else {}
    try:
        return bench_of(server, program).call(walk.operation, params, walk=WALKED_MOST, **more)
    finally:
        server.stop()


@pytest.mark.parametrize("walk", WALKS, ids=str)
def test_walk(program: Invoke, walk: Walk) -> None:
    server = RawServer(walk.server)
    got = walked(program, server, walk)
    assert (got.status, got.http_status) == (walk.status, walk.http), got
    assert "".join(item.get("name") or item.get("Name") for item in got["items"]) == walk.items, got
    assert walk.says in got.message, got
    targets = [one.target for one in server.requests]
    assert len(targets) == walk.requests, targets
    if walk.pages:
        asked = [target.partition("page=")[2].partition("&")[0] or "-" for target in targets]
        assert asked == walk.pages.split(), targets


def test_pages_without_an_end_come_one_at_a_time(program: Invoke) -> None:
    """Every page is good and names a next one: the caller decides when it is enough, and the deadline does."""
    pages = [page(n, "ab", n + 1) for n in range(1, 200)]
    server = RawServer(pages)
    got = walked(program, server, WALKS[0])
    assert got.status == "EB_OK" and len(got["items"]) == WALKED_MOST and len(server.requests) == WALKED_MOST // 2
    slow = [says(b"")]
    server = RawServer([page(1, "ab", 2), *slow])
    got = walked(program, server, WALKS[0], call={"deadline_ms": 300})
    assert (got.status, got.reason) == ("EB_TIMEOUT", "deadline") and len(got["items"]) == 2, got
