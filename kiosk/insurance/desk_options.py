"""How long the insurance desk waits, how often it asks again, and how much it asks at most."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class DeskOptions:
    """Who asks waits `budget_s` at most; one look-up may take `hub_deadline_s`.

    After a failure that passes the hub asks again after `retry_after_s`, then twice that and so on up to
    `retry_longest_s`; after one that IT must mend (a refused account) after `retry_longest_s` at once. It gives up
    after `give_up_after_s`, or after `tries` where that is set. `failures_to_open` failures in a row open the breaker:
    then one probe goes out every `probe_every_s`, and everybody is answered at once. `per_minute` (0: no limit) and
    `burst` keep the account's quota.
    """

    budget_s: float = 7.5
    hub_deadline_s: float = 30.0
    workers: int = 8
    retry_after_s: float = 30.0
    retry_longest_s: float = 600.0
    tries: int | None = None
    give_up_after_s: float = 16 * 3600.0
    failures_to_open: int = 5
    probe_every_s: float = 30.0
    most_waiting: int = 5000
    per_minute: float = 0.0
    burst: int = 60
