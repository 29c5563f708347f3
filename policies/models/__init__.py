from policies.models.assessment import Assessment, CriterionScore
from policies.models.choices import Availability, Kind, Level, Period, PoliciesStatus, State
from policies.models.factsheet import Factsheet, Reference
from policies.models.people import User
from policies.models.policy import Policy
from policies.models.publication import (
    CategoryUse,
    Publication,
    PublishedPolicy,
    PublishedScore,
)
from policies.models.reference import Category, Country, Edition, Evidence, Part, SectionType
from policies.models.review import ReviewEvent, SectionRevision
from policies.models.section import Section, SectionCategory

__all__ = [
    "Assessment",
    "Availability",
    "Category",
    "CategoryUse",
    "Country",
    "CriterionScore",
    "Edition",
    "Evidence",
    "Factsheet",
    "Kind",
    "Level",
    "Part",
    "Period",
    "PoliciesStatus",
    "Policy",
    "Publication",
    "PublishedPolicy",
    "PublishedScore",
    "Reference",
    "ReviewEvent",
    "Section",
    "SectionCategory",
    "SectionRevision",
    "SectionType",
    "State",
    "User",
]
