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
class DeskAction:
    """`name` is also the text's key (`counter.button.<name>`), `route` the hub's word where one request does it."""

    name: str
    key: str
    scope: Scope
    transition: TicketAction | None = None
    route: str = ""


CALL_NEXT = DeskAction(name="call_next", key="F2", scope=Scope.NONE)
RECALL = DeskAction(name="recall", key="F3", scope=Scope.CURRENT, transition=TicketAction.RECALL, route="recall")
SERVE = DeskAction(name="serve", key="F4", scope=Scope.CURRENT, transition=TicketAction.SERVE, route="serve")
NO_SHOW = DeskAction(name="no_show", key="F5", scope=Scope.CURRENT, transition=TicketAction.NO_SHOW, route="no-show")
FINISH = DeskAction(name="finish", key="F6", scope=Scope.CURRENT, transition=TicketAction.FINISH, route="finish")
HOLD = DeskAction(name="hold", key="F7", scope=Scope.CURRENT, transition=TicketAction.HOLD, route="hold")
TRANSFER = DeskAction(name="transfer", key="F8", scope=Scope.CURRENT, transition=TicketAction.TRANSFER)
ISSUE = DeskAction(name="issue", key="F9", scope=Scope.NONE)

CALL_CHOSEN = DeskAction(name="call_chosen", key="F10", scope=Scope.CHOSEN, transition=TicketAction.CALL, route="call")
PRIORITY = DeskAction(name="priority", key="Ctrl+P", scope=Scope.CHOSEN, transition=TicketAction.SET_PRIORITY)
HOLD_CHOSEN = DeskAction(
    name="hold_chosen", key="Ctrl+H", scope=Scope.CHOSEN, transition=TicketAction.HOLD, route="hold"
)
TRANSFER_CHOSEN = DeskAction(name="transfer_chosen", key="Ctrl+T", scope=Scope.CHOSEN, transition=TicketAction.TRANSFER)
CANCEL = DeskAction(name="cancel", key="Ctrl+Del", scope=Scope.CHOSEN, transition=TicketAction.CANCEL, route="cancel")

STAFF = DeskAction(name="staff", key="F11", scope=Scope.NONE)
HANDLED = DeskAction(name="handled", key="F12", scope=Scope.NONE)
LANGUAGE = DeskAction(name="language", key="Ctrl+L", scope=Scope.NONE)

FOR_CURRENT = (CALL_NEXT, RECALL, SERVE, NO_SHOW, FINISH, HOLD, TRANSFER, ISSUE)
FOR_CHOSEN = (CALL_CHOSEN, PRIORITY, HOLD_CHOSEN, TRANSFER_CHOSEN, CANCEL)
EVERYWHERE = (STAFF, HANDLED, LANGUAGE)
