"""Sizes, colours and icons shared by every QML face of the product."""
