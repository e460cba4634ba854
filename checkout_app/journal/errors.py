"""What the journal refuses."""

from checkout_app.core.errors import ShopError


class IssueNotFound(ShopError):
    """No such issue."""

    status = 404
    code = "issue_not_found"
    sentence = "We can't find this issue."


class NothingToResolve(ShopError):
    """The issue does not wait for a person any more."""

    status = 409
    code = "nothing_to_decide"
    sentence = "This issue is resolved already."
