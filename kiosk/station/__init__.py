"""What a kiosk, board or counter process needs to work with a hub; no screen, no hardware."""
