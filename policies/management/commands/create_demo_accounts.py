import secrets
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from policies.models import Factsheet, User
from policies.roles import Role, grant


class Command(BaseCommand):
    help = (
        "Create one demonstration account for each role, with a random password that is printed "
        "once. Accounts that exist are left alone."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--reset-passwords",
            action="store_true",
            help="give the accounts that exist new passwords, too, and print them",
        )

    @transaction.atomic
    def handle(self, *args: Any, reset_passwords: bool, **options: Any) -> None:
        accounts = [_account(role) for role in Role]
        for user, is_new in accounts:
            if is_new or reset_passwords:
                self.stdout.write(f"{user.username:<14} password: {_new_password(user)}")
        if not all(is_new or reset_passwords for _user, is_new in accounts):
            self.stdout.write(
                "Demonstration accounts exist. For new passwords: "
                "DEBUG=1 .venv/bin/python manage.py create_demo_accounts --reset-passwords"
            )


def _account(role: Role) -> tuple[User, bool]:
    user, is_new = User.objects.get_or_create(username=role.lower())
    if is_new:
        grant(user, role)
    if is_new and role is Role.EDITOR:
        user.factsheets.set(Factsheet.objects.all())
    if is_new and role is Role.REVIEWER:
        user.reviewed_factsheets.set(Factsheet.objects.all())
    return user, is_new


def _new_password(user: User) -> str:
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.save()
    return password
