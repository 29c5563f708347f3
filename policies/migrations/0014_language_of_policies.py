import json

from django.db import migrations, models

AT_ONCE = 100  # documents in memory


def fill(apps, schema_editor):
    """Say of the policies published so far in which language they are written."""
    publications = apps.get_model("policies", "Publication").objects
    policies = apps.get_model("policies", "PublishedPolicy").objects
    keys = list(publications.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        texts = publications.filter(pk__in=keys[start : start + AT_ONCE])
        for key, text in texts.values_list("pk", "document_json"):
            language = json.loads(text)["language"]
            if language != "en":
                policies.filter(publication=key).update(language=language)


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0013_outdated_translations"),
    ]

    operations = [
        migrations.AddField(
            model_name="publishedpolicy",
            name="language",
            field=models.CharField(default="en", max_length=20),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
