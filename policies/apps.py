from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PoliciesConfig(AppConfig):
    name = "policies"
    verbose_name = _("Cluster-policy factsheets")

    def ready(self) -> None:
        from policies import contact, indexing, settling, translating

        settling.connect()
        indexing.connect()
        contact.connect()
        translating.connect()
