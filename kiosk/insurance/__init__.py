"""The BHXH portal: its client, the desk that answers in time and goes on asking, its emulator."""
