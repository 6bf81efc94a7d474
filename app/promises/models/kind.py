"""What a promise is about."""

from enum import StrEnum


class Kind(StrEnum):
    """What it is about."""

    CAPACITY = "capacity"
    INVESTMENT = "investment"
    ROLL_OUT = "roll-out"
    HARDWARE = "hardware"
    WIFI = "wifi"
    TRANSPORT = "transport"
    INFORMATION = "information"
    OTHER = "other"


# What a customer notices in the network: who says that it works again there also says that this was done.
NETWORK = frozenset({Kind.CAPACITY, Kind.INVESTMENT, Kind.ROLL_OUT, Kind.HARDWARE, Kind.TRANSPORT})
