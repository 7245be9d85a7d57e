"""A window of its own for choosing a file or a folder; the program goes on working."""

from __future__ import annotations

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def file_dialog(
    parent: QWidget,
    title: str,
    verb: str,
    mode: QFileDialog.FileMode = QFileDialog.FileMode.AnyFile,
) -> QFileDialog:
    """Return the dialog, not yet shown; ``fileSelected`` tells what was chosen.

    Args:
        parent: Whose it is.
        title: What is chosen.
        verb: What the button does with it.
        mode: ``AnyFile`` saves; the others open what is there.
    """
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setModal(False)
    saves = mode is QFileDialog.FileMode.AnyFile
    accept = QFileDialog.AcceptMode
    dialog.setAcceptMode(accept.AcceptSave if saves else accept.AcceptOpen)
    dialog.setFileMode(mode)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    place = QStandardPaths.StandardLocation.DocumentsLocation
    dialog.setDirectory(QStandardPaths.writableLocation(place))
    for label, text in (
        (QFileDialog.DialogLabel.LookIn, parent.tr("Thư mục:")),
        (QFileDialog.DialogLabel.FileName, parent.tr("Tên tệp:")),
        (QFileDialog.DialogLabel.FileType, parent.tr("Loại tệp:")),
        (QFileDialog.DialogLabel.Accept, verb),
        (QFileDialog.DialogLabel.Reject, parent.tr("Thôi")),
    ):
        dialog.setLabelText(label, text)
    return dialog
