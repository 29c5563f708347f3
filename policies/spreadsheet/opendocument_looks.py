"""How the columns of an OpenDocument spreadsheet look, and what may be typed there."""

from collections.abc import Iterable, Iterator
from itertools import product
from xml.sax.saxutils import escape, quoteattr

from django.utils.translation import gettext as _

from policies.spreadsheet.pages import LINES, Look

FILLS = {"none": "transparent", "read": "#ededed", "mark": "#ffc7ce", "head": "#dce6f1"}
LINE_HEIGHT = 0.5  # cm
CHARACTER = 0.21  # cm

_DAY = (
    '<number:date-style {}><number:year number:style="long"/><number:text>-</number:text>'
    '<number:month number:style="long"/><number:text>-</number:text>'
    '<number:day number:style="long"/>'
)
_TIME = (
    '<number:text> </number:text><number:hours number:style="long"/><number:text>:</number:text>'
    '<number:minutes number:style="long"/><number:text>:</number:text>'
    '<number:seconds number:style="long"/>'
)
SHOWN_AS = {
    "text": "<number:text-style {}><number:text-content/></number:text-style>",
    "number": '<number:number-style {}><number:number number:min-integer-digits="1"/>'
    "</number:number-style>",
    "amount": '<number:number-style {}><number:number number:decimal-places="2" '
    'number:min-decimal-places="2" number:min-integer-digits="1" number:grouping="true"/>'
    "</number:number-style>",
    "date": _DAY + "</number:date-style>",
    "time": _DAY + _TIME + "</number:date-style>",
}


# Printed landscape, all columns on one page.
PAGE_STYLE = (
    '<office:automatic-styles><style:page-layout style:name="wide"><style:page-layout-properties '
    'fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape" '
    'fo:margin="1.5cm" style:scale-to-X="1" style:scale-to-Y="0"/></style:page-layout>'
    "</office:automatic-styles><office:master-styles>"
    '<style:master-page style:name="Default" style:page-layout-name="wide"/>'
    "</office:master-styles>"
)
_SHEET = (
    '<style:style style:name="sheet" style:family="table" style:master-page-name="Default">'
    '<style:table-properties table:display="true"/></style:style>'
)


def styles(widths: Iterable[int]) -> Iterator[str]:
    yield _SHEET
    for kind, style in SHOWN_AS.items():
        yield style.format(f'style:name="n-{kind}"')
    for kind, fill, wrap in product(SHOWN_AS, FILLS, (False, True)):
        yield _style(f"{kind}-{fill}-{wrap:d}", kind, fill, wrap=wrap)
    for fill in FILLS:
        yield _style(f"header-{fill}", "text", fill, wrap=True, font="10pt")
    yield _style("title", "text", "none", wrap=True, font="14pt")
    for width in sorted(set(widths)):
        yield _size(f"w{width}", "column", f'style:column-width="{width * CHARACTER:.1f}cm"')
    for name, lines, fitting in (("row", 1, "true"), ("tall", LINES, "false")):
        height = f'style:row-height="{lines * LINE_HEIGHT:.1f}cm"'
        yield _size(name, "row", f'{height} style:use-optimal-row-height="{fitting}"')


def _style(name: str, kind: str, fill: str, *, wrap: bool, font: str = "") -> str:
    bold = f'<style:text-properties fo:font-size="{font}" fo:font-weight="bold"/>' if font else ""
    return (
        f'<style:style style:name="{name}" style:family="table-cell" '
        f'style:data-style-name="n-{kind}"><style:table-cell-properties '
        f'style:vertical-align="top" fo:background-color="{FILLS[fill]}" '
        f'fo:wrap-option="{"wrap" if wrap else "no-wrap"}"/>{bold}</style:style>'
    )


def _size(name: str, what: str, properties: str) -> str:
    return (
        f'<style:style style:name="{name}" style:family="table-{what}">'
        f"<style:table-{what}-properties {properties}/></style:style>"
    )


def cell_style(kind: str, look: Look, marked: bool = False) -> str:
    fill = "mark" if marked else "read" if look.read_only else "none"
    return f"{kind}-{fill}-{look.wrap:d}"


def header_style(look: Look, marked: bool, plain: bool) -> str:
    if plain and not marked:
        return "title"
    return f"header-{'mark' if marked else 'read' if look.read_only else 'head'}"


def column(look: Look) -> str:
    return (
        f'<table:table-column table:style-name="w{look.width}" '
        f'table:default-cell-style-name="{cell_style(look.kind, look)}"/>'
    )


def rule_attribute(page: int, place: int, look: Look) -> str:
    ruled = look.read_only or look.choices or look.prompt
    return f' table:content-validation-name="rule-{page}-{place}"' if ruled else ""


def rule(page: int, place: int, look: Look) -> str:
    """What may be typed into the column, and what is said to who enters or mistypes."""
    if not rule_attribute(page, place, look):
        return ""
    condition, refusal = _condition(look)
    help_ = _message("help", look.prompt) if look.prompt else ""
    error = _message("error", refusal, ' table:message-type="stop"') if refusal else ""
    return (
        f'<table:content-validation table:name="rule-{page}-{place}"{condition}>'
        f"{help_}{error}</table:content-validation>"
    )


def _condition(look: Look) -> tuple[str, str]:
    if look.read_only:
        formula, refusal = "is-true-formula(FALSE())", _("This column is for reading only.")
    elif look.choices:
        formula = f"cell-content-is-in-list([{_range(look.choices)}])"
        refusal = _("Pick one of the list.")
    else:
        return "", ""
    return f" table:condition={quoteattr('of:' + formula)}", refusal


def _message(kind: str, text: str, attributes: str = "") -> str:
    return (
        f'<table:{kind}-message table:display="true"{attributes}>'
        f"<text:p>{escape(text)}</text:p></table:{kind}-message>"
    )


def _range(choices: str) -> str:
    """From =Codes!$C$2:$C$6 to $Codes.$C$2:.$C$6."""
    sheet, _mark, cells = choices.removeprefix("=").rpartition("!")
    first, _colon, last = cells.partition(":")
    return f"${sheet}.{first}:.{last or first}"
