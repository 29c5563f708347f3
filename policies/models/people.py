from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person who works on factsheets; what they may do follows from their groups (`roles.py`)."""
