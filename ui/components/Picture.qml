import QtQuick

// One of our own coloured drawings (ui/theme/icons), drawn at the size it is shown.
Image {
    property string name

    sourceSize: Qt.size(width, height)
    source: width < 1 || height < 1 ? "" : "image://icon/" + name + "/000000"
}
