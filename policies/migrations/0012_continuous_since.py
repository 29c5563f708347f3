import json

from django.db import migrations, models

AT_ONCE = 100  # documents in memory


def fill(apps, schema_editor):
    """Say of the policies published so far since when they have run without a break."""
    publications = apps.get_model("policies", "Publication").objects
    keys = list(publications.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        texts = publications.filter(pk__in=keys[start : start + AT_ONCE])
        for key, text in texts.values_list("pk", "document_json"):
            _fill(apps, key, json.loads(text)["policies"])


def _fill(apps, publication, policies):
    since = {policy["code"]: policy["continuous_since"] for policy in policies}
    found = apps.get_model("policies", "PublishedPolicy").objects.filter(publication=publication)
    rows = [row for row in found.only("code") if since[row.code] is not None]
    for row in rows:
        row.continuous_since = since[row.code]
    if rows:
        found.model.objects.bulk_update(rows, ["continuous_since"], batch_size=100)


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0011_translation"),
    ]

    operations = [
        migrations.AddField(
            model_name="publishedpolicy",
            name="continuous_since",
            field=models.PositiveSmallIntegerField(null=True),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
