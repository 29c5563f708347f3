"""The settings read a real environment, so every test starts a process with one of its own."""

import subprocess
import sys
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import RequestFactory

PRODUCTION = {"SECRET_KEY": "k7-" + "wq9ZrT" * 9, "ALLOWED_HOSTS": "factsheets.example"}


def manage(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        capture_output=True,
        cwd=settings.BASE_DIR,
        env=environment,
        text=True,
    )


def value_of(name: str, **environment: str) -> str:
    return manage(
        "shell", "--no-imports", "-c", f"from django.conf import settings; print(settings.{name})",
        **environment,
    ).stdout.strip()  # fmt: skip


def test_nothing_starts_without_a_secret_key_and_hosts():
    result = manage("check")
    assert result.returncode == 1
    assert "Set SECRET_KEY and ALLOWED_HOSTS in the environment" in result.stderr


@pytest.mark.parametrize("name", PRODUCTION)
def test_the_missing_variable_is_named_alone(name):
    given = {other: value for other, value in PRODUCTION.items() if other != name}
    assert f"Set {name} in the environment" in manage("check", **given).stderr


def test_an_empty_variable_is_a_missing_one():
    result = manage("check", **{**PRODUCTION, "SECRET_KEY": ""})
    assert "Set SECRET_KEY in the environment" in result.stderr


def test_the_refusal_is_one_sentence_and_no_traceback():
    assert "Traceback" not in manage("check").stderr


def test_development_needs_nothing_but_debug():
    assert manage("check", DEBUG="1").returncode == 0


def test_production_passes_every_deployment_check():
    named = {**PRODUCTION, "SECURITY_CONTACT": "security@factsheets.example"}
    result = manage("check", "--deploy", "--fail-level", "INFO", **named)
    assert result.returncode == 0, result.stderr


def test_a_deployment_that_names_nobody_to_tell_of_a_hole_is_warned():
    result = manage("check", "--deploy", **PRODUCTION)
    assert "policies.W001" in result.stderr
    assert "HINT: Set SECURITY_CONTACT" in result.stderr


def test_spaces_between_hosts_and_a_dollar_in_the_key_are_understood():
    told = {"SECRET_KEY": "$x" * 30, "ALLOWED_HOSTS": "a.example, b.example"}
    assert value_of("ALLOWED_HOSTS", **told) == "['a.example', 'b.example']"
    assert value_of("SECRET_KEY", **told) == "$x" * 30


def test_debug_is_off_unless_asked_for():
    assert value_of("DEBUG", **PRODUCTION) == "False"


def test_another_kind_of_database_is_refused():
    result = manage("check", DEBUG="1", DATABASE_URL="mysql://localhost/x")
    assert "DATABASE_URL must start with sqlite:// or postgres://" in result.stderr


def test_sqlite_writes_ahead_and_takes_turns():
    options = value_of("DATABASES['default']['OPTIONS']", DEBUG="1")
    assert "'transaction_mode': 'IMMEDIATE'" in options
    assert "journal_mode = WAL" in options


def test_postgresql_has_a_pool_that_checks_its_connections():
    database = value_of("DATABASES['default']", DEBUG="1", DATABASE_URL="postgres://db/x")
    assert "'pool': {" in database
    assert "'CONN_HEALTH_CHECKS': True" in database


def test_a_proxy_is_believed_only_when_the_operator_says_so():
    header = "SECURE_PROXY_SSL_HEADER"
    assert value_of(header, **PRODUCTION) == "None"
    assert "HTTP_X_FORWARDED_PROTO" in value_of(header, **PRODUCTION, TRUST_FORWARDED_PROTO="1")


def test_a_policy_of_eleven_full_texts_fits_the_upload_limits():
    fields = {f"sections-{number}-text": "€" * 32_000 for number in range(11)}
    body = urlencode(fields)
    kind = "application/x-www-form-urlencoded"
    request = RequestFactory().post("/", body, content_type=kind)
    assert len(request.POST) == 11


def test_mail_links_to_the_first_host_unless_told_otherwise():
    assert value_of("SITE_URL", **PRODUCTION) == "https://factsheets.example"
    told = {**PRODUCTION, "SITE_URL": "https://other.example/"}
    assert value_of("SITE_URL", **told) == "https://other.example"


def test_mail_goes_to_the_console_unless_told_where():
    assert value_of("EMAIL_BACKEND", **PRODUCTION).endswith("console.EmailBackend")
    told = {**PRODUCTION, "EMAIL_URL": "smtp+tls://ada:secret@mail.example:587"}
    assert value_of("EMAIL_HOST", **told) == "mail.example"
