from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("policies", "0009_rubrics_in_use"),
    ]

    operations = [
        migrations.AlterField(
            model_name="searchentry",
            name="part",
            field=models.CharField(
                choices=[
                    ("factsheet", "Names of countries"),
                    ("introduction", "Introductions"),
                    ("policy", "Names of policies"),
                    ("section", "Cells of the policy table"),
                    ("criterion", "Texts on criteria"),
                    ("chapter", "Further chapters"),
                    ("reference", "Bibliographies"),
                ],
                max_length=20,
            ),
        ),
    ]
