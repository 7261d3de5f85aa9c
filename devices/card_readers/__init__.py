"""Chip-card readers: what lies on them, and APDUs to it."""
