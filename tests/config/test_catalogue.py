"""The shipped texts are complete in both languages, and the checks that say so find what they look for."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.catalogue import Catalogue, load_catalogue


def test_the_shipped_catalogue_is_sound() -> None:
    assert load_catalogue().problems() == []


def test_a_text_is_filled_with_its_parameters() -> None:
    told = load_catalogue().text("start.port_in_use", "vi", host="127.0.0.1", port=8080)
    assert "8080" in told
    assert "127.0.0.1" in told


@pytest.mark.parametrize(
    ("key", "language", "params"),
    [("no.such.key", "vi", {}), ("start.port_in_use", "fr", {}), ("start.port_in_use", "vi", {"host": "a"})],
)
def test_an_unknown_key_language_or_parameter_raises_keyerror(
    key: str, language: str, params: dict[str, object]
) -> None:
    with pytest.raises(KeyError):
        load_catalogue().text(key, language, **params)


@pytest.mark.parametrize(
    ("vi", "en", "problem"),
    [
        ({"a": "x"}, {}, "a: missing in en"),
        ({}, {"a": "x"}, "a: missing in vi"),
        ({"a": "{n}"}, {"a": "{m}"}, "a: parameters differ between vi and en"),
        ({"a": "Qua\u0302\u0300y"}, {"a": "x"}, "a (vi): not NFC"),
        ({"a": " "}, {"a": "x"}, "a (vi): empty"),
        ({"a": "x "}, {"a": "x"}, "a (vi): space at the start or end of a line"),
        ({"a": "x \ny"}, {"a": "x"}, "a (vi): space at the start or end of a line"),
        ({"a": "{0}"}, {"a": "{0}"}, "a (en): parameters must be plain names"),
        ({"a": "{n.x}"}, {"a": "{n.x}"}, "a (vi): parameters must be plain names"),
    ],
)
def test_flaws_are_found(vi: dict[str, str], en: dict[str, str], problem: str) -> None:
    assert problem in Catalogue({"vi": vi, "en": en}).problems()


def catalogue_folder(folder: Path, **texts: str) -> Path:
    for language in ("vi", "en"):
        (folder / language).mkdir()
        for name, text in texts.items():
            (folder / language / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def test_nested_tables_become_dotted_keys(tmp_path: Path) -> None:
    folder = catalogue_folder(tmp_path, kiosk='[kiosk.welcome]\ntitle = "T"\n', board='[board]\nnow = "N"')
    assert load_catalogue(folder).keys("vi") == {"kiosk.welcome.title", "board.now"}


@pytest.mark.parametrize("texts", [{"kiosk": "a = 1"}, {"kiosk": "a = = 1"}, {"board": 'a = "x"', "kiosk": 'a = "x"'}])
def test_a_broken_file_is_named(tmp_path: Path, texts: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"^vi/kiosk\.toml: "):
        load_catalogue(catalogue_folder(tmp_path, **texts))
