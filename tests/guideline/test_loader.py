"""What the loader refuses: each file of tests/broken breaks one thing in one data file."""

import shutil
import tomllib
from pathlib import Path

import pytest

from guideline.assess import load
from guideline.content import DATA, ContentError

FILES = (
    "content.toml", "inconsistencies.toml", "notes.toml", "references.toml", "rules.toml", "statements.toml",
    "thresholds.toml", "tree.toml", "workup.toml",
)  # fmt: skip
BROKEN = sorted((Path(__file__).parents[1] / "broken").glob("*.toml"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


@pytest.mark.parametrize("broken", BROKEN, ids=lambda path: path.stem)
def test_a_defect_is_refused_with_its_file_and_item(broken: Path, folder: Path) -> None:
    defect = tomllib.loads(broken.read_text("utf-8"))
    assert broken.read_text("utf-8").startswith(f"# Breaks {defect['file']}: ")
    file = folder / defect["file"]
    good = file.read_text("utf-8")
    if "add" in defect:
        bad = f"{good}\n{defect['add']}"
    else:
        assert good.count(defect["old"]) == 1, "what is to be replaced stands there once"
        bad = good.replace(defect["old"], defect["new"])
    file.write_text(bad, "utf-8")
    with pytest.raises(ContentError) as refused:
        load(folder)
    file_name, item, message = str(refused.value).split(": ", 2)
    assert (file_name, item) == (defect["file"], defect["item"])
    assert defect["says"]
    assert all(part in message for part in defect["says"]), message


def test_facts_asked_in_another_order_on_another_way_are_refused(folder: Path) -> None:
    file = folder / "tree.toml"
    blocks = file.read_text("utf-8").split("[[node]]")
    first, then = (next(b for b in blocks if f'id = "{id_}"' in b) for id_ in ("type-i-primary", "type-i-r0"))
    one, other = blocks.index(first), blocks.index(then)
    blocks[one] = then.replace('"type-i-r0"', '"type-i-primary"').replace(
        'to = "type-i-extrahepatic"', 'to = "type-i-r0"'
    )
    blocks[other] = first.replace('to = "type-i-r0"', 'to = "type-i-extrahepatic"').replace(
        'id = "type-i-primary"', 'id = "type-i-r0"'
    )
    file.write_text("[[node]]".join(blocks), "utf-8")
    with pytest.raises(ContentError, match="in more than one order") as refused:
        load(folder)
    assert all(fact in str(refused.value) for fact in ("primary", "r0_feasible"))


def test_the_copied_data_are_taken_as_they_are(folder: Path) -> None:
    assert load(folder).evidence.stamp.version


@pytest.mark.parametrize("file", FILES)
def test_a_missing_file_is_named(file: str, folder: Path) -> None:
    (folder / file).unlink()
    with pytest.raises(ContentError, match=f"^{file}: file: "):
        load(folder)


@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_not_utf_8_is_named(file: str, folder: Path) -> None:
    (folder / file).write_bytes(b'name = "caf\xe9"')
    with pytest.raises(ContentError, match=f"^{file}: file: "):
        load(folder)


def test_every_file_has_a_defect_that_is_tried() -> None:
    assert {tomllib.loads(path.read_text("utf-8"))["file"] for path in BROKEN} == set(FILES)
