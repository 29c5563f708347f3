from policies.models.assessment import Assessment, CriterionScore
from policies.models.factsheet import (
    Availability,
    Factsheet,
    Kind,
    Level,
    Period,
    PoliciesStatus,
    Policy,
    Reference,
    Section,
    SectionCategory,
    State,
)
from policies.models.people import User
from policies.models.publication import (
    CategoryUse,
    Publication,
    PublishedPolicy,
    PublishedScore,
)
from policies.models.reference import Category, Country, Edition, Evidence, Part, SectionType
from policies.models.review import ReviewEvent, SectionRevision

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
