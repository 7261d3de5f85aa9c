"""What a counter asks the hub for: its list, open alerts, the services and the names of things."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from kiosk.domain.alert import Alert, most_urgent_first
from kiosk.domain.insurance_work import WorkItem, most_urgent_work
from kiosk.domain.localized import LocalizedText
from kiosk.domain.service import ServiceView
from kiosk.domain.ticket import TicketView
from kiosk.station.hub_client import HubClient


@dataclass(frozen=True, kw_only=True)
class CounterView:
    """Everything one counter shows, fetched together. `tickets` stand in the hub's order, `work` (insurance
    look-ups that wait or have failed) most urgent first."""

    counter_name: LocalizedText
    hospital: LocalizedText
    time_zone: ZoneInfo
    services: tuple[ServiceView, ...]
    tickets: tuple[TicketView, ...]
    alerts: tuple[Alert, ...]
    work: tuple[WorkItem, ...] = ()


class CounterSource:
    """Fetches the view of one counter."""

    def __init__(self, client: HubClient, counter: str) -> None:
        self._client = client
        self._counter = counter
        self._name: LocalizedText | None = None

    def fetch(self) -> CounterView:
        """Blocks. Raises `HubUnreachable`, and `Refusal("counter.unknown")` when the site has no such counter."""
        if self._name is None:
            self._name = next((c.name for c in self._client.counters() if c.id == self._counter), None)
        site = self._client.site()
        return CounterView(
            counter_name=self._name or LocalizedText(vi=self._counter, en=self._counter),
            hospital=site.hospital,
            time_zone=ZoneInfo(site.time_zone),
            services=site.services,
            tickets=self._client.tickets(self._counter),
            alerts=most_urgent_first(self._client.alerts()),
            work=most_urgent_work(self._client.insurance_work()),
        )
