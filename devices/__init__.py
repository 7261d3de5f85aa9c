"""Hardware drivers, useful alone: they know nothing of hospitals and import nothing of ours (see README.md)."""
