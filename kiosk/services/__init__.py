"""Use cases on the queue, each one transaction."""
