"""Reads the chip of an electronic identity card by ICAO Doc 9303 and says how far it can be trusted.

A library of its own: bytes in, values out. The transport is a function passed in; nothing here knows of Qt, threads,
readers or hospitals.
"""
