"""What a receipt shows beside what was sent: the seal, and a weight beyond the tolerance both agreed to. Pure."""

from dataclasses import dataclass

from marketplace.orders import terms


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivingCheck:
    """Hold sent and received side by side; weights in milligrams. `seal_intact` is None until somebody looked."""

    sent_mg: int
    received_mg: int | None
    tolerance_mg: int
    seal_intact: bool | None

    @property
    def difference_mg(self) -> int | None:
        """Return received less sent; None until it was weighed."""
        return None if self.received_mg is None else self.received_mg - self.sent_mg

    @property
    def is_weight_beyond(self) -> bool:
        """Say whether the weight differs by more than the tolerance."""
        return self.difference_mg is not None and abs(self.difference_mg) > self.tolerance_mg

    @property
    def is_in_order(self) -> bool:
        """Say whether the seal was whole and the weight within the tolerance."""
        return self.seal_intact is True and self.received_mg is not None and not self.is_weight_beyond


def compare(*, kind: str, sent_mg: int, received_mg: int | None, seal_intact: bool | None) -> ReceivingCheck:
    """Return the check of a parcel of gold or stones; the tolerance is that of the order's terms."""
    return ReceivingCheck(
        sent_mg=sent_mg,
        received_mg=received_mg,
        tolerance_mg=terms.tolerance_mg(kind, sent_mg),
        seal_intact=seal_intact,
    )
