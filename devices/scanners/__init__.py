"""Code scanners on serial lines."""
