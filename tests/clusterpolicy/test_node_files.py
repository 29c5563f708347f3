from django.contrib.staticfiles import finders

from clusterpolicy.node_files import NodeFilesFinder

CHART = "chart.js/dist/chart.umd.min.js"


def test_a_listed_file_is_found_below_node():
    assert finders.find(f"node/{CHART}").endswith(f"node_modules/{CHART}")


def test_another_file_of_the_same_package_is_not_served():
    assert finders.find("node/chart.js/package.json") is None


def test_a_path_that_climbs_out_is_not_served():
    assert finders.find("node/chart.js/dist/../package.json") is None


def test_a_listed_file_has_one_address():
    assert finders.find(CHART) is None


def test_collectstatic_sees_the_listed_files_below_node():
    found = {f"{storage.prefix}/{name}" for name, storage in NodeFilesFinder().list([])}
    assert f"node/{CHART}" in found


def test_a_missing_file_is_an_error_that_says_what_to_run(settings):
    settings.NODE_FILES = (CHART, "chart.js/dist/gone.js")
    (error,) = NodeFilesFinder().check()
    assert error.id == "clusterpolicy.E001"
    assert "gone.js" in error.msg
    assert "make setup" in error.hint


def test_a_missing_atlas_is_an_error_too(settings):
    settings.ATLAS = {"110m": "world-atlas/gone.json"}
    (error,) = NodeFilesFinder().check()
    assert "world-atlas/gone.json" in error.msg
