"""The patient's steps at the kiosk: `machine.step` from visit and event to visit and wishes."""
