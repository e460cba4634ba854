"""What placing an order refuses."""

from checkout_app.core.errors import ShopError


class IdempotencyConflict(ShopError):
    """The idempotency key was used before for something else."""

    status = 409
    code = "idempotency_conflict"
    sentence = "This attempt was already used for a different order."
