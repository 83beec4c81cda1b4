"""Sign-up policy and mail texts of django-allauth."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):
    """Filled by the accounts room."""
