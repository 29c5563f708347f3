import json

from django.db import migrations, models

AT_ONCE = 100  # documents in memory


def fill(apps, schema_editor):
    """Give the rows beside the publications that there are what the new columns hold."""
    publications = apps.get_model("policies", "Publication").objects
    keys = list(publications.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        texts = publications.filter(pk__in=keys[start : start + AT_ONCE])
        written = {
            (key, policy["code"]): policy
            for key, text in texts.values_list("pk", "document_json")
            for policy in json.loads(text)["policies"]
        }
        _fill_policies(apps.get_model("policies", "PublishedPolicy"), written)
        _fill_uses(apps.get_model("policies", "CategoryUse"), written)


def _fill_policies(model, written):
    rows = list(model.objects.filter(publication__in={key for key, _code in written}))
    for row in rows:
        policy = written[row.publication_id, row.code]
        row.original_name, row.url = policy["original_name"], policy["url"]
    model.objects.bulk_update(rows, ["original_name", "url"], batch_size=100)


def _fill_uses(model, written):
    details = {
        (*place, section["type"], category["code"]): category["detail"]
        for place, policy in written.items()
        for section in policy["sections"]
        for category in section["categories"]
        if category["detail"]
    }
    found = model.objects.filter(
        policy__publication__in={place[0] for place in details},
        category__code__in={place[-1] for place in details},
    )
    rows = []
    for row in found.select_related("policy", "category__section_type"):
        policy, category = row.policy, row.category
        place = (policy.publication_id, policy.code, category.section_type.code, category.code)
        if place in details:
            row.detail = details[place]
            rows.append(row)
    model.objects.bulk_update(rows, ["detail"], batch_size=100)


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0006_list_indexes"),
    ]

    operations = [
        migrations.AddField(
            model_name="categoryuse",
            name="detail",
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name="publishedpolicy",
            name="original_name",
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name="publishedpolicy",
            name="url",
            field=models.CharField(blank=True, max_length=2000),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
