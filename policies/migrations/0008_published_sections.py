import json

import django.db.models.deletion
from django.db import migrations, models

AT_ONCE = 100  # documents in memory


def fill(apps, schema_editor):
    """Give the rows beside the publications that there are what is new."""
    publications = apps.get_model("policies", "Publication").objects
    keys = list(publications.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_ONCE):
        texts = publications.filter(pk__in=keys[start : start + AT_ONCE])
        _fill(
            apps, {key: json.loads(text) for key, text in texts.values_list("pk", "document_json")}
        )


def _fill(apps, documents):
    publications = list(
        apps.get_model("policies", "Publication").objects.filter(pk__in=documents).only("pk")
    )
    for row in publications:
        row.policies_status = documents[row.pk]["policies_status"]
    rows = list(
        apps.get_model("policies", "PublishedPolicy").objects.filter(publication__in=documents)
    )
    sections = []
    for row in rows:
        policies = documents[row.publication_id]["policies"]
        policy = next(policy for policy in policies if policy["code"] == row.code)
        row.overall_budget = policy["budget"]["overall"]["availability"]
        row.annual_budget = policy["budget"]["annual"]["availability"]
        sections += [
            (row.pk, section["type"], section["availability"]) for section in policy["sections"]
        ]
    _update(apps.get_model("policies", "Publication"), publications, ["policies_status"])
    _update(
        apps.get_model("policies", "PublishedPolicy"), rows, ["overall_budget", "annual_budget"]
    )
    model = apps.get_model("policies", "PublishedSection")
    model.objects.bulk_create(
        [
            model(policy_id=policy, section=section, availability=availability)
            for policy, section, availability in sections
        ],
        batch_size=500,
    )


def _update(model, rows, fields):
    model.objects.bulk_update(rows, fields, batch_size=100)


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0007_published_details"),
    ]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="policies_status",
            field=models.CharField(
                choices=[
                    ("reported", "Policies are reported"),
                    ("none_exist", "No policy exists"),
                    ("not_researched", "Not yet researched"),
                ],
                default="reported",
                max_length=20,
                verbose_name="policies",
            ),
        ),
        migrations.AddField(
            model_name="publishedpolicy",
            name="annual_budget",
            field=models.CharField(
                choices=[
                    ("reported", "Reported"),
                    ("none_exists", "None exists"),
                    ("no_data", "No data available"),
                    ("not_applicable", "Not applicable"),
                    ("not_researched", "Not yet researched"),
                ],
                default="not_researched",
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="publishedpolicy",
            name="overall_budget",
            field=models.CharField(
                choices=[
                    ("reported", "Reported"),
                    ("none_exists", "None exists"),
                    ("no_data", "No data available"),
                    ("not_applicable", "Not applicable"),
                    ("not_researched", "Not yet researched"),
                ],
                default="not_researched",
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="PublishedSection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("section", models.SlugField()),
                (
                    "availability",
                    models.CharField(
                        choices=[
                            ("reported", "Reported"),
                            ("none_exists", "None exists"),
                            ("no_data", "No data available"),
                            ("not_applicable", "Not applicable"),
                            ("not_researched", "Not yet researched"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sections",
                        to="policies.publishedpolicy",
                    ),
                ),
            ],
            options={
                "verbose_name": "published section",
                "verbose_name_plural": "published sections",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("policy", "section"), name="published_section_once_per_policy"
                    )
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
