"""The little hospital's machines that no package offers. Started by make.sh, each in its own namespace.

Openings of conversations are made after the public specifications; nothing here goes beyond them.
"""

import socket
import struct
import sys
import threading
import time

MESSAGE = (
    b"\x0bMSH|^~\\&|RECEPTION|CLINIC|LAB^9.9.9^ISO|CLINIC|20260401090000||ADT^A04|MSG00001|P|2.5\r"
    b"PID|1||P-000000^^^CLINIC||NOBODY^NONE||19000101|O\r\x1c\r"
)
ANSWER = b"\x0bMSH|^~\\&|LAB|CLINIC|RECEPTION|CLINIC|20260401090001||ACK^A04|MSG00002|P|2.5\rMSA|AA|MSG00001\r\x1c\r"


def listen(port, answer):
    """Answers the first bytes of every caller, then hangs up."""
    server = socket.create_server(("0.0.0.0", port))
    while True:
        caller, _ = server.accept()
        caller.settimeout(2)
        try:
            if caller.recv(4096):
                caller.sendall(answer)
                caller.recv(4096)
        except OSError:
            pass
        caller.close()


def call(address, port, opening):
    """Says one thing and hears one."""
    with socket.create_connection((address, port), timeout=2) as talk:
        talk.sendall(opening)
        talk.recv(4096)


def labels(name):
    """A name as DNS writes it."""
    return b"".join(bytes([len(part)]) + part for part in name.encode().split(b".")) + b"\0"


def dns():
    """Knows two names and their addresses, both ways."""
    known = {
        b"updates.vendor.example": socket.inet_aton("203.0.113.10"),
        b"archive.clinic.example": socket.inet_aton("192.168.10.20"),
    }
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("0.0.0.0", 53))
    while True:
        query, asker = server.recvfrom(512)
        at, parts = 12, []
        while query[at]:
            parts.append(query[at + 1 : at + 1 + query[at]])
            at += 1 + query[at]
        question = query[12 : at + 5]
        kind = struct.unpack(">H", query[at + 1 : at + 3])[0]
        data = known.get(b".".join(parts)) if kind == 1 else None
        if kind == 12 and parts[:4] == [b"20", b"10", b"168", b"192"]:
            data = labels("archive.clinic.example")
        head = query[:2] + (b"\x85\x80" if data else b"\x85\x83") + b"\0\1" + (b"\0\1" if data else b"\0\0") + b"\0\0\0\0"
        record = b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data if data else b""
        server.sendto(head + question + record, asker)


def ask(server, name):
    """Asks for the address of a name outside, and of the archive's."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(2)
        for wanted in (name, "archive.clinic.example"):
            asker.sendto(b"\x12\x34\1\0\0\1\0\0\0\0\0\0" + labels(wanted) + b"\0\1\0\1", (server, 53))
            asker.recv(512)


def names():
    """Says its own name as DHCP, mDNS and NetBIOS say it. (A machine of Windows says it all three ways.)"""
    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sender.bind(("192.168.10.40", 68))
    hardware = bytes.fromhex("020000001040") + bytes(10)
    head = b"\1\1\6\0" + b"\0\0\0\1" + bytes(4) + socket.inet_aton("192.168.10.40") + bytes(12) + hardware + bytes(192)
    options = b"\x63\x82\x53\x63" + b"\x35\1\3" + b"\x0c\x0eRECEPTION-PC-1" + b"\x32\4" + socket.inet_aton("192.168.10.40") + b"\xff"
    sender.sendto(head + options, ("192.168.10.255", 67))
    sender.close()

    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.bind(("192.168.10.40", 5353))
    record = labels("reception-pc-1.local") + b"\0\1\x80\1" + struct.pack(">IH", 120, 4) + socket.inet_aton("192.168.10.40")
    sender.sendto(b"\0\0\x84\0\0\0\0\1\0\0\0\0" + record, ("224.0.0.251", 5353))
    sender.close()

    sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sender.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    sender.bind(("192.168.10.40", 137))
    raw = b"RECEPTION-PC-1".ljust(15) + b"\0"
    coded = bytes([32]) + b"".join(bytes([65 + (byte >> 4), 65 + (byte & 15)]) for byte in raw) + b"\0"
    record = b"\xc0\x0c\0\x20\0\1" + struct.pack(">IHH", 300, 6, 0) + socket.inet_aton("192.168.10.40")
    sender.sendto(b"\0\1\x29\x10\0\1\0\0\0\0\0\1" + coded + b"\0\x20\0\1" + record, ("192.168.10.255", 137))
    sender.close()


def desktop_and_share():
    """A remote desktop and a file share that get no further than hello."""
    confirm = b"\x03\0\0\x0b\x06\xd0\0\0\x12\x34\0"
    threading.Thread(target=listen, args=(3389, confirm), daemon=True).start()
    listen(445, b"\0\0\0\x40\xfeSMB\x40\0" + bytes(58))


def visits(address):
    """Looks in at the remote desktop and the file share."""
    cookie = b"Cookie: mstshash=somebody\r\n"
    request = b"\xe0\0\0\0\0\0" + cookie
    call(address, 3389, b"\x03\0" + struct.pack(">H", 5 + len(request)) + bytes([len(request)]) + request)
    call(address, 445, b"\0\0\0\x40\xfeSMB\x40\0" + bytes(58))


def main():
    """The first word says which machine this is."""
    what, rest = sys.argv[1], sys.argv[2:]
    if what == "hl7-receiver":
        listen(2575, ANSWER)
    elif what == "hl7-sender":
        call(rest[0], 2575, MESSAGE)
    elif what == "desktop-and-share":
        desktop_and_share()
    elif what == "visits":
        visits(rest[0])
    elif what == "names":
        names()
    elif what == "dns":
        dns()
    elif what == "ask":
        ask(*rest)
    time.sleep(0.1)


if __name__ == "__main__":
    main()
