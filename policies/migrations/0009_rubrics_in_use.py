from django.db import migrations
from django.db.models import Min
from django.utils import timezone


def note_use(apps, schema_editor):
    """What an edition measures with is released; what a publication names is used since then."""
    Rubric = apps.get_model("scoring", "Rubric")
    Publication = apps.get_model("policies", "Publication")
    now = timezone.now()
    for rubric in Rubric.objects.all():
        # The name as documents are serialised; in a text the quotes would stand behind backslashes.
        named = Publication.objects.filter(document_json__contains=f'"rubric": "{rubric.code}"')
        rubric.used_at = named.aggregate(first=Min("published_at"))["first"]
        if rubric.used_at or rubric.edition_set.exists():
            rubric.released_at = rubric.used_at or now
            rubric.save()


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0008_published_sections"),
        ("scoring", "0002_rubric_workshop"),
    ]

    operations = [migrations.RunPython(note_use, migrations.RunPython.noop)]
