"""Looks at an uploaded file before any library opens it, and refuses what would do harm."""

from django.utils.translation import gettext as _

from policies.spreadsheet.guarding import bundle, ods, xlsx
from policies.spreadsheet.guarding.archive import LOCAL, Archive
from policies.spreadsheet.guarding.verdict import (
    MEGABYTE,
    Inspected,
    Limits,
    Oddity,
    Refused,
    with_password,
)

__all__ = ["Inspected", "Limits", "Oddity", "Refused", "inspect"]

_EMPTY_ZIP = b"PK\x05\x06"
_COMPOUND_FILE = bytes.fromhex("D0CF11E0A1B11AE1")
_MARKUP = (b"<!doctype", b"<html", b"<head", b"<body", b"<table", b"<?xml", b"<workbook", b"<svg")
_KNOWN = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"{\\rtf": "RTF",
}


def inspect(data: bytes, name: str, limits: Limits | None = None) -> Inspected:
    """Raises Refused. What the file is follows from its content, not from its name."""
    limits = limits or Limits.from_settings()
    _check_size(data, limits)
    if not data.startswith(LOCAL):
        raise _no_zip(data, name)
    archive = Archive(data, limits)
    if xlsx.TYPES in archive.entries or xlsx.WORKBOOK in archive.entries:
        return Inspected("xlsx", xlsx.inspect(archive))
    if ods.CONTENT in archive.entries or "mimetype" in archive.entries:
        return Inspected("ods", ods.inspect(archive))
    bundle.inspect(archive)
    return Inspected("csv")


def _check_size(data: bytes, limits: Limits) -> None:
    if not data:
        raise Refused(_("The file is empty. Choose another file."))
    if len(data) > limits.file_bytes:
        message = _(
            "The file is too large: %(size).1f MB, and at most %(limit)d MB can be uploaded. "
            "Delete what is not needed, such as pictures, or upload it in parts."
        )
        size, limit = len(data) / MEGABYTE, limits.file_bytes // MEGABYTE
        raise Refused(message % {"size": size, "limit": limit})


def _no_zip(data: bytes, name: str) -> Refused:
    """What the file is instead."""
    start = data[:1024].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if data.startswith(_EMPTY_ZIP):
        return Refused(_("The file is empty: a zip file without content. Choose another file."))
    if data.startswith(_COMPOUND_FILE):
        return _compound(data)
    if start.startswith(_MARKUP):
        return Refused(
            _(
                "This is a web page or an XML file, not a workbook, whatever its name. Open it in "
                "a spreadsheet program and save it as XLSX."
            )
        )
    for magic, kind in _KNOWN.items():
        if data.startswith(magic):
            message = _("This is a %(kind)s file, not a spreadsheet. Choose an XLSX or ODS file.")
            return Refused(message % {"kind": kind})
    return _separated(name) if _is_text(data) else _unknown()


def _compound(data: bytes) -> Refused:
    """Before 2007 Excel wrote such files; today they only wrap a workbook with a password."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return with_password()
    return Refused(
        _("This workbook is in the old format of Excel 97 to 2003 (.xls). Save it as XLSX.")
    )


def _is_text(data: bytes) -> bool:
    """Also in an older encoding, or in UTF-16, which Excel calls “Unicode text”."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any(byte < 9 or 13 < byte < 27 for byte in data[:4096])


def _separated(name: str) -> Refused:
    if not name.lower().endswith((".csv", ".tsv", ".txt")):
        message = _(
            "This is a text file, not a spreadsheet. If it holds comma-separated values: the CSV "
            "format is a zip of one CSV file per sheet, as exported; or use XLSX."
        )
        return Refused(message)
    return Refused(
        _(
            "A single CSV file is not enough: the CSV format is a zip of one CSV file per sheet, "
            "as exported. Put it into such a zip, or use XLSX."
        )
    )


def _unknown() -> Refused:
    return Refused(
        _(
            "This is not a spreadsheet, or it is damaged. Choose an XLSX file, an ODS file or a "
            "zip of CSV files."
        )
    )
