"""Upgrades: each rule of `edgebind diff` with a pair of documents that shows it, and how they are reported."""

from __future__ import annotations

import contextlib
import io
import json
import re
from pathlib import Path

import pytest

from diff_pairs import CATALOG, LINK, PAIRS, SHOP, STORE, Pair, edit
from edgebind import cli
from edgebind.diff_report import following
from edgebind.diff_rules import RULES, Change, Level


def write(folder: Path, documents: dict[str, str]) -> None:
    folder.mkdir()
    for name, text in documents.items():
        (folder / name).write_text(text)


def replaced(text: str, edits: tuple[tuple[str, str], ...]) -> str:
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    return text


def sides(pair: Pair, tmp_path: Path) -> list[str]:
    """Both sides in directories; the new one has the lock of the old one, with the edits of the pair."""
    catalog = replaced(CATALOG, pair.catalog)
    if catalog.count("document:") == 1:
        shop = SHOP.replace(LINK, "")
        plain = {"shop.yaml": shop}
    else:
        shop = SHOP
        plain = {"shop.yaml": SHOP, "store.yaml": STORE}
    changed = {**plain, "shop.yaml": replaced(shop, pair.edits), "catalog.yaml": catalog}
    plain = {**plain, "shop.yaml": shop, "store.yaml": STORE, "catalog.yaml": CATALOG}
    old, new = (changed, plain) if pair.back else (plain, changed)
    write(tmp_path / "old", old)
    command = ["generate", "--catalog", str(tmp_path / "old/catalog.yaml"), "--out", str(tmp_path / "out")]
    with contextlib.redirect_stdout(io.StringIO()):  # what was generated is not what is looked at
        assert cli.main(command) == 0
    lock = (tmp_path / "old/names.lock").read_text()
    write(tmp_path / "new", new)
    if not pair.back:
        (tmp_path / "new/names.lock").write_text(replaced(lock, pair.lock))
    return [str(tmp_path / "old"), str(tmp_path / "new")]


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: p.found[0].partition(": ")[0] if p.found else "same")
def test_rule(pair: Pair, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status = cli.main(["diff", *sides(pair, tmp_path), "--format", "json"])
    captured = capsys.readouterr()
    assert captured.err == ""
    made = json.loads(captured.out)
    assert {f"{c['rule']}: {c['name']}: {c['text']}" for c in made["changes"]} == set(pair.found)
    for change in made["changes"]:
        assert change["level"] == RULES[change["rule"]][0].value
        assert Path(change["file"]).parent.name == change["in"]
        assert change["line"] > 1 or change["pointer"] == "#"
    ranks = [Level(c["level"]).rank for c in made["changes"]]
    assert ranks == sorted(ranks)
    assert status == (3 if min(ranks, default=9) <= Level.BEHAVIOUR.rank else 0)


def test_every_rule_has_a_pair() -> None:
    shown = {found.partition(": ")[0] for pair in PAIRS for found in pair.found}
    assert set(RULES) - shown == set()
    assert len(PAIRS) >= 100


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.endswith(("-renamed", "-removed"))])
def test_a_name_that_programs_use_is_breaking_when_it_goes(rule: str) -> None:
    if rule not in ("variable-removed", "status-removed"):  # which are no C names
        assert RULES[rule][0] is Level.SOURCE


def test_it_is_said_in_words_and_as_a_changelog(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pair = Pair((("[red, green]", "[red, green, blue]"), (", b: {type: string}", "")), ())
    both = sides(pair, tmp_path)
    form, colour = (SHOP[: SHOP.index(name)].count("\n") + 1 for name in ("    Form:", "    Colour:"))
    assert cli.main(["diff", *both, "--current", "1.4.2"]) == 3
    assert capsys.readouterr().out.replace(str(tmp_path), "") == (
        "breaking source:\n"
        f"  /old/shop.yaml:{form}:58: shop_form.b: the member is gone [member-removed]\n"
        "additive:\n"
        f"  /new/shop.yaml:{colour}:5: SHOP_COLOUR_BLUE: a new value, blue [value-added]\n"
        "version: 1.4.2 becomes 2.0.0 (major)\n"
    )
    assert cli.main(["diff", *both, "--current", "0.4.2", "--format", "changelog", "--fail-on", "never"]) == 0
    assert capsys.readouterr().out == (
        "## 0.5.0\n"
        "\n"
        "### Breaking: programs have to be changed\n"
        "\n"
        "- `shop_form.b`: the member is gone.\n"
        "\n"
        "### Added\n"
        "\n"
        "- `SHOP_COLOUR_BLUE`: a new value, blue.\n"
    )


@pytest.mark.parametrize(
    ("rules", "versions"),
    [
        ((), ("1.4.2", "0.4.2")),
        (("struct-text",), ("1.4.3", "0.4.3")),
        (("struct-text", "value-added"), ("1.5.0", "0.4.3")),
        (("member-required",), ("1.5.0", "0.4.3")),
        (("member-added",), ("2.0.0", "0.5.0")),
        (("value-added", "member-removed"), ("2.0.0", "0.5.0")),
    ],
)
def test_the_version_follows_from_the_worst_change(rules: tuple[str, ...], versions: tuple[str, str]) -> None:
    changes = [Change(rule, "x", "", "#") for rule in rules]
    assert (following("1.4.2", changes), following("0.4.2", changes)) == versions


@pytest.mark.parametrize(
    ("limit", "status"),
    [("source", 0), ("abi", 0), ("behaviour", 0), ("additive", 3), ("documentation", 3), ("never", 0)],
)
def test_the_exit_status_depends_on_the_level(limit: str, status: int, tmp_path: Path) -> None:
    both = sides(edit("[red, green]", "[red, green, blue]"), tmp_path)
    assert cli.main(["diff", *both, "--fail-on", limit]) == status


def test_documents_without_a_catalog_are_compared_under_one_prefix(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "store-1.yaml").write_text(STORE)
    (tmp_path / "store-2.yaml").write_text(STORE.replace("key", "path").replace("PutForm", "Upload"))
    both = [str(tmp_path / "store-1.yaml"), str(tmp_path / "store-2.yaml")]
    assert cli.main(["diff", *both, "--prefix", "acme_", "--format", "changelog"]) == 3
    assert "- `acme_put_form`: the struct is gone." in capsys.readouterr().out
    assert cli.main(["diff", both[0], both[0]]) == 0
    assert capsys.readouterr().out == "no change\n"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["store-1.yaml", "store-2.yaml"]


def test_overlays_are_laid_over_both_documents_or_over_each_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("one", "two"):
        action = f"{{target: '$.components.schemas.PutForm.properties', update: {{{name}: {{type: string}}}}}}"
        (tmp_path / f"{name}.yaml").write_text(
            f"overlay: 1.0.0\ninfo: {{title: {name}, version: '1'}}\nactions: [{action}]\n"
        )
    one, two, store = str(tmp_path / "one.yaml"), str(tmp_path / "two.yaml"), str(tmp_path / "store.yaml")
    Path(store).write_text(STORE)
    assert cli.main(["diff", store, store, "--overlay", one]) == 0
    assert capsys.readouterr().out == "no change\n"
    assert cli.main(["diff", store, store, "--overlay", two, "--old-overlay", one]) == 3
    said = capsys.readouterr().out
    assert "store_put_form.one: the member is gone" in said and "store_put_form.two: a new member" in said
    assert cli.main(["diff", store, store, "--overlay", str(tmp_path / "gone.yaml")]) == 2
    assert "gone.yaml: no such file" in capsys.readouterr().err
    both = sides(edit("[red, green]", "[red, green, blue]"), tmp_path)
    assert cli.main(["diff", *both, "--overlay", one]) == 2
    assert "--overlay is for documents" in capsys.readouterr().err


def test_sides_that_cannot_be_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(STORE)
    bad.write_text(STORE.replace("type: object", "type: objects"))
    assert cli.main(["diff", str(good), str(bad)]) == 1
    assert re.fullmatch(r".*/bad.yaml:15:7: #/components/schemas/PutForm/type: there is no type objects\n",
                        capsys.readouterr().err)  # fmt: skip
    for argv, words in (
        ([str(good), str(tmp_path)], "no catalog.yaml, nor spec/catalog.yaml"),
        ([str(good), str(tmp_path / "god.yaml")], "no such file; did you mean"),
        ([str(good), str(good), "--current", "1.4"], "--current 1.4 is no version"),
        ([str(good), str(good), "--prefix", "Eb"], "--prefix Eb: a prefix is"),
    ):
        assert cli.main(["diff", *argv]) == 2
        assert words in capsys.readouterr().err
