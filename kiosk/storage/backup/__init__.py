"""Copies of the hub's database in a second place, and the way back from them."""
