"""What is refused of mails that somebody wants to be sent."""

from checkout_app.core.errors import ShopError


class MailNotFound(ShopError):
    """Nothing of the order was told its buyer by a mail there."""

    status = 404
    code = "mail_not_found"
    sentence = "There is no such mail to the buyer of this order."


class NoMail(ShopError):
    """The shop has no server that takes its mails, or the buyer no mailbox any more."""

    status = 409
    code = "no_mail"
    sentence = "No mail can be sent to this buyer."
