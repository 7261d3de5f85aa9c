"""The reception console: Qt Widgets for staff who look at it all day."""
