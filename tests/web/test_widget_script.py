"""The widget's script: made of what stands in the folder, small, and nothing that parses text."""

from __future__ import annotations

import gzip
import re

from sanjeh.apps.desk.widget import build

SMALL = 20_000  # bytes, compressed


def sources() -> dict[str, str]:
    return {name: (build.HERE / name).read_text("utf-8") for name in build.PARTS}


def test_the_script_was_made_of_the_sources() -> None:
    made = build.MADE.read_text("utf-8")
    assert made.startswith(build.head()), "python -m sanjeh.apps.desk.widget.build was forgotten"


def test_the_compressed_one_is_the_same_and_small() -> None:
    packed = build.MADE.with_suffix(".js.gz").read_bytes()
    assert gzip.decompress(packed) == build.MADE.read_bytes()
    assert len(gzip.compress(build.MADE.read_bytes(), 9)) < SMALL
    assert len(packed) < SMALL


def test_no_text_is_parsed_and_no_style_is_inline() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|srcdoc"
        r"|\.style\b|cssText|document\.cookie"
    )
    for name, text in sources().items():
        assert not forbidden.search(text), name


def test_every_word_is_said_in_three_languages() -> None:
    words = sources()["words.js"]
    parts = re.split(r"\n  (en|fa|ru): \{", words.partition("const ZONE")[0])
    said = {
        code: dict(re.findall(r'(\w+): "([^"]*)"', body))
        for code, body in zip(parts[1::2], parts[2::2], strict=True)
    }
    assert set(said) == {"en", "fa", "ru"}
    assert len(said["en"]) > 60
    for code in ("fa", "ru"):
        assert said[code].keys() == said["en"].keys()
        for key, text in said[code].items():
            assert set(re.findall(r"\{\d\}", text)) == set(re.findall(r"\{\d\}", said["en"][key]))
            script = "[\u0600-\u06ff]" if code == "fa" else "[\u0400-\u04ff]"
            assert re.search(script, text), (code, key)
