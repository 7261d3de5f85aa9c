"""The demo's control window, window places and player."""
