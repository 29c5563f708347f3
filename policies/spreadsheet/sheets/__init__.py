"""The sheets of a workbook: what stands in which column, said once for writing and reading."""

from policies.spreadsheet.sheet import Sheet
from policies.spreadsheet.sheets.assessments import Assessments
from policies.spreadsheet.sheets.factsheets import Factsheets
from policies.spreadsheet.sheets.policies import Policies
from policies.spreadsheet.sheets.references import References
from policies.spreadsheet.sheets.sections import Sections

SHEETS: tuple[type[Sheet], ...] = (Factsheets, Policies, Sections, Assessments, References)

__all__ = ["SHEETS", "Assessments", "Factsheets", "Policies", "References", "Sections"]
