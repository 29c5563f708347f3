"""Whoever does whatever in whichever order: no unapproved words are published, no revision lost."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from policies.changes import change_set
from policies.history import contents
from policies.loading import load
from policies.models import (
    ChangeKind,
    Factsheet,
    Publication,
    ReviewEvent,
    Section,
    SectionRevision,
    State,
    User,
)
from policies.restoring import restore
from policies.workflow import approve, publish, reopen, return_, submit, withdraw
from scoring.facts import digest
from tests.factory import EXPLAINED, make_scored_document, make_user

REFUSED = (ValidationError, PermissionDenied)
PEOPLE = st.sampled_from(["ada", "ben", "bea", "cleo", "dan", "root"])
SECTIONS = st.integers(0, 40)
KINDS = st.sampled_from(["", *ChangeKind.values])
TEXTS = st.sampled_from(["", "One.", "Two.", "Three [@nowhere]."])


class Office(RuleBasedStateMachine):
    """Six people at one factsheet. `people` and `reference` are in the database already."""

    people: dict[str, User]

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.factsheet: Factsheet = load(make_scored_document(), by=self.people["ada"]).factsheet
        self.factsheet.editors.add(self.people["ada"])
        self.revisions: dict[int, str] = {}
        self.published: dict[int, str] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # What people do

    @rule(who=PEOPLE, index=SECTIONS, text=TEXTS)
    def write(self, who: str, index: int, text: str) -> None:
        section = self.section(index)
        with change_set(by=self.people[who]):
            section.text = text if section.type.takes_text else ""
            section.save()

    @rule(who=PEOPLE, kind=st.sampled_from(["broad", "sectoral"]))
    def change_the_kind_of_the_policy(self, who: str, kind: str) -> None:
        policy = self.factsheet.policies.get()
        with change_set(by=self.people[who]):
            policy.kind = kind
            policy.save()

    @rule(who=PEOPLE, index=SECTIONS, kind=KINDS)
    def submit(self, who: str, index: int, kind: str) -> None:
        self.attempt(submit, self.section(index), by=self.people[who], kind=kind)

    @rule(who=PEOPLE, index=SECTIONS)
    def return_(self, who: str, index: int) -> None:
        self.attempt(return_, self.section(index), by=self.people[who], comment="Why?")

    @rule(who=PEOPLE, index=SECTIONS, behind=st.integers(0, 1))
    def approve(self, who: str, index: int, behind: int) -> None:
        section = self.section(index)
        section.version -= behind
        self.attempt(approve, section, by=self.people[who])

    @rule(who=PEOPLE, index=SECTIONS)
    def reopen(self, who: str, index: int) -> None:
        self.attempt(reopen, self.section(index), by=self.people[who])

    @rule(writer=PEOPLE, reviewer=PEOPLE, kind=KINDS)
    def review_all(self, writer: str, reviewer: str, kind: str) -> None:
        for section in self.factsheet.sections.all():
            self.attempt(submit, section, by=self.people[writer], kind=kind)
        for section in self.factsheet.sections.all():
            self.attempt(approve, section, by=self.people[reviewer])

    @rule(writer=st.sampled_from(["ada", "bea"]))
    def review_all_well(self, writer: str) -> None:
        self.review_all(writer, "ben", ChangeKind.POLICY_CHANGED)

    @rule(who=PEOPLE)
    def publish(self, who: str) -> None:
        note = "As reviewed."
        self.attempt(publish, self.factsheet, by=self.people[who], note=note, reasons=EXPLAINED)

    @rule()
    def publish_well(self) -> None:
        self.publish("cleo")

    @precondition(lambda self: self.published)
    @rule(who=PEOPLE)
    def withdraw(self, who: str) -> None:
        latest = self.factsheet.publications.order_by("-number").first()
        self.attempt(withdraw, latest, by=self.people[who], reason="Wrong.")

    @rule(who=PEOPLE, index=SECTIONS)
    def restore(self, who: str, index: int) -> None:
        revision = self.section(index).revisions.order_by("number").first()
        self.attempt(restore, revision, by=self.people[who])

    def section(self, index: int) -> Section:
        sections = list(self.factsheet.sections.select_related("type", "policy"))
        return sections[index % len(sections)]

    def attempt(self, step: Any, *args: Any, **kwargs: Any) -> None:
        """What is refused leaves nothing behind."""
        before = self.everything()
        try:
            with transaction.atomic():
                step(*args, **kwargs)
        except REFUSED:
            assert self.everything() == before

    def everything(self) -> tuple[Any, ...]:
        sections = self.factsheet.sections.order_by("pk").values_list("pk", "state", "version")
        return (
            list(sections),
            ReviewEvent.objects.count(),
            SectionRevision.objects.count(),
            list(Publication.objects.order_by("pk").values_list("pk", "is_current")),
        )

    # What holds after every step

    @invariant()
    def no_revision_is_lost_or_changed(self) -> None:
        now = dict(SectionRevision.objects.values_list("pk", "content"))
        hashes = {key: digest(content) for key, content in now.items()}
        assert self.revisions.items() <= hashes.items()
        self.revisions = hashes

    @invariant()
    def a_publication_stays_as_it_was(self) -> None:
        now = dict(Publication.objects.values_list("number", "document_json"))
        assert self.published.items() <= now.items()
        self.published = now

    @invariant()
    def what_is_approved_is_what_stands_there(self) -> None:
        for section in self.factsheet.sections.filter(state=State.APPROVED):
            assert section.approved_revision.number == section.version

    @invariant()
    def nobody_approved_their_own_text(self) -> None:
        for event in ReviewEvent.objects.filter(action="approved").select_related("revision"):
            assert event.by_id != event.revision.author_id

    @invariant()
    def every_published_word_was_approved_by_somebody_else_before(self) -> None:
        for publication in self.factsheet.publications.all():
            approvals = ReviewEvent.objects.filter(
                action="approved", factsheet=self.factsheet, at__lte=publication.published_at
            ).select_related("revision__type")
            approved = {
                (event.revision.policy_code, event.revision.type.code, event.revision.content_hash)
                for event in approvals
            }
            for (policy, type_), content in contents(publication.document).items():
                assert (policy, type_, digest(content)) in approved

    @invariant()
    def at_most_one_version_is_current(self) -> None:
        assert self.factsheet.publications.current().count() <= 1


@pytest.mark.django_db
def test_nothing_unapproved_is_published_and_no_revision_is_lost(cast) -> None:
    from policies.roles import Role

    cast |= {"bea": make_user("bea", Role.REVIEWER), "root": make_user("root", Role.ADMINISTRATOR)}
    Office.people = cast
    run_state_machine_as_test(
        Office, settings=settings(max_examples=10, stateful_step_count=20, deadline=None)
    )
