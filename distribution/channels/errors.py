"""Why a copy did not, or may not have, gone out; every channel raises these."""


class DeliveryError(Exception):
    """A copy that did not, or may not have, gone out; the text is the reason."""


class NotConnected(DeliveryError):
    """Nothing that counts has gone out, and it is not this reader's fault."""


class TryLater(DeliveryError):
    """The other side answered: not now."""


class Rejected(DeliveryError):
    """The other side answered: not at all."""


class Unsure(DeliveryError):
    """All had gone out, or may have, and no answer came."""
