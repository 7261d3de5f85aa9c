"""QML building blocks shared by the faces (`import ui.components`)."""
