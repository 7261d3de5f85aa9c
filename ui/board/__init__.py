"""The LCD board: QML that draws what the hub computed."""
