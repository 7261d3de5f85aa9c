"""Shipped emulators of every device, on the real wire protocols and with faults on demand."""
