"""The faces, and the only place with PySide6."""
