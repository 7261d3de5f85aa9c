"""A camera that reads codes held before it."""
