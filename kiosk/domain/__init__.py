"""Pure values and rules of the queue and the visit: no I/O, clock, thread or logging."""
