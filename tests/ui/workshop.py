"""A workshop for pictures and tests: answers at once, or when it is told to, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.keypad_pairing import PairingProgress, PairingStep
from pos_client.domain.port_finding import KnownPort, PortFinding, PortUse, ProbeProgress, ProbeStep
from pos_client.domain.wire import Direction, WireFrame
from pos_client.settings.faults import Fault
from pos_client.settings.model import LineSettings
from pos_client.settings.validation import check
from pos_client.ui.technician.desk import Incoming, Kept, Looked, Tree
from tests.words import words

FREE = KnownPort("/dev/ttyUSB1", "USB-RS485 FT232R", "usb:0403:6001:A50285BI", (), PortUse.FREE)
PORTS = (
    KnownPort("/dev/ttyUSB0", "USB-RS485 FT232R", "usb:0403:6001:A10KZP41", ("dart-1",), PortUse.BUSY),
    FREE,
    KnownPort("/dev/ttyS0", "ttyS0", "", (), PortUse.UNREACHABLE, "[Errno 13] Permission denied: '/dev/ttyS0'"),
    KnownPort("/dev/ttyUSB2", "CP2102 USB to UART", "usb:10c4:ea60:0001", (), PortUse.BUSY, "device or resource busy"),
    KnownPort("COM4", "", "", ("gilbarco-1",), PortUse.MISSING),
)
FOUND = PortFinding("dart", 9600, "O", (80, 81, 82, 83), 97, 118, 0, listened_only=False)
GUESS = PortFinding("dart", 9600, "E", (80,), 41, 3, 5, listened_only=False)
HEARD = PortFinding("gilbarco-two-wire", 5787, "E", (1, 2), 78, 64, 2, listened_only=True)
SENT, RECEIVED = Direction.SENT, Direction.RECEIVED
_TALK = (
    (SENT, "poll", 80, "anything to say?", "50 20 FA"),
    (RECEIVED, "eot", 80, "nothing to say", "50 70 FA"),
    (SENT, "poll", 81, "anything to say?", "51 20 FA"),
    (
        RECEIVED,
        "data",
        81,
        "filled volume 1284, amount 34775",
        "51 33 01 01 04 02 08 00 00 12 84 00 03 47 75 9D D8 03 FA",
    ),
    (SENT, "ack", 81, "block 3 accepted", "51 C3 FA"),
)


def frames(count: int, damaged_every: int = 0) -> tuple[WireFrame, ...]:
    """So many frames of a line at work."""
    made = []
    for number in range(1, count + 1):
        direction, kind, head, meaning, raw = _TALK[number % len(_TALK)]
        ok = not (damaged_every and number % damaged_every == 0)
        made.append(
            WireFrame(
                number,
                "dart-1" if number % 7 else "gilbarco-1",
                9_000_000 + number * 25,
                direction,
                ok,
                kind,
                head,
                meaning,
                raw,
            )
            if ok
            else WireFrame(
                number,
                "dart-1",
                9_000_000 + number * 25,
                RECEIVED,
                False,
                "error",
                None,
                "the checksum is wrong",
                "51 33 01 01 04 02 FF 00 12 03 FA",
            )
        )
    return tuple(made)


def looked(say: Catalogue) -> tuple[Looked, ...]:
    """What a check-up of this till says."""

    def line(of: str, level: str, key: str, *, advised: bool = False, **facts: object) -> Looked:
        return Looked(
            of, level, say.say(f"doctor.{key}.says", **facts), say.say(f"doctor.{key}.do", **facts) if advised else ""
        )

    return (
        line("libraries", "ok", "libraries"),
        line("disk", "warning", "disk_full", advised=True, free_mb=312),
        line("books", "ok", "books", entries=48213),
        line("line gilbarco-1", "fault", "line_missing", advised=True, port="COM4"),
        line("central", "ok", "central", ms=42),
    )


@dataclass
class FakeWorkshop:
    """`ui.technician.desk.Workshop`. `tell_*`: how to tell more later."""

    ports: tuple[KnownPort, ...] = PORTS
    language: str = "vi"
    incoming: Incoming = field(default_factory=lambda: Incoming("", None, (Fault("", "no_file", (("reason", "?"),)),)))
    saved: list[Tree] = field(default_factory=list)
    examined: list[tuple[str, LineSettings | None]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    faults: tuple[Fault, ...] = ()
    tell_probe: Callable[[ProbeProgress], None] | None = None
    tell_pairing: Callable[[PairingProgress], None] | None = None
    tell_frames: Callable[[tuple[WireFrame, ...]], None] | None = None
    text: str = ""
    kept: Kept = field(
        default_factory=lambda: Kept("/media/usb/pos-client-support-CHXD018-T1-20261123-081502.zip", 482_113)
    )

    def save(self, tree: Tree, tell: Callable[[tuple[Fault, ...]], None]) -> None:
        faults = check(tree).faults or self.faults
        if not faults:
            self.saved.append(tree)
        tell(faults)

    def list_ports(self, tell: Callable[[tuple[KnownPort, ...]], None]) -> None:
        self.asked.append("list_ports")
        tell(self.ports)

    def examine(self, port: str, line: LineSettings | None, tell: Callable[[ProbeProgress], None]) -> None:
        self.examined.append((port, line))
        self.tell_probe = tell

    def open_assistant(self) -> None:
        self.asked.append("open_assistant")

    def cancel(self) -> None:
        self.asked.append("cancel")
        if self.tell_probe is not None:
            self.tell_probe(ProbeProgress(self.examined[-1][0], ProbeStep.CANCELLED, 100))

    def pair_keypad(self, tell: Callable[[PairingProgress], None]) -> None:
        self.asked.append("pair_keypad")
        self.tell_pairing = tell

    def end_pairing(self) -> None:
        self.asked.append("end_pairing")
        if self.tell_pairing is not None:
            self.tell_pairing(PairingProgress(PairingStep.CANCELLED))

    def watch(self, tell: Callable[[tuple[WireFrame, ...]], None]) -> None:
        self.asked.append("watch")
        self.tell_frames = tell

    def unwatch(self) -> None:
        self.asked.append("unwatch")
        self.tell_frames = None

    def keep_recording(self, tell: Callable[[Kept], None]) -> None:
        self.asked.append("keep_recording")
        tell(Kept("/var/pos-client/logs/wire-20261123-081502-all.jsonl", 1_204_113))

    def keep_text(self, name: str, text: Callable[[], str], tell: Callable[[Kept], None]) -> None:
        self.text = text()
        tell(Kept(f"/var/pos-client/logs/{name}-20261123-081502.txt", len(self.text)))

    def check_up(self, tell: Callable[[tuple[Looked, ...]], None]) -> None:
        self.asked.append("check_up")
        tell(looked(words(self.language)))

    def list_folders(self, tell: Callable[[tuple[str, ...]], None]) -> None:
        tell(("/media/usb", "/home/petrolimex", "/var/pos-client"))

    def make_bundle(self, folder: str, tell: Callable[[Kept], None]) -> None:
        self.asked.append(f"make_bundle {folder}")
        tell(self.kept)

    def export_settings(self, folder: str, tell: Callable[[Kept], None]) -> None:
        self.asked.append(f"export {folder}")
        tell(Kept(f"{folder}/pos-client-CHXD018-T1.toml", 6_120))

    def list_settings(self, folder: str, tell: Callable[[tuple[str, ...]], None]) -> None:
        tell((f"{folder}/pos-client-CHXD018-T2.toml", f"{folder}/cũ.toml"))

    def look_into(self, file: str, tell: Callable[[Incoming], None]) -> None:
        self.asked.append(f"look_into {file}")
        tell(Incoming(file, self.incoming.tree, self.incoming.faults))

    def take_in(self, file: str, tell: Callable[[Incoming], None]) -> None:
        self.asked.append(f"take_in {file}")
        tell(Incoming(file, self.incoming.tree, self.incoming.faults))
