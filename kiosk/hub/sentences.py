"""The catalogue as routes get it: Litestar injects classes, not protocols."""

from __future__ import annotations

from kiosk.domain.localized import Language, LocalizedText, Texts


class Sentences:
    """Sentences of the text catalogue, in one language or in both."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def both(self, key: str, /, **params: str | int) -> LocalizedText:
        return LocalizedText(
            vi=self.texts.text(key, Language.VI, **params), en=self.texts.text(key, Language.EN, **params)
        )
