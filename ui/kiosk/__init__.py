"""The patient's touchscreen: `build_kiosk_window` joins a station, the texts and the options to a window."""
