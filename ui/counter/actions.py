"""The console's actions: what each does, its key, and which ticket it is for."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from kiosk.domain.ticket import TicketAction


class Scope(StrEnum):
    """`current`: the ticket at this counter; `chosen`: the row chosen in the list, else the current ticket."""

    CURRENT = "current"
    CHOSEN = "chosen"
    NONE = "none"


@dataclass(frozen=True, kw_only=True)
class ConsoleAction:
    """`name` is also the text's key (`counter.button.<name>`), `route` the hub's word where one request does it."""

    name: str
    key: str
    scope: Scope
    transition: TicketAction | None = None
    route: str = ""


CALL_NEXT = ConsoleAction(name="call_next", key="F2", scope=Scope.NONE)
RECALL = ConsoleAction(name="recall", key="F3", scope=Scope.CURRENT, transition=TicketAction.RECALL, route="recall")
SERVE = ConsoleAction(name="serve", key="F4", scope=Scope.CURRENT, transition=TicketAction.SERVE, route="serve")
NO_SHOW = ConsoleAction(name="no_show", key="F5", scope=Scope.CURRENT, transition=TicketAction.NO_SHOW, route="no-show")
FINISH = ConsoleAction(name="finish", key="F6", scope=Scope.CURRENT, transition=TicketAction.FINISH, route="finish")
HOLD = ConsoleAction(name="hold", key="F7", scope=Scope.CURRENT, transition=TicketAction.HOLD, route="hold")
TRANSFER = ConsoleAction(name="transfer", key="F8", scope=Scope.CURRENT, transition=TicketAction.TRANSFER)
ISSUE = ConsoleAction(name="issue", key="F9", scope=Scope.NONE)

CALL_CHOSEN = ConsoleAction(
    name="call_chosen", key="F10", scope=Scope.CHOSEN, transition=TicketAction.CALL, route="call"
)
PRIORITY = ConsoleAction(name="priority", key="Ctrl+P", scope=Scope.CHOSEN, transition=TicketAction.SET_PRIORITY)
HOLD_CHOSEN = ConsoleAction(
    name="hold_chosen", key="Ctrl+H", scope=Scope.CHOSEN, transition=TicketAction.HOLD, route="hold"
)
TRANSFER_CHOSEN = ConsoleAction(
    name="transfer_chosen", key="Ctrl+T", scope=Scope.CHOSEN, transition=TicketAction.TRANSFER
)
CANCEL = ConsoleAction(
    name="cancel", key="Ctrl+Del", scope=Scope.CHOSEN, transition=TicketAction.CANCEL, route="cancel"
)

WORK = ConsoleAction(name="work", key="Ctrl+B", scope=Scope.NONE)
RETRY_WORK = ConsoleAction(name="retry_work", key="Ctrl+R", scope=Scope.NONE)
CORRECT_WORK = ConsoleAction(name="correct_work", key="Ctrl+E", scope=Scope.NONE)
DECIDE_WORK = ConsoleAction(name="decide_work", key="Ctrl+D", scope=Scope.NONE)

STAFF = ConsoleAction(name="staff", key="F11", scope=Scope.NONE)
HANDLED = ConsoleAction(name="handled", key="F12", scope=Scope.NONE)
LANGUAGE = ConsoleAction(name="language", key="Ctrl+L", scope=Scope.NONE)

FOR_CURRENT = (CALL_NEXT, RECALL, SERVE, NO_SHOW, FINISH, HOLD, TRANSFER, ISSUE)
FOR_CHOSEN = (CALL_CHOSEN, PRIORITY, HOLD_CHOSEN, TRANSFER_CHOSEN, CANCEL)
FOR_WORK = (RETRY_WORK, CORRECT_WORK, DECIDE_WORK)
EVERYWHERE = (STAFF, HANDLED, LANGUAGE, WORK)
