"""Builds hostile and broken spreadsheets; nothing of the kind lies on any disk."""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Mapping

Build = Callable[[], bytes]
Parts = dict[str, bytes | str | None]

MEGABYTE = 1024 * 1024
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MICROSOFT = "http://schemas.microsoft.com/office/2006/relationships"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEET = "xl/worksheets/sheet1.xml"
BILLION_LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;">]>'
)


def zipped(parts: Mapping[str, bytes | str | None], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            if content is not None:
                archive.writestr(zipfile.ZipInfo(name), content, method)
    return stream.getvalue()


# --- XLSX ------------------------------------------------------------------------------------


def sheet(rows: str) -> str:
    return f'{XML}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def relation(type_: str, target: str, id_: str = "rId9", mode: str = "") -> str:
    mode = mode and f' TargetMode="{mode}"'
    return f'<Relationship Id="{id_}" Type="{type_}" Target="{target}"{mode}/>'


def relations(*inside: str) -> str:
    return f'{XML}<Relationships xmlns="{PACKAGE}/relationships">{"".join(inside)}</Relationships>'


def types(*inside: str) -> str:
    return (
        f'{XML}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="bin" ContentType="application/octet-stream"/>'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{''.join(inside)}</Types>"
    )


def book(*names: str) -> Parts:
    """The workbook and its relations, with a sheet for each name."""
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    links = [
        relation(f"{OFFICE}/worksheet", f"worksheets/sheet{number}.xml", f"rId{number}")
        for number in numbers
    ]
    return {
        "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": relations(*links),
    }


def workbook(changes: Parts | None = None, rows: str = '<row r="1"/>') -> Parts:
    """The parts of the smallest workbook, some of them changed; None leaves a part out."""
    return {
        "[Content_Types].xml": types(),
        "_rels/.rels": relations(relation(f"{OFFICE}/officeDocument", "xl/workbook.xml")),
        **book("Policies"),
        SHEET: sheet(rows),
        **(changes or {}),
    }


def xlsx(changes: Parts | None = None, rows: str = '<row r="1"/>') -> bytes:
    return zipped(workbook(changes, rows))


def with_part(name: str, content: str = "<x/>", type_: str = "") -> Build:
    """A workbook with one part more, and perhaps with its type declared."""
    declared = f'<Override PartName="/{name}" ContentType="{type_}"/>' if type_ else ""
    return lambda: xlsx({name: content, "[Content_Types].xml": types(declared)})


def with_rows(rows: str) -> Build:
    return lambda: xlsx(rows=rows)


def with_changes(**changes: str | bytes | None) -> Build:
    """Keyword arguments name the parts that every workbook has."""
    names = {
        "types": "[Content_Types].xml",
        "package": "_rels/.rels",
        "book": "xl/workbook.xml",
        "links": "xl/_rels/workbook.xml.rels",
        "sheet": SHEET,
        "sheet_links": "xl/worksheets/_rels/sheet1.xml.rels",
        "strings": "xl/sharedStrings.xml",
    }
    return lambda: xlsx({names[name]: content for name, content in changes.items()})


def shared_text_bomb() -> bytes:
    """One long text to which a hundred thousand cells refer."""
    cells = "".join(
        f'<row r="{row}">' + '<c t="s"><v>0</v></c>' * 10 + "</row>" for row in range(1, 10_001)
    )
    strings = f'{XML}<sst xmlns="{MAIN}"><si><t>{"x" * 32_000}</t></si></sst>'
    return xlsx({"xl/sharedStrings.xml": strings}, cells)


def deep(name: str = "a") -> str:
    return f"<{name}>" * 1_000_000


def many_names() -> str:
    return "<x>" + "".join(f"<n{number}/>" for number in range(200_000)) + "</x>"


def many_attributes() -> str:
    return "<x>" + "".join(f'<y n{number}=""/>' for number in range(200_000)) + "</x>"


def long_tag() -> str:
    """A tag that never seems to end, which a parser reads again and again."""
    return f'<x y="{"z" * 8 * MEGABYTE}"/>'


# --- ODS -------------------------------------------------------------------------------------

ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"
NAMESPACES = (
    f'xmlns:office="{_ODF}:office:1.0" xmlns:table="{_ODF}:table:1.0" '
    f'xmlns:text="{_ODF}:text:1.0" xmlns:script="{_ODF}:script:1.0" '
    f'xmlns:draw="{_ODF}:drawing:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
TEXT = '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
WIDE_TEXT = TEXT.replace("cell office", 'cell table:number-columns-repeated="90" office')


def table(rows: str, name: str = "Policies") -> str:
    return f'<table:table table:name="{name}">{rows}</table:table>'


def row(cells: str, repeated: int = 1) -> str:
    times = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{times}>{cells}</table:table-row>"


def content(tables: str, before: str = "<office:scripts/>") -> str:
    return (
        f"{XML}<office:document-content {NAMESPACES}>{before}<office:body><office:spreadsheet>"
        f"{tables}</office:spreadsheet></office:body></office:document-content>"
    )


def manifest(inside: str = "") -> str:
    return (
        f'{XML}<manifest:manifest xmlns:manifest="{_ODF}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
        f"{inside}</manifest:file-entry></manifest:manifest>"
    )


def ods(tables: str = "", changes: Parts | None = None) -> bytes:
    return zipped(
        {
            "mimetype": ODS_TYPE,
            "content.xml": content(tables or table(row(TEXT))),
            "META-INF/manifest.xml": manifest(),
            **(changes or {}),
        }
    )


def with_tables(tables: str) -> Build:
    return lambda: ods(tables)


def with_ods_part(name: str, inside: str | bytes | None = "<x/>") -> Build:
    return lambda: ods(changes={name: inside})


# --- Zip -------------------------------------------------------------------------------------


def edited(data: bytes, name: str, local: dict[int, bytes], central: dict[int, bytes]) -> bytes:
    """A zip file with bytes of an entry's two headers replaced, by their place in each."""
    edited_ = bytearray(data)
    for magic, name_at, changes in [(b"PK\x03\x04", 30, local), (b"PK\x01\x02", 46, central)]:
        start = -1
        while True:
            start = data.index(magic, start + 1)
            if data[start + name_at : start + name_at + len(name)] == name.encode():
                break
        for place, replacement in changes.items():
            edited_[start + place : start + place + len(replacement)] = replacement
    return bytes(edited_)


def lying_about_size() -> bytes:
    """Five million bytes that claim to be ten."""
    data = xlsx({SHEET: sheet(" " * 5_000_000)})
    return edited(data, SHEET, {22: struct.pack("<L", 10)}, {24: struct.pack("<L", 10)})


def lying_about_checksum() -> bytes:
    return edited(xlsx(), SHEET, {14: b"abcd"}, {16: b"abcd"})


def truthful_bomb(megabytes: int) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    blank = b" " * MEGABYTE
    packed = b"".join([*(deflate.compress(blank) for _ in range(megabytes)), deflate.flush()])
    checksum = 0
    for _ in range(megabytes):
        checksum = zlib.crc32(blank, checksum)
    sizes = struct.pack("<3L", checksum, len(packed), megabytes * MEGABYTE)
    # Stored as if it were ordinary content; then said to be what it is.
    data = zipped({"a.csv": packed}, zipfile.ZIP_STORED)
    method = struct.pack("<H", zipfile.ZIP_DEFLATED)
    return edited(data, "a.csv", {8: method, 14: sizes}, {10: method, 16: sizes})


def overlapping() -> bytes:
    """Two entries of the table of contents that share one content."""
    data = zipped({"a.csv": "x" * 50, "b.csv": "y" * 50}, zipfile.ZIP_STORED)
    first = data.index(b"PK\x03\x04")
    second = data.index(b"PK\x03\x04", first + 1)
    # The first claims everything up to the end of the second.
    size = struct.pack("<2L", second + 85 - 35, second + 85 - 35)
    return edited(data, "a.csv", {18: size}, {20: size})


def doubled() -> bytes:
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as archive:
        warnings.simplefilter("ignore")
        for name, inside in [*workbook().items(), (SHEET, sheet(""))]:
            archive.writestr(name, inside or "")
    return stream.getvalue()


def prefixed() -> bytes:
    """A small zip file in front of another one: readers choose differently."""
    return zipped({"a.csv": "x"}) + xlsx()


def compound(stream: str) -> bytes:
    """As Excel wrote before 2007, and as it still wraps what has a password."""
    return bytes.fromhex("D0CF11E0A1B11AE1") + bytes(504) + stream.encode("utf-16-le") + bytes(512)


def csv_zip(changes: Parts | None = None) -> bytes:
    return zipped({"Policies.csv": "code,name\r\na,b\r\n", **(changes or {})})


def flagged(data: bytes, name: str, flags: int) -> bytes:
    flag = struct.pack("<H", flags)
    return edited(data, name, {6: flag}, {8: flag})


def _with_method(method: int) -> bytes:
    code = struct.pack("<H", method)
    return edited(csv_zip(), "Policies.csv", {8: code}, {10: code})


def _linked_sheet(type_: str, target: str, mode: str = "") -> Build:
    return with_changes(sheet_links=relations(relation(type_, target, mode=mode)))


_VBA = "application/vnd.ms-office.vbaProject"
_MACRO_BOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_DDE = f'<externalLink xmlns="{MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
_TABLE_SOURCE = '<table:table-source xlink:href="file:///etc/passwd"/>'
_SQL = "<table:database-ranges><table:database-range><table:database-source-sql/>"
_SQL_END = "</table:database-range></table:database-ranges>"
_NESTED = '<table:table-cell><table:table table:name="b"/></table:table-cell>'
_UTF_16 = '<?xml version="1.0" encoding="UTF-16"?><x/>'.encode("utf-16")
_LATIN = b'<?xml version="1.0" encoding="ISO-8859-1"?><x/>'
_UTF_7 = b'<?xml version="1.0" encoding="UTF-7"?><x>+ADw-</x>'

_MACROS = "holds macros"
_LINKS = "takes data from other files"
_OBJECTS = "embedded objects or controls"
_DAMAGED = "damaged or was not saved completely"
_FAR = "reaches beyond 100000 rows or 100 columns"
_BOMB = "far more than it seems to hold"
_LARGE = "would unpack to more than 150 MB"
_ENTITIES = "declares entities"
_STRANGE = "no spreadsheet program writes"
_PASSWORD = "protected by a password"
_SHEETS = "more than 20 sheets"

CORPUS: dict[str, tuple[str, Build, str]] = {
    # What is no spreadsheet at all
    "empty": ("a.xlsx", lambda: b"", "The file is empty"),
    "empty zip": ("a.xlsx", lambda: zipped({}), "The file is empty"),
    "too large": ("a.xlsx", lambda: bytes(20 * MEGABYTE + 1), "too large: 20.0 MB"),
    "PNG": ("a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG file"),
    "PDF": ("a.xlsx", lambda: b"%PDF-1.7\n%\xe2\xe3", "PDF file"),
    "HTML": ("a.xls", lambda: b"\n<html><table></table></html>", "a web page or an XML file"),
    "XML of 2003": ("a.xls", lambda: f"{XML}<Workbook/>".encode(), "a web page or an XML file"),
    "bare CSV": ("a.csv", lambda: b"code,name\r\na,b\r\n", "a zip of one CSV file per sheet"),
    "bare text": ("a.csv", lambda: "é;ü\n".encode("utf-16"), "a zip of one CSV file per sheet"),
    "CSV as XLSX": ("a.xlsx", lambda: b"code,name\r\n", "This is a text file"),
    "noise": ("a.xlsx", lambda: bytes(range(256)) * 4, "not a spreadsheet, or it is damaged"),
    "old XLS": ("a.xls", lambda: compound("Workbook"), "Excel 97 to 2003"),
    "encrypted XLSX": ("a.xlsx", lambda: compound("EncryptedPackage"), _PASSWORD),
    "Word": ("a.xlsx", with_part("word/document.xml"), "a text or a presentation"),
    "some zip": ("a.zip", lambda: zipped({"a.exe": b"MZ"}), "This zip file is no spreadsheet"),
    # Zip
    "truncated": ("a.xlsx", lambda: xlsx()[:-200], _DAMAGED),
    "start only": ("a.xlsx", lambda: b"PK\x03\x04", _DAMAGED),
    "middle missing": ("a.xlsx", lambda: xlsx()[:400] + xlsx()[900:], _DAMAGED),
    "bomb": ("a.zip", lambda: truthful_bomb(140), _BOMB),
    "larger bomb": ("a.zip", lambda: truthful_bomb(200), _LARGE),
    "lie about size": ("a.xlsx", lying_about_size, "larger than it claims"),
    "lie about checksum": ("a.xlsx", lying_about_checksum, "not what it claims"),
    "overlap": ("a.zip", overlapping, "parts overlap"),
    "prefix": ("a.xlsx", prefixed, "before or after"),
    "suffix": ("a.xlsx", lambda: xlsx() + b"x", "before or after"),
    "too many entries": (
        "a.zip",
        lambda: zipped({f"{number}.csv": "" for number in range(5_000)}),
        "more than 200 parts",
    ),
    "doubled entry": ("a.xlsx", doubled, "there twice"),
    "doubled but for case": ("a.xlsx", with_part("XL/workbook.xml"), "there twice"),
    "climbing name": ("a.zip", lambda: csv_zip({"../a.csv": "x"}), "forbidden name"),
    "absolute name": ("a.zip", lambda: csv_zip({"/etc/a.csv": "x"}), "forbidden name"),
    "backslash": ("a.zip", lambda: csv_zip({"b\\a.csv": "x"}), "forbidden name"),
    "drive": ("a.zip", lambda: csv_zip({"C:a.csv": "x"}), "forbidden name"),
    "encrypted entry": ("a.zip", lambda: flagged(csv_zip(), "Policies.csv", 1), _PASSWORD),
    "bzip2": ("a.xlsx", lambda: zipped(workbook(), zipfile.ZIP_BZIP2), "compressed in a way"),
    "lzma": ("a.xlsx", lambda: zipped(workbook(), zipfile.ZIP_LZMA), "compressed in a way"),
    "unheard-of method": ("a.zip", lambda: _with_method(97), "compressed in a way"),
    "other local name": (
        "a.zip",
        lambda: edited(csv_zip(), "Policies.csv", {30: b"X"}, {}),
        "contradictory",
    ),
    "no deflate": ("a.zip", lambda: edited(csv_zip(), "Policies.csv", {42: b"\xff"}, {}), _DAMAGED),
    # XLSX: what is inside besides cells
    "XLSM": ("a.xlsm", with_part("xl/a.xml", type_=_MACRO_BOOK), _MACROS),
    "XLTM": (
        "a.xltm",
        with_part("xl/a.xml", type_=_MACRO_BOOK.replace("sheet", "template")),
        _MACROS,
    ),
    "XLSB": (
        "a.xlsb",
        with_part("xl/a.bin", type_=_MACRO_BOOK.replace("sheet", "sheet.binary")),
        _MACROS,
    ),
    "VBA": ("a.xlsx", with_part("xl/vbaProject.bin"), _MACROS),
    "VBA in disguise": ("a.xlsx", with_part("xl/printerSettings/a.bin", type_=_VBA), _MACROS),
    "VBA by relation": ("a.xlsx", _linked_sheet(f"{MICROSOFT}/vbaProject", "a.png"), _MACROS),
    "macro sheet": ("a.xlsx", with_part("xl/macrosheets/sheet1.xml"), _MACROS),
    "macro sheet by relation": (
        "a.xlsx",
        with_changes(
            links=relations(relation(f"{MICROSOFT}/xlMacrosheet", "worksheets/sheet1.xml", "rId1"))
        ),
        _MACROS,
    ),
    "ActiveX": ("a.xlsx", with_part("xl/activeX/activeX1.xml"), _OBJECTS),
    "control": ("a.xlsx", _linked_sheet(f"{OFFICE}/control", "../a.xml"), _OBJECTS),
    "OLE object": ("a.xlsx", with_part("xl/embeddings/oleObject1.bin"), _OBJECTS),
    "OLE element": (
        "a.xlsx",
        with_changes(sheet=sheet("").replace("</worksheet>", "<oleObjects/></worksheet>")),
        _OBJECTS,
    ),
    "embedded workbook": ("a.xlsx", with_part("xl/embeddings/a.xlsx"), _OBJECTS),
    "external link": ("a.xlsx", with_part("xl/externalLinks/externalLink1.xml"), _LINKS),
    "external reference": (
        "a.xlsx",
        with_changes(book=f'<workbook xmlns:r="{OFFICE}"><externalReference r:id="a"/></workbook>'),
        _LINKS,
    ),
    "external picture": (
        "a.xlsx",
        _linked_sheet(f"{OFFICE}/image", "http://x/", "External"),
        _LINKS,
    ),
    "connections": ("a.xlsx", with_part("xl/connections.xml"), _LINKS),
    "query table": ("a.xlsx", with_part("xl/queryTables/queryTable1.xml"), _LINKS),
    "DDE": ("a.xlsx", with_part("xl/a.xml", _DDE), _LINKS),
    "program": ("a.xlsx", with_part("xl/a.exe"), "no part of a plain workbook"),
    "zip in XLSX": ("a.xlsx", with_part("xl/a.zip"), "no part of a plain workbook"),
    # XLSX: how it hangs together
    "no types": ("a.xlsx", with_changes(types=None), "a part is missing"),
    "no workbook": ("a.xlsx", with_changes(book=None), "a part is missing"),
    "no relations": ("a.xlsx", with_changes(links=None), "a part is missing"),
    "no sheet": ("a.xlsx", with_changes(book="<workbook/>"), "has no sheet"),
    "lost sheet": ("a.xlsx", with_changes(sheet=None), "a sheet is missing"),
    "one part as two sheets": (
        "a.xlsx",
        with_changes(
            book=f'<workbook xmlns:r="{OFFICE}"><sheet name="a" r:id="rId1"/>'
            '<sheet name="b" r:id="rId1"/></workbook>'
        ),
        "a sheet is missing",
    ),
    "sheets of one name": (
        "a.xlsx",
        lambda: xlsx({**book("a", "A"), "xl/worksheets/sheet2.xml": sheet("")}),
        "the same name",
    ),
    "too many sheets": (
        "a.xlsx",
        lambda: xlsx(
            {
                **book(*[f"s{number}" for number in range(21)]),
                **{f"xl/worksheets/sheet{number}.xml": sheet("") for number in range(1, 22)},
            }
        ),
        _SHEETS,
    ),
    # XML
    "billion laughs": ("a.xlsx", with_changes(sheet=f"{BILLION_LAUGHS}<x>&d;</x>"), _ENTITIES),
    "laughs in texts": ("a.xlsx", with_changes(strings=f"{BILLION_LAUGHS}<x>&d;</x>"), _ENTITIES),
    "laughs in types": ("a.xlsx", with_changes(types=f"{BILLION_LAUGHS}<x>&d;</x>"), _ENTITIES),
    "laughs in a drawing": ("a.xlsx", with_part("xl/a.svg", f"{BILLION_LAUGHS}<x/>"), _ENTITIES),
    "external entity": (
        "a.xlsx",
        with_changes(book='<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'),
        _ENTITIES,
    ),
    "empty document type": ("a.xlsx", with_changes(package="<!DOCTYPE x><x/>"), _ENTITIES),
    "UTF-16": ("a.xlsx", with_changes(sheet=_UTF_16), "encoding UTF-16"),
    "Latin": ("a.xlsx", with_changes(sheet=_LATIN), "encoding ISO-8859-1"),
    "UTF-7": ("a.xlsx", with_changes(strings=_UTF_7), "encoding UTF-7"),
    "malformed": ("a.xlsx", with_changes(sheet=sheet("<row>")), "mismatched tag"),
    "empty part": ("a.xlsx", with_changes(strings=""), "no element found"),
    "undefined entity": ("a.xlsx", with_rows("&a;"), "undefined entity"),
    "too deep": ("a.xlsx", with_part("xl/a.xml", deep()), _STRANGE),
    "too deep in texts": ("a.xlsx", with_changes(strings=deep("si")), _STRANGE),
    "too deep in cells": ("a.xlsx", with_rows(deep("v")), _DAMAGED),
    "rows in rows": ("a.xlsx", with_rows(deep("row")), _DAMAGED),
    "many names": ("a.xlsx", with_part("xl/a.xml", many_names()), _STRANGE),
    "many attributes": ("a.xlsx", with_part("xl/a.xml", many_attributes()), _STRANGE),
    "long tag": ("a.xlsx", with_part("xl/a.xml", long_tag()), _STRANGE),
    # XLSX: cells
    "last cell": (
        "a.xlsx",
        with_rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        _FAR,
    ),
    "row too far": ("a.xlsx", with_rows('<row r="100001"><c r="A100001"><v>1</v></c></row>'), _FAR),
    "column too far": ("a.xlsx", with_rows('<row r="1"><c r="CW1"><v>1</v></c></row>'), _FAR),
    "empty but styled": ("a.xlsx", with_rows('<row r="1"><c r="XFD1" s="1"/></row>'), _FAR),
    "empty far below": ("a.xlsx", with_rows('<row r="1048576"><c s="1"/></row>'), _FAR),
    "cells without place": ("a.xlsx", with_rows("<row>" + "<c/>" * 101 + "</row>"), _FAR),
    "rows without place": ("a.xlsx", with_rows("<row><c/></row>" * 100_001), _FAR),
    "sheet by no relation": (
        "a.xlsx",
        with_part("xl/xl/a.xml", sheet('<row r="1"><c r="XFD1"/></row>')),
        _FAR,
    ),
    "prefixed names": (
        "a.xlsx",
        with_rows('<q:row xmlns:q="q" r="1"><q:c r="XFD1"><q:v>1</q:v></q:c></q:row>'),
        _FAR,
    ),
    "place in another row": ("a.xlsx", with_rows('<row r="1"><c r="A9"/></row>'), "out of order"),
    "no place": ("a.xlsx", with_rows('<row r="1"><c r="1A"/></row>'), "out of order"),
    "row of no number": ("a.xlsx", with_rows('<row r="-1"/>'), "no position in a sheet"),
    "cell twice": ("a.xlsx", with_rows('<row r="1"><c r="A1"/><c r="A1"/></row>'), "out of order"),
    "row twice": ("a.xlsx", with_rows('<row r="2"/><row r="2"/>'), "out of order"),
    "cell outside rows": ("a.xlsx", with_rows('<c r="A1"/>'), "out of order"),
    "too large an area": (
        "a.xlsx",
        with_rows('<row r="1"><c r="CV1"/></row><row r="100000"><c r="A100000"/></row>'),
        "span more than 4000000 cells",
    ),
    "shared text bomb": ("a.xlsx", shared_text_bomb, _LARGE),
    # ODS
    "ODT": (
        "a.ods",
        with_ods_part("mimetype", ODS_TYPE.replace("spreadsheet", "text")),
        "not a workbook",
    ),
    "no type": ("a.ods", with_ods_part("mimetype", None), "a part is missing"),
    "encrypted ODS": (
        "a.ods",
        lambda: ods(
            changes={
                "META-INF/manifest.xml": manifest("<manifest:encryption-data/>"),
                "content.xml": bytes(range(256)),
            }
        ),
        _PASSWORD,
    ),
    "encrypted package": ("a.ods", with_ods_part("encrypted-package"), _PASSWORD),
    "Basic": ("a.ods", with_ods_part("Basic/Standard/Module1.xml"), _MACROS),
    "Python script": ("a.ods", with_ods_part("Scripts/python/a.py"), _MACROS),
    "script element": (
        "a.ods",
        with_ods_part(
            "content.xml", content("", "<office:scripts><office:script/></office:scripts>")
        ),
        _MACROS,
    ),
    "event listener": (
        "a.ods",
        with_ods_part("styles.xml", f"<x {NAMESPACES}><script:event-listener/></x>"),
        _MACROS,
    ),
    "OLE in ODS": ("a.ods", with_ods_part("Object 1"), _OBJECTS),
    "linked table": ("a.ods", with_tables(table(_TABLE_SOURCE + row(TEXT))), _LINKS),
    "linked range": (
        "a.ods",
        with_tables(table(row("<table:table-cell><table:cell-range-source/></table:table-cell>"))),
        _LINKS,
    ),
    "database": ("a.ods", with_tables(table(row(TEXT)) + _SQL + _SQL_END), _LINKS),
    "DDE in ODS": ("a.ods", with_tables(table(row(TEXT)) + "<table:dde-links/>"), _LINKS),
    "program in ODS": ("a.ods", with_ods_part("a.exe"), "no part of a plain workbook"),
    "laughs in ODS": (
        "a.ods",
        with_ods_part("content.xml", f"{BILLION_LAUGHS}<x>&d;</x>"),
        _ENTITIES,
    ),
    "laughs in the manifest": (
        "a.ods",
        with_ods_part("META-INF/manifest.xml", f"{BILLION_LAUGHS}<x>&d;</x>"),
        _ENTITIES,
    ),
    "laughs in styles": ("a.ods", with_ods_part("styles.xml", f"{BILLION_LAUGHS}<x/>"), _ENTITIES),
    "malformed ODS": ("a.ods", with_ods_part("content.xml", "<x>"), "no element found"),
    "too deep in ODS": ("a.ods", with_ods_part("content.xml", deep()), _STRANGE),
    "rows repeated": ("a.ods", with_tables(table(row(TEXT, repeated=1_048_576))), _FAR),
    "cells repeated": (
        "a.ods",
        with_tables(table(row(WIDE_TEXT.replace('"90"', '"16384"')))),
        _FAR,
    ),
    "filled below empty rows": (
        "a.ods",
        with_tables(table(row("<table:table-cell/>", repeated=1_048_575) + row(TEXT))),
        _FAR,
    ),
    "filled right of empty cells": (
        "a.ods",
        with_tables(table(row('<table:table-cell table:number-columns-repeated="16383"/>' + TEXT))),
        _FAR,
    ),
    "repeated beyond reason": (
        "a.ods",
        with_tables(table(row('<table:table-cell table:number-columns-repeated="9999999999"/>'))),
        "no position in a sheet",
    ),
    "text without a type": (
        "a.ods",
        with_tables(
            table(
                row(
                    '<table:table-cell table:number-columns-repeated="200"><text:p>x</text:p>'
                    "</table:table-cell>"
                )
            )
        ),
        _FAR,
    ),
    "repeated within limits": (
        "a.ods",
        with_tables(table(row(WIDE_TEXT, repeated=40_000))),
        _LARGE,
    ),
    "repeated long text": (
        "a.ods",
        with_tables(table(row(TEXT.replace("x<", "x" * 32_000 + "<"), repeated=10_000))),
        _LARGE,
    ),
    "area in ODS": (
        "a.ods",
        with_tables(
            table(
                row('<table:table-cell table:number-columns-repeated="99"/>' + TEXT)
                + row("<table:table-cell/>", repeated=50_000)
                + row(TEXT)
            )
        ),
        "span more than 4000000 cells",
    ),
    "table in a table": ("a.ods", with_tables(table(row(_NESTED))), "a table inside a table"),
    "tables of one name": ("a.ods", with_tables(table("") + table("")), "the same name"),
    "too many tables": (
        "a.ods",
        with_tables("".join(table("", f"t{number}") for number in range(21))),
        _SHEETS,
    ),
    # A zip of CSV files
    "zip in a zip": ("a.zip", lambda: csv_zip({"more.zip": csv_zip()}), "another packed file"),
    "XLSX in a zip": ("a.zip", lambda: csv_zip({"a.xlsx": xlsx()}), "another packed file"),
    "zip as CSV": ("a.zip", lambda: csv_zip({"more.csv": csv_zip()}), "not text in UTF-8"),
    "Latin CSV": ("a.zip", lambda: csv_zip({"a.csv": "é".encode("latin-1")}), "not text in UTF-8"),
    "CSVs of one name": ("a.zip", lambda: csv_zip({"b/policies.csv": "x"}), "the same name"),
    "too many CSVs": (
        "a.zip",
        lambda: zipped({f"{number}.csv": "x" for number in range(21)}),
        _SHEETS,
    ),
    "CSV too long": ("a.zip", lambda: csv_zip({"a.csv": "x\n" * 100_001}), _FAR),
    "CSV too wide": ("a.zip", lambda: csv_zip({"a.csv": "x" + "," * 100}), _FAR),
    "CSV too wide by semicolons": ("a.zip", lambda: csv_zip({"a.csv": "x" + ";" * 100}), _FAR),
    "commas without end": (
        "a.zip",
        lambda: csv_zip({"a.csv": "," * 9 * MEGABYTE}),
        "a row of more than 2097152 characters",
    ),
    "fields without end": (
        "a.zip",
        lambda: csv_zip({"a.csv": '"\n",' * 2 * MEGABYTE}),
        "a row of more than 2097152 characters",
    ),
    "open quotation": ("a.zip", lambda: csv_zip({"a.csv": 'x\n"y\n' * 2}), "not well-formed"),
}
