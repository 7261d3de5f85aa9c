"""What `kiosk.hub.app` injects into routes, by the parameter's name."""

from __future__ import annotations

from litestar.di import NamedDependency

from kiosk.domain.backup import BackupState
from kiosk.domain.clock import ClockState
from kiosk.hub.feed import EventFeed
from kiosk.hub.insurance import Insurance
from kiosk.hub.sentences import Sentences
from kiosk.services.reception import Reception

TheReception = NamedDependency[Reception]
TheInsurance = NamedDependency[Insurance]
TheSentences = NamedDependency[Sentences]
TheFeed = NamedDependency[EventFeed]
TheBackupState = NamedDependency[BackupState]
TheClockState = NamedDependency[ClockState]
TheVersion = NamedDependency[str]
