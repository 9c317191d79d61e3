"""Commands that wait for one head, and the one that is being done. Every command ends exactly once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import AuthoriseHead, Command, StopHead
from pos_client.protocols.dispenser.events import Event
from pos_client.protocols.dispenser.verdicts import Done, Refused, Unanswered, Verdict


class WaitingCommands:
    """The queue in front of a head; stops have their own, because they overtake."""

    def __init__(self, address: int, tell: Callable[[Event], None]) -> None:
        self._address = address
        self._tell = tell
        self._stops: deque[StopHead] = deque()
        self._queue: deque[Command] = deque()
        self._current: Command | None = None

    def __bool__(self) -> bool:
        return bool(self._stops or self._queue)

    @property
    def stop_waits(self) -> bool:
        """Whether somebody wants this head stopped."""
        return bool(self._stops)

    @property
    def other_waits(self) -> bool:
        """Whether there is anything but a stop to be done."""
        return bool(self._queue)

    def add(self, command: Command) -> None:
        """One more at the end of its queue. A stop makes what authorises senseless; the rest is done after it."""
        if not isinstance(command, StopHead):
            self._queue.append(command)
            return
        self._stops.append(command)
        self.refuse_authorisations("stopped")

    def refuse_authorisations(self, reason: str) -> None:
        """What waits to permit a delivery is not done; the rest stays."""
        waiting, self._queue = self._queue, deque()
        for other in waiting:
            if isinstance(other, AuthoriseHead):
                self.end(other, Refused(reason))
            else:
                self._queue.append(other)

    def take_stop(self) -> StopHead:
        """The next stop is being done."""
        stop = self._stops.popleft()
        self._current = stop
        return stop

    def take(self) -> Command:
        """The next other command is being done."""
        self._current = self._queue.popleft()
        return self._current

    def put_back(self) -> None:
        """What is being done is interrupted and will be done from its beginning."""
        if self._current is not None:
            self._queue.appendleft(self._current)
            self._current = None

    def finish(self, verdict: Verdict) -> bool:
        """What was being done has ended; False if it was no command but the controller's own business."""
        command, self._current = self._current, None
        if command is None:
            return False
        self.end(command, verdict)
        return True

    def give_up(self) -> None:
        """The head is gone: nobody knows what became of what was begun, and nothing is kept for later."""
        self.finish(Unanswered())
        for command in (*self._stops, *self._queue):
            self.end(command, Unanswered())
        self._stops.clear()
        self._queue.clear()

    def end(self, command: Command, verdict: Verdict) -> None:
        """Tell what became of a command."""
        match verdict:
            case Done():
                self._tell(e.CommandDone(self._address, command.command_id))
            case Refused(reason):
                self._tell(e.CommandRefused(self._address, command.command_id, reason))
            case Unanswered():
                self._tell(e.CommandUnanswered(self._address, command.command_id))
