"""`flask --app wsgi staff …`: the first administrator of a new installation, and help after a lost telephone."""

import click
from flask.cli import AppGroup

from marketplace.accounts import queries
from marketplace.accounts.forms import read_staff_invitee
from marketplace.accounts.services import invitations, second_factor
from marketplace.core.actor import StaffRole
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.http.context import make_uow, settings
from marketplace.unit_of_work import running

group = AppGroup("staff", help="Invite staff and help them back in.")


@group.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in StaffRole]))
@click.option("--language", default="en", show_default=True, type=click.Choice(["en", "sw", "fr", "es"]))
def create(email: str, name: str, roles: tuple[str, ...], language: str) -> None:
    """Invite a person to the staff and print the link she accepts with; it works once, for 14 days."""
    form = {"email": email, "name": name, "language": language}
    try:
        with running(make_uow) as uow:
            invited = invitations.invite_staff(uow, invitee=read_staff_invitee(form, roles=roles))
    except InvalidInput as error:
        raise click.ClickException(
            "; ".join(f"{field}: {why.message}" for field, why in error.fields.items())
        ) from None
    click.echo(f"{settings().base_url}/account/invitation/{invited.token}")


@group.command("reset-second-factor")
@click.argument("email")
@click.confirmation_option(prompt="Have two people checked, by another way than mail, that this is the person?")
def reset_second_factor(email: str) -> None:
    """Forget the second factor of a person who lost her telephone and her recovery codes."""
    try:
        with running(make_uow) as uow:
            second_factor.clear(uow, user=queries.user_by_email(uow.session, email))
    except NotFound:
        raise click.ClickException("Nobody has this address.") from None
    click.echo("Done. At the next sign-in a new one is set up.")
