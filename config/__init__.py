"""Settings, site file and text catalogue: read and checked here, bound to options in `kiosk.app`."""
