from policies.models.assessment import Assessment, CriterionScore
from policies.models.batch import Batch, BatchChange, BatchState, ChangeStatus, Side, StagedFile
from policies.models.choices import (
    Availability,
    ChangeKind,
    Decision,
    Kind,
    Level,
    Period,
    PoliciesStatus,
    State,
    ValidationStatus,
)
from policies.models.factsheet import Factsheet, Reference
from policies.models.people import User
from policies.models.policy import Policy
from policies.models.presence import Presence
from policies.models.publication import (
    CategoryUse,
    Publication,
    PublishedPolicy,
    PublishedScore,
    PublishedSection,
    Standing,
)
from policies.models.reference import Category, Country, Edition, Evidence, Part, SectionType
from policies.models.review import Comment, ReviewEvent, SectionRevision, WarningReason
from policies.models.searching import Place, SearchEntry
from policies.models.section import Section, SectionCategory
from policies.models.shown import SiteChange, note_change
from policies.models.translation import Of, Translation
from policies.models.validation import Objection, Validation

__all__ = [
    "Assessment",
    "Availability",
    "Batch",
    "BatchChange",
    "BatchState",
    "Category",
    "CategoryUse",
    "ChangeKind",
    "ChangeStatus",
    "Comment",
    "Country",
    "CriterionScore",
    "Decision",
    "Edition",
    "Evidence",
    "Factsheet",
    "Kind",
    "Level",
    "Objection",
    "Of",
    "Part",
    "Period",
    "Place",
    "PoliciesStatus",
    "Policy",
    "Presence",
    "Publication",
    "PublishedPolicy",
    "PublishedScore",
    "PublishedSection",
    "Reference",
    "ReviewEvent",
    "SearchEntry",
    "Section",
    "SectionCategory",
    "SectionRevision",
    "SectionType",
    "Side",
    "SiteChange",
    "StagedFile",
    "Standing",
    "State",
    "Translation",
    "User",
    "Validation",
    "ValidationStatus",
    "WarningReason",
    "note_change",
]
