"""Reads the machine-readable zone of a card's back (TD1, ICAO 9303-5) from a picture."""
