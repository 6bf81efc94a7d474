"""What hosts share for a while, in a store that speaks Redis' protocol: never waited for, lost without harm."""

from collections.abc import Callable
from typing import TypeVar

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from app.kit.circuit import Away, Circuit

PATIENCE = 0.05  # seconds that connecting or an answer may take
REST = 3.0  # seconds in which it is not asked again after a failure
T = TypeVar("T")


class SharedStore:
    """A store that may be gone, slow or full; whoever asks is told so at once and goes on without it."""

    def __init__(self, url: str) -> None:
        self.redis = Redis.from_url(
            url,
            socket_timeout=PATIENCE,
            socket_connect_timeout=PATIENCE,
            socket_keepalive=True,
            retry=Retry(NoBackoff(), 0),  # the library would try three times more, longer each time
            protocol=2,
            driver_info=None,  # like a third protocol, one more question at the beginning to wait for
        )
        self._circuit = Circuit("redis", rest=REST, faults=(RedisError, OSError), slow=PATIENCE)

    def ask(self, question: Callable[[Redis], T]) -> T:
        """What the store answers; raises `Away` when it cannot, or could not a moment ago."""
        try:
            return self._circuit.ask(lambda: question(self.redis))
        except (RedisError, OSError) as error:
            raise Away("redis") from error
