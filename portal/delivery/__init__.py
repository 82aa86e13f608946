"""Results that go by post: the parcel, the order to the postal operator, what the operator says of it."""
