"""What signing up and signing in refuse."""

from checkout_app.core.errors import ShopError


class InvalidCredentials(ShopError):
    """No account has this e-mail address with this password."""

    status = 401
    code = "invalid_credentials"
    sentence = "The e-mail address and the password do not belong together."


class CodeWanted(ShopError):
    """So many have tried this account lately that a password alone is not believed."""

    status = 403
    code = "step_up_required"
    sentence = "Too many tries at this account lately. Sign in with a mailed code instead."


class LinkRefused(ShopError):
    """What a mailed link carries is forged, used, too old or for something else."""

    status = 422
    code = "link_refused"
    sentence = "This link was used before or is too old. Ask for a new one."


class CodeRefused(ShopError):
    """No mail with this code was sent to this address lately."""

    status = 422
    code = "code_refused"
    sentence = "This is not the code of the last mail, or it is too old. Ask for a new one."


class FactorRefused(ShopError):
    """These are not the digits of the app at this moment, nor a code that was not used yet."""

    status = 422
    code = "factor_refused"
    sentence = "Your app does not show these digits now. Wait for the next ones and try again."


class NoMails(ShopError):
    """The shop has no mail server, so nothing can be proved by a mail."""

    status = 503
    code = "no_mails"
    sentence = "This shop sends no mails yet, so there is nothing to prove by one."


class EmailTaken(ShopError):
    """An account with this e-mail address exists."""

    status = 409
    code = "email_taken"
    sentence = "There is an account with this e-mail address. Sign in instead."


class PersonNotFound(ShopError):
    """Nobody of the shop has this id, and nobody who has is invited."""

    status = 404
    code = "person_not_found"
    sentence = "This is nobody of the shop any more."


class OwnAccount(ShopError):
    """An owner would take from themselves what only another owner can give back; so there is always one."""

    status = 409
    code = "own_account"
    sentence = "This is you. Another owner can do it."
