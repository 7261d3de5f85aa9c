"""The top: command line and composition roots. Nobody imports it."""
