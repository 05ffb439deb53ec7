#!/usr/bin/env bash
# Makes the recordings in this folder anew: tests/data/make.sh (as root).
#
# A little hospital of network namespaces on one bridge: a picture archive (Orthanc), an examination room (dcmtk, a
# remote desktop, file shares), a reception that sends HL7, and a router to an "Internet" of one machine. Names and
# addresses are made up; nothing leaves the namespaces, and what is named a patient is nobody. Needs Debian's nmap,
# tcpdump, orthanc, dcmtk, openssl, python3, iproute2 and wireshark-common (editcap).
#
# What differs from run to run: times, ports of clients, bytes of keys. Tests ask for neither.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
work=$(mktemp -d)
pids=()
spaces=(k-switch k-pacs k-exam k-desk k-router k-outside)

finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait || true
    for space in "${spaces[@]}"; do ip netns delete "$space" 2>/dev/null || true; done
    rm -rf "$work"
}
trap finish EXIT

in_space() { ip netns exec "k-$1" "${@:2}"; }
# In the background; what it says stays in the work folder. Ends with this script.
serve() {
    ip netns exec "k-$1" "${@:2}" >"$work/$1-$(basename "$2").log" 2>&1 &
    pids+=("$!")
}

# A machine on the bridge: name, address, hardware address.
machine() {
    ip -n k-switch link add "to-$1" type veth peer name lan netns "k-$1"
    ip -n k-switch link set "to-$1" master bridge up
    ip -n "k-$1" link set lan address "$3"
    ip -n "k-$1" address add "$2/24" dev lan
    ip -n "k-$1" link set lan up
    ip -n "k-$1" link set lo up
}

for space in "${spaces[@]}"; do
    ip netns add "$space"
    # Router advertisements and the like would only be noise.
    ip netns exec "$space" sh -c 'echo 0 >/proc/sys/net/ipv6/conf/default/accept_ra' 2>/dev/null || true
done
ip -n k-switch link add bridge type bridge
ip -n k-switch link set bridge up
machine pacs 192.168.10.20 00:50:56:00:10:20
machine exam 192.168.10.30 00:1b:21:00:10:30
machine desk 192.168.10.40 02:00:00:00:10:40
machine router 192.168.10.1 00:a0:de:00:10:01
ip -n k-router link add wan type veth peer name wan netns k-outside
ip -n k-router address add 203.0.113.1/24 dev wan
ip -n k-router link set wan up
ip -n k-outside link set wan address 02:00:00:00:99:01
ip -n k-outside address add 203.0.113.10/24 dev wan
ip -n k-outside link set wan up
ip -n k-outside route add default via 203.0.113.1
in_space router sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
for inside in pacs exam desk; do ip -n "k-$inside" route add default via 192.168.10.1; done

# What listens.
mkdir "$work/orthanc" "$work/http"
cat >"$work/orthanc.json" <<JSON
{ "Name": "Archive", "StorageDirectory": "$work/orthanc", "IndexDirectory": "$work/orthanc", "DicomAet": "ARCHIVE",
  "DicomPort": 4242, "HttpPort": 8042, "RemoteAccessAllowed": true, "AuthenticationEnabled": false,
  "DicomAlwaysAllowEcho": true, "DicomAlwaysAllowStore": true, "Plugins": [] }
JSON
serve pacs Orthanc "$work/orthanc.json"
serve desk python3 "$here/peers.py" hl7-receiver
serve exam python3 "$here/peers.py" desktop-and-share
serve outside python3 "$here/peers.py" dns
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj "/CN=updates.vendor.example" \
    -keyout "$work/key.pem" -out "$work/cert.pem" 2>/dev/null
serve outside openssl s_server -accept 443 -cert "$work/cert.pem" -key "$work/key.pem" -quiet
for _ in $(seq 50); do
    in_space exam echoscu -aet ROOM1 -aec ARCHIVE 192.168.10.20 4242 2>/dev/null && break
    sleep 0.2
done

# The recordings: the bridge as a mirror port sees it, and the archive as it sees itself.
serve switch tcpdump -i bridge -U -w "$work/hospital.pcap" --immediate-mode
bridge_dump=${pids[-1]}
serve pacs tcpdump -i any -U -w "$work/cooked.pcap" --immediate-mode
cooked_dump=${pids[-1]}
sleep 2

cat >"$work/image.dump" <<'DUMP'
(0008,0005) CS [ISO_IR 100]
(0008,0016) UI =SecondaryCaptureImageStorage
(0008,0018) UI [1.2.826.0.1.3680043.10.1000.1.1]
(0008,0060) CS [OT]
(0010,0010) PN [NOBODY^NONE]
(0010,0020) LO [P-000000]
(0020,000d) UI [1.2.826.0.1.3680043.10.1000.2]
(0020,000e) UI [1.2.826.0.1.3680043.10.1000.3]
(0028,0002) US 1
(0028,0004) CS [MONOCHROME2]
(0028,0010) US 2
(0028,0011) US 2
(0028,0100) US 8
(0028,0101) US 8
(0028,0102) US 7
(0028,0103) US 0
(7fe0,0010) OB 00\01\02\03
DUMP
dump2dcm -q "$work/image.dump" "$work/image.dcm"
in_space exam echoscu -aet ROOM1 -aec ARCHIVE 192.168.10.20 4242
in_space exam storescu -aet ROOM1 -aec ARCHIVE 192.168.10.20 4242 "$work/image.dcm"
in_space pacs python3 "$here/peers.py" hl7-sender 192.168.10.40
in_space desk python3 "$here/peers.py" visits 192.168.10.30
in_space desk python3 "$here/peers.py" names
in_space exam python3 "$here/peers.py" ask 203.0.113.10 updates.vendor.example
in_space exam openssl s_client -connect 203.0.113.10:443 -servername updates.vendor.example </dev/null >/dev/null 2>&1 || true
sleep 1
kill "$bridge_dump" "$cooked_dump"
wait "$bridge_dump" "$cooked_dump" || true

# And what a scan says. Its own file names none of this machine's.
cd "$work"
in_space exam nmap -sV -O --no-stylesheet -R --dns-servers 203.0.113.10 -p 22,139,445,2575,3389,4242,8042 \
    -oX scan.xml 192.168.10.1 192.168.10.20 192.168.10.40 192.168.10.99 >/dev/null

cp "$work/hospital.pcap" "$work/cooked.pcap" "$here/"
cp "$work/scan.xml" "$here/scan.xml"
editcap -F pcapng "$work/hospital.pcap" "$here/hospital.pcapng"
ls -l "$here"
