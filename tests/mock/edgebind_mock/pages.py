"""Page numbers: one page of a list, and the envelope Edgegap wraps around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

DEFAULT_LIMIT = 10


def page_of(items: Sequence[Any], page: int, size: int) -> list[Any]:
    return list(items[(page - 1) * size : page * size])


def envelope(count: int, page: int, limit: int) -> dict[str, Any]:
    pages = max(1, -(-count // limit))
    return {
        "number": page,
        "next_page_number": page + 1 if page < pages else None,
        "previous_page_number": min(page - 1, pages) if page > 1 else None,
        "paginator": {"num_pages": pages},
        "has_next": page < pages,
        "has_previous": page > 1,
    }
