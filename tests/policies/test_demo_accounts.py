import re

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from policies.models import User
from policies.roles import Role, roles_of
from tests.factory import make_factsheet

pytestmark = pytest.mark.usefixtures("reference")


def passwords_of(capsys) -> dict[str, str]:
    return dict(re.findall(r"^(\w+) +password: (\S+)$", capsys.readouterr().out, re.MULTILINE))


def test_each_role_has_an_account_with_the_password_that_is_printed(capsys):
    call_command("create_demo_accounts")
    passwords = passwords_of(capsys)
    assert set(passwords) == {role.lower() for role in Role}
    for name, password in passwords.items():
        assert roles_of(authenticate(username=name, password=password)) == {Role(name.title())}


def test_every_account_gets_into_the_admin():
    call_command("create_demo_accounts")
    assert User.objects.filter(is_staff=True).count() == len(Role)


def test_a_second_run_changes_nothing_and_says_how_to_set_passwords(capsys):
    call_command("create_demo_accounts")
    before = list(User.objects.values("username", "password"))
    capsys.readouterr()
    call_command("create_demo_accounts")
    assert list(User.objects.values("username", "password")) == before
    assert "create_demo_accounts --reset-passwords" in capsys.readouterr().out


def test_new_passwords_are_set_and_printed_on_request(capsys):
    call_command("create_demo_accounts")
    old = passwords_of(capsys)
    call_command("create_demo_accounts", "--reset-passwords")
    new = passwords_of(capsys)
    assert all(new[name] != old[name] for name in old)
    assert authenticate(username="editor", password=new["editor"])


def test_the_demonstration_editor_may_write_the_factsheets_there_are():
    factsheet = make_factsheet()
    call_command("create_demo_accounts")
    assert factsheet.editors.get().username == "editor"
