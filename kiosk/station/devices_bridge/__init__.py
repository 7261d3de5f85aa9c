"""The one bridge between drivers and the visit: nothing else of the station knows `devices`."""
