"""Edgegap's container registry: a few images with tags, there from the start."""

from __future__ import annotations

import hashlib
from typing import Any

from edgebind_mock import pages
from edgebind_mock.answer import Answer, Refusal, json_answer
from edgebind_mock.call import Call
from edgebind_mock.edgegap import Handler

# image -> tag -> content; tags with the same content share an artifact
SEEDS: dict[str, dict[str, str]] = {
    "shooter": {f"1.{n}.0": f"shooter {n}" for n in range(12)} | {"latest": "shooter 11"},
    "lobby": {"1.0.0": "lobby 0", "1.0.1": "lobby 1"},
    "tools/map builder": {"0.9": "map builder 9"},
}


class Registry:
    def __init__(self) -> None:
        self._images = {image: dict(tags) for image, tags in SEEDS.items()}

    def seeds(self) -> dict[str, list[str]]:
        return {image: list(tags) for image, tags in SEEDS.items()}

    def handlers(self) -> dict[str, Handler]:
        return {
            "registry-image-tag-list": self.list_tags,
            "registry-image-tag-delete": self.delete_tag,
        }

    def _tags(self, call: Call) -> dict[str, str]:
        image = call.path["image_name"]
        if image not in self._images:
            raise Refusal(404, f"Image {image} does not exist. Leave the project out of its name.")
        return self._images[image]

    def list_tags(self, call: Call) -> Answer:
        tags = self._tags(call)
        number = int(call.query.get("page", 1))
        limit = int(call.query.get("limit", pages.DEFAULT_LIMIT))
        shown = [
            {
                "tag": tag,
                "last_push_at": f"2026-04-{n % 28 + 1:02} 12:00:46.444265",
                "artifact": _artifact(tags, tag, content, deleted=False),
            }
            for n, (tag, content) in enumerate(tags.items())
        ]
        return json_answer(
            {
                "data": pages.page_of(shown, number, limit),
                "count": len(shown),
                "pagination": pages.envelope(len(shown), number, limit),
            }
        )

    def delete_tag(self, call: Call) -> Answer:
        tags = self._tags(call)
        tag = call.path["tag_name"]
        if tag not in tags:
            raise Refusal(404, f"Tag {tag} does not exist.")
        content = tags.pop(tag)
        artifact = _artifact(tags, tag, content, deleted=content not in tags.values())
        return json_answer({"deleted_tag": tag, "artifact": artifact})


def _artifact(tags: dict[str, str], tag: str, content: str, *, deleted: bool) -> dict[str, Any]:
    return {
        "artifact_deleted": deleted,
        "image_hash": "sha256:" + hashlib.sha256(content.encode("utf-8")).hexdigest(),
        "remaining_tags": [name for name, other in tags.items() if other == content and name != tag],
        "size_mb": 118.25,
    }
