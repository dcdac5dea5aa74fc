"""Walking lists: every item once and in order, and an end to every walk."""

from __future__ import annotations

from typing import Any

import pytest

import spec
from harness import Answer, Bench, header, same

PAGED = [op for op in spec.ALL if "x-eb-pages" in spec.operation(op).raw]
LIST = "app-version-list"
APP = {"app_name": "a"}


def page(n: int, names: list[str], following: Any, **more: Any) -> dict[str, Any]:
    pagination = {"number": n, "next_page_number": following, "has_next": following is not None} | more
    return {"versions": [{"name": name} for name in names], "total_count": 99, "pagination": pagination}


def names(answer: Answer) -> list[str]:
    return [item["name"] for item in answer["items"]]


def pages_asked_for(bench: Bench, operation: str = LIST) -> list[str]:
    return [entry["target"].partition("?")[2] for entry in bench.mock.journal(operation)]


def walk(bench: Bench, bodies: list[Any], limit: int = 100, **params: Any) -> Answer:
    bench.mock.faults(LIST, [{"body": body} for body in bodies])
    return bench.call(LIST, APP | params, walk=limit)


@pytest.mark.parametrize("operation", PAGED)
def test_items_of_a_page_are_those_of_the_document(bench: Bench, operation: str) -> None:
    bench.mock.example(operation)
    answer = bench.call(operation, spec.required_only(operation), walk=1)
    items = spec.operation(operation).raw["x-eb-pages"]["items"].strip("/")
    assert answer.status == "EB_OK", answer
    assert same(answer["items"], spec.result_example(operation)[items][:1])
    assert len(bench.mock.journal()) == 1


class TestRealLists:
    def make(self, bench: Bench, count: int) -> list[str]:
        bench.ok("application-create", {"body": {"name": "a", "is_active": True, "image": ""}})
        body = spec.body_example("app-version-create") | {"verify_image": False}
        made = [f"v{n:02}" for n in range(count)]
        for name in made:
            bench.ok("app-version-create", APP | {"body": body | {"name": name}}, client="maker")
        return made

    @pytest.mark.parametrize("count", [0, 1, 9, 10, 11, 20, 25])
    def test_every_item_once_in_order(self, bench: Bench, count: int) -> None:
        made = self.make(bench, count)
        assert names(bench.ok(LIST, APP, walk=1000)) == made
        assert len(pages_asked_for(bench)) == max(1, -(-count // 10))

    def test_size_and_start_are_the_callers(self, bench: Bench) -> None:
        made = self.make(bench, 11)
        assert names(bench.ok(LIST, APP | {"limit": 4}, walk=1000)) == made
        assert pages_asked_for(bench) == ["limit=4", "page=2&limit=4", "page=3&limit=4"]
        bench.mock.clear_journal()
        assert names(bench.ok(LIST, APP | {"limit": 4, "page": 2}, walk=1000)) == made[4:]
        assert pages_asked_for(bench) == ["page=2&limit=4", "page=3&limit=4"]

    def test_pages_are_fetched_when_they_are_needed(self, bench: Bench) -> None:
        made = self.make(bench, 15)
        for count, requests in ((1, 1), (10, 1), (11, 2)):
            bench.mock.clear_journal()
            answer = bench.call(LIST, APP, walk=count)
            assert answer.status == "EB_OK" and names(answer) == made[:count]
            assert len(pages_asked_for(bench)) == requests

    def test_page_that_was_lost_is_asked_for_again(self, bench: Bench) -> None:
        made = self.make(bench, 25)
        bench.mock.fault(LIST, name="cut_short", after=1)
        bench.mock.fault(LIST, name="throttled", after=3)
        assert names(bench.ok(LIST, APP, walk=1000)) == made
        assert pages_asked_for(bench) == ["", "page=2", "page=2", "page=3", "page=3"]

    def test_failure_under_way_is_told(self, bench: Bench) -> None:
        made = self.make(bench, 25)
        bench.mock.fault(LIST, {"status": 403}, after=1)
        answer = bench.call(LIST, APP, walk=1000)
        assert (answer.status, answer.http_status) == ("EB_API", 403), answer
        assert names(answer) == made[:10]

    def test_other_lists_of_edgegap(self, bench: Bench) -> None:
        tags = bench.ok("registry-image-tag-list", {"image_name": "shooter"}, walk=100)["items"]
        assert [tag["tag"] for tag in tags] == [*(f"1.{n}.0" for n in range(12)), "latest"]
        storage = spec.body_example("endpoint-create")
        for n in range(12):
            bench.ok("endpoint-create", {"body": storage | {"name": f"e{n:02}"}}, client="maker")
        assert names(bench.ok("endpoints-list", {"limit": 5}, walk=100)) == [f"e{n:02}" for n in range(12)]

    @pytest.mark.parametrize(("size", "requests"), [(None, 2), (5, 5), (25, 1), (24, 2), (500, 1)])
    def test_esa_counts_to_the_total(self, bench: Bench, size: int | None, requests: int) -> None:
        params = {"OrderKey": "Name", "OrderType": "ASC"} | ({"PageSize": size} if size else {})
        answer = bench.ok("ListEdgeContainerApps", params, walk=1000)
        assert [app["Name"] for app in answer["items"]] == [f"edge-app-{n:02}" for n in range(1, 26)]
        entries = bench.mock.journal()
        assert len(entries) == requests and all(entry["signature"]["ok"] for entry in entries)


class TestEnds:
    """A service that would have us walk for ever."""

    def test_next_page_null(self, bench: Bench) -> None:
        answer = walk(bench, [page(1, ["a"], None)])
        assert answer.status == "EB_DONE" and names(answer) == ["a"] and pages_asked_for(bench) == [""]

    @pytest.mark.parametrize("pagination", [None, {}, "absent"])
    def test_no_pagination(self, bench: Bench, pagination: Any) -> None:
        body = {"versions": [{"name": "a"}], "pagination": pagination}
        if pagination == "absent":
            del body["pagination"]
        answer = walk(bench, [body])
        assert answer.status == "EB_DONE" and names(answer) == ["a"] and len(pages_asked_for(bench)) == 1

    def test_has_next_without_a_number(self, bench: Bench) -> None:
        answer = walk(bench, [page(1, ["a"], None, has_next=True)])
        assert answer.status == "EB_DONE" and len(pages_asked_for(bench)) == 1

    def test_number_without_has_next(self, bench: Bench) -> None:
        answer = walk(bench, [page(1, ["a"], 2, has_next=None), page(2, ["b"], None)])
        assert answer.status == "EB_DONE" and names(answer) == ["a", "b"]

    def test_has_next_false_wins(self, bench: Bench) -> None:
        answer = walk(bench, [page(1, ["a"], 2, has_next=False)])
        assert answer.status == "EB_DONE" and names(answer) == ["a"] and len(pages_asked_for(bench)) == 1

    @pytest.mark.parametrize("following", [1, 0, -1, -(2**63)])
    def test_number_that_does_not_grow(self, bench: Bench, following: int) -> None:
        answer = walk(bench, [page(1, ["a"], following)])
        assert answer.status == "EB_DONE" and names(answer) == ["a"] and len(pages_asked_for(bench)) == 1

    def test_numbers_may_jump(self, bench: Bench) -> None:
        answer = walk(bench, [page(1, ["a"], 7), page(7, ["b"], None)])
        assert names(answer) == ["a", "b"] and pages_asked_for(bench) == ["", "page=7"]

    def test_empty_page(self, bench: Bench) -> None:
        for bodies in ([page(1, [], 2)], [page(1, ["a"], 2), page(2, [], 3)]):
            bench.mock.clear_journal()
            answer = walk(bench, bodies)
            assert answer.status == "EB_DONE" and len(pages_asked_for(bench)) == len(bodies)

    def test_page_without_items(self, bench: Bench) -> None:
        answer = walk(bench, [{"versions": None, "pagination": {"next_page_number": 2, "has_next": True}}])
        assert answer.status == "EB_DONE" and names(answer) == []

    def test_success_that_is_no_page(self, bench: Bench) -> None:
        answer = walk(bench, [{}])
        assert answer.status == "EB_DECODE" and answer["field"] == "versions" and names(answer) == []

    def test_first_page_over_and_over(self, bench: Bench) -> None:
        """A service that does not look at the number it is asked for."""
        answer = walk(bench, [page(1, ["a", "b"], 2)] * 20)
        assert answer.status == "EB_DONE" and names(answer) == ["a", "b"], answer
        assert len(pages_asked_for(bench)) == 2 and "earlier page" in answer.message

    def test_page_without_a_number_over_and_over(self, bench: Bench) -> None:
        bodies = [page(n, ["a", "b"], n + 1, number=None) for n in range(1, 20)]
        answer = walk(bench, bodies)
        assert answer.status == "EB_DONE" and names(answer) == ["a", "b"], answer
        assert len(pages_asked_for(bench)) == 2 and "same page" in answer.message

    def test_earlier_page_again(self, bench: Bench) -> None:
        bodies = [page(1, ["a"], 2), page(2, ["b"], 3), page(1, ["a"], 2), page(2, ["b"], 3)]
        answer = walk(bench, bodies)
        assert answer.status == "EB_DONE" and names(answer) == ["a", "b"] and len(pages_asked_for(bench)) == 3

    def test_endless_has_next_ends_with_an_empty_page(self, bench: Bench) -> None:
        bodies = [page(n, [f"v{n}"], n + 1) for n in range(1, 6)] + [page(6, [], 7)]
        answer = walk(bench, bodies)
        assert answer.status == "EB_DONE" and names(answer) == [f"v{n}" for n in range(1, 6)]

    def test_empty_answer(self, bench: Bench) -> None:
        bench.mock.fault(LIST, name="empty_200")
        answer = bench.call(LIST, APP, walk=5)
        assert answer.status == "EB_DECODE" and "not a page" in answer.message and answer["items"] == [], answer

    @pytest.mark.parametrize("total", [None, "absent", 99, 0, -1])
    def test_esa_totals_that_do_not_fit(self, bench: Bench, total: Any) -> None:
        bodies = []
        for n, found in enumerate((["a", "b"], ["c"], []), 1):
            body: dict[str, Any] = {"Apps": [{"Name": x} for x in found], "PageNumber": n, "TotalCount": total}
            if total == "absent":
                del body["TotalCount"]
            bodies.append(body)
        bench.mock.faults("ListEdgeContainerApps", [{"body": body} for body in bodies])
        answer = bench.call("ListEdgeContainerApps", walk=100)
        wanted = ["a", "b"] if total in (0, -1) else ["a", "b", "c"]
        assert answer.status == "EB_DONE" and [item["Name"] for item in answer["items"]] == wanted, answer

    def test_wrong_type_under_way(self, bench: Bench) -> None:
        answer = walk(bench, [page(1, ["a"], 2), page(2, ["b"], None) | {"total_count": "x"}])
        assert (answer.status, answer.field) == ("EB_DECODE", "total_count") and names(answer) == ["a"]


class TestMasks:
    OPERATION = "endpoints-list"

    def walk(self, bench: Bench, mask: str) -> Answer:
        return bench.call(self.OPERATION, {"X-Fields": mask, "limit": 2}, walk=100)

    @pytest.mark.parametrize(
        "mask",
        [
            "{endpoints{name},pagination{has_next,next_page_number},total_count}",
            "endpoints,pagination,total_count",
            "*",
            "{pagination,total_count,*}",
            "{endpoints{*},pagination{*},total_count}",
        ],
    )
    def test_mask_that_shows_the_pages(self, bench: Bench, mask: str) -> None:
        storage = spec.body_example("endpoint-create")
        for n in range(5):
            bench.ok("endpoint-create", {"body": storage | {"name": f"e{n}"}}, client="maker")
        answer = self.walk(bench, mask)
        assert answer.status == "EB_DONE" and names(answer) == [f"e{n}" for n in range(5)], answer
        entries = bench.mock.journal(self.OPERATION)
        assert len(entries) == 3 and all(header(entry, "x-fields") == mask for entry in entries)

    @pytest.mark.parametrize(
        ("mask", "hidden"),
        [
            ("{endpoints{name}}", "/pagination"),
            ("pagination{has_next,next_page_number}", "/endpoints"),
            ("{endpoints{name},pagination{number}}", "/pagination/"),
            ("{endpoints{name},pagination{has_next}}", "/pagination/next_page_number"),
            ("name", "/endpoints"),
        ],
    )
    def test_mask_that_hides_them_is_refused(self, bench: Bench, mask: str, hidden: str) -> None:
        answer = self.walk(bench, mask)
        assert answer.status == "EB_INVALID" and answer.field == "X-Fields" and hidden in answer.message, answer
        assert bench.mock.journal() == []

    def test_broken_mask_is_for_the_service_to_refuse(self, bench: Bench) -> None:
        answer = bench.call(self.OPERATION, {"X-Fields": "{endpoints"})
        assert (answer.status, answer.http_status) == ("EB_API", 400) and "Mask error" in answer.message

    def test_masked_member_that_does_not_exist_is_null(self, bench: Bench) -> None:
        answer = bench.ok(self.OPERATION, {"X-Fields": "total_count,endpoints"})
        assert answer.value == {"total_count": None, "endpoints": []}


def test_deadline_bounds_the_whole_walk(bench: Bench) -> None:
    bench.mock.faults(LIST, [{"body": page(n, [f"v{n}"], n + 1), "delay_ms": 400} for n in range(1, 20)])
    answer = bench.call(LIST, APP, walk=100, call={"deadline_ms": 1300})
    assert answer.status == "EB_TIMEOUT" and 1 <= len(answer["items"]) <= 4 and answer.took_s < 4, answer


def test_mistakes_are_told_when_the_walk_starts(bench: Bench) -> None:
    answer = bench.call(LIST, APP | {"limit": 0}, walk=5)
    assert (answer.status, answer.field) == ("EB_INVALID", "limit"), answer
    assert bench.mock.journal() == []
