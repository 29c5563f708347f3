"""A zip file, of which nothing is believed that was not counted."""

import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from io import BytesIO

from django.utils.translation import gettext as _

from policies.spreadsheet.guarding.verdict import (
    MEGABYTE,
    Damaged,
    Limits,
    Refused,
    unzips_too_large,
    with_password,
)

CHUNK = 64 * 1024
LOCAL = b"PK\x03\x04"
_CENTRAL = b"PK\x01\x02"
_END = b"PK\x05\x06"
_LOCAL_HEADER = struct.Struct("<4s5H3L2H")
_ENCRYPTED = 1 | 1 << 6 | 1 << 13
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_BAD_CHARACTER = re.compile(r"[\x00-\x1f\x7f\\:]")
_BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    ValueError,
    EOFError,
    OverflowError,
    IndexError,
    struct.error,
)

# Sheets shrink to a fifth or a thirtieth, with one text over and over to a two-hundredth; what
# comes near the thousandth that a zip file can do is made to do harm.
_PLAUSIBLE_RATIO = 500
_RATIO_COUNTS_FROM = 10 * MEGABYTE


class Archive:
    """The files inside a zip file, read in chunks; `data` starts with a local header."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        if data.count(_CENTRAL) > limits.entries:
            raise _too_many_entries(limits)
        self.data = data
        self.limits = limits
        self.entries = {entry.filename: entry for entry in _directory(data)}
        self.unread = {name for name in self.entries if not name.endswith("/")}
        self._check_sizes()
        for entry in self.entries.values():
            _check_method(entry)
        self._starts = self._contents()

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of an entry; raises at its end if the zip file lied about it."""
        entry = self.entries[name]
        self.unread.discard(name)
        size = checksum = 0
        for chunk in self._unpacked(entry):
            size += len(chunk)
            if size > entry.file_size:
                raise Damaged(_("a part is larger than it claims: “%s”") % name[:100])
            checksum = zlib.crc32(chunk, checksum)
            yield chunk
        if (size, checksum) != (entry.file_size, entry.CRC):
            raise Damaged(_("a part is not what it claims: “%s”") % name[:100])

    def read(self, name: str, at_most: int = MEGABYTE) -> bytes:
        if self.entries[name].file_size > at_most:
            raise Damaged(_("a part is too large: “%s”") % name[:100])
        return b"".join(self.chunks(name))

    def read_the_rest(self) -> None:
        """Nothing is left that was not counted."""
        for name in sorted(self.unread):
            for _chunk in self.chunks(name):
                pass

    def _unpacked(self, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        packed = _slices(self.data, self._starts[entry.filename], entry.compress_size)
        try:
            yield from _inflated(packed) if entry.compress_type and entry.compress_size else packed
        except zlib.error as error:
            raise Damaged(_("a part can not be unpacked: “%s”") % entry.filename[:100]) from error

    def _check_sizes(self) -> None:
        total = sum(entry.file_size for entry in self.entries.values())
        if total > self.limits.unzipped_bytes:
            raise unzips_too_large(self.limits)
        for entry in self.entries.values():
            _check_ratio(entry.compress_size, entry.file_size)
            if entry.filename.endswith("/") and entry.file_size:
                raise Damaged(_("a folder with content"))

    def _contents(self) -> dict[str, int]:
        """Where the content of each entry starts; no two may share a byte."""
        starts, free = {}, 0
        for entry in sorted(self.entries.values(), key=lambda entry: entry.header_offset):
            start = _content(self.data, entry)
            if entry.header_offset < free or start + entry.compress_size > len(self.data):
                raise Damaged(_("parts overlap"))
            starts[entry.filename] = start
            free = start + entry.compress_size
        return starts


def _directory(data: bytes) -> list[zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries, comment = archive.infolist(), archive.comment
    except _BROKEN as error:
        raise Damaged(_("its table of contents is missing")) from error
    _check_end(data, entries, comment)
    _check_names(entries)
    return entries


def _check_end(data: bytes, entries: list[zipfile.ZipInfo], comment: bytes) -> None:
    """Every reader has to find the same table of contents, whichever way it looks for it."""
    end = data[len(data) - 22 - len(comment) :]
    if not entries:
        raise Refused(_("The file is empty: a zip file without content. Choose another file."))
    if not end.startswith(_END) or _END in comment or min(e.header_offset for e in entries):
        raise Damaged(_("there is something before or after its content"))
    if struct.unpack_from("<H", end, 10)[0] not in (len(entries), 0xFFFF):
        raise Damaged(_("its table of contents is contradictory"))


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        for name in {entry.orig_filename, entry.filename}:
            parts = name.removesuffix("/").split("/")
            if _BAD_CHARACTER.search(name) or {"", ".", ".."} & set(parts):
                raise Damaged(_("a part has a forbidden name: “%s”") % ascii(name)[1:-1][:100])
        # Another name in an extra field is there to spell what the older code page can not.
        if entry.filename != entry.orig_filename and entry.orig_filename.isascii():
            raise Damaged(_("a part has two names: “%s”") % entry.filename[:100])
    names = Counter(entry.filename.removesuffix("/").casefold() for entry in entries)
    name, times = names.most_common(1)[0]
    if times > 1:
        raise Damaged(_("a part is there twice: “%s”") % name[:100])


def _check_method(entry: zipfile.ZipInfo) -> None:
    if entry.flag_bits & _ENCRYPTED:
        raise with_password()
    if entry.compress_type not in _METHODS:
        message = _(
            "The file is compressed in a way that spreadsheets do not use. "
            "Open it in a spreadsheet program and save it again, or zip it as an ordinary zip file."
        )
        raise Refused(message)
    if entry.compress_type == zipfile.ZIP_STORED and entry.compress_size != entry.file_size:
        raise Damaged(_("a part is not what it claims: “%s”") % entry.filename[:100])


def _check_ratio(packed: int, unpacked: int) -> None:
    if unpacked > _RATIO_COUNTS_FROM and unpacked > packed * _PLAUSIBLE_RATIO:
        message = _(
            "The file unpacks to far more than it seems to hold, like a “zip bomb”. "
            "Copy what is needed into a new workbook and upload that."
        )
        raise Refused(message)


def _content(data: bytes, entry: zipfile.ZipInfo) -> int:
    """Where an entry's content starts; its own header has to agree with the table of contents."""
    at = entry.header_offset
    if at + _LOCAL_HEADER.size > len(data):
        raise Damaged(_("the end is missing"))
    magic, _version, flags, method, *_sizes, name, extra = _LOCAL_HEADER.unpack_from(data, at)
    at += _LOCAL_HEADER.size
    if flags & _ENCRYPTED:
        raise with_password()
    encoding = "utf-8" if flags & 1 << 11 else "cp437"
    called = data[at : at + name].decode(encoding, "replace")
    if (magic, method, called) != (LOCAL, entry.compress_type, entry.orig_filename):
        raise Damaged(_("its table of contents is contradictory"))
    return at + int(name) + int(extra)


def _slices(data: bytes, start: int, size: int) -> Iterator[bytes]:
    for at in range(start, start + size, CHUNK):
        yield data[at : min(at + CHUNK, start + size)]


def _inflated(packed: Iterator[bytes]) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    for piece in packed:
        if inflate.eof:
            raise zlib.error("data after the end")
        while chunk := inflate.decompress(piece, CHUNK):
            yield chunk
            piece = inflate.unconsumed_tail
    if not inflate.eof or inflate.unused_data:
        raise zlib.error("no end, or data after it")


def _too_many_entries(limits: Limits) -> Refused:
    message = _(
        "The file holds more than %(limit)d parts. "
        "Copy the sheets that are needed into a new workbook and upload that."
    )
    return Refused(message % {"limit": limits.entries})
