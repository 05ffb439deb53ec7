#!/usr/bin/env bash
# Makes a Debian package of a built binary:
#
#   deploy/debian/build.sh [BINARY [FOLDER]]     target/release/komainu and target/debian unless said otherwise
#
# ./start builds the binary. The package brings the service of deploy/systemd and starts nothing by itself.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
binary=${1:-$root/target/release/komainu}
folder=${2:-$root/target/debian}
here=$root/deploy/debian

[ -x "$binary" ] || {
    echo "there is no $binary: build it first (./start), or name another" >&2
    exit 2
}
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)
architecture=$(dpkg --print-architecture)
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
# mktemp's folder is for its owner only; the package's root is for everybody.
chmod 755 "$tree"
umask 022

install -D -m 755 "$binary" "$tree/usr/bin/komainu"
strip --strip-unneeded "$tree/usr/bin/komainu"
install -D -m 644 "$root/deploy/systemd/komainu.service" "$tree/usr/lib/systemd/system/komainu.service"
install -D -m 640 "$root/app/komainu.example.toml" "$tree/etc/komainu/komainu.toml"
chmod 750 "$tree/etc/komainu"
documents=$tree/usr/share/doc/komainu
install -D -m 644 "$root/README.md" "$documents/README.md"
install -D -m 644 -t "$documents/examples" "$root/deploy/proxy/nginx.conf" "$root/deploy/proxy/Caddyfile"
if [ -e "$root/target/notices/NOTICES.txt" ]; then
    gzip -9n <"$root/target/notices/NOTICES.txt" >"$documents/NOTICES.txt.gz"
fi
cat >"$documents/copyright" <<COPYRIGHT
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Komainu
Source: https://github.com/komainu/komainu

Files: *
Copyright: the contributors to Komainu
License: AGPL-3.0-or-later
$(sed -e 's/^$/./' -e 's/^/ /' "$root/LICENSE")
COPYRIGHT
printf 'komainu (%s) unstable; urgency=medium\n\n  * See CHANGELOG.md of the source.\n\n -- The Komainu project <packages@komainu.invalid>  %s\n' \
    "$version" "$(date --utc --date="@${SOURCE_DATE_EPOCH:-$(stat -c %Y "$root/Cargo.toml")}" -R)" |
    gzip -9n >"$documents/changelog.gz"

# The newest symbols of the C library that the binary asks for.
libc=$(objdump -T "$tree/usr/bin/komainu" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -n 1)
size=$(du -sk "$tree" | cut -f1)
install -d "$tree/DEBIAN"
sed -e "s/@version@/$version/" -e "s/@architecture@/$architecture/" -e "s/@libc@/${libc#GLIBC_}/" \
    -e "s/@size@/$size/" "$here/control" >"$tree/DEBIAN/control"
install -m 755 -t "$tree/DEBIAN" "$here/postinst" "$here/prerm" "$here/postrm"
echo /etc/komainu/komainu.toml >"$tree/DEBIAN/conffiles"
(cd "$tree" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$tree/DEBIAN/md5sums"

mkdir -p "$folder"
dpkg-deb --root-owner-group --build "$tree" "$folder/komainu_${version}_$architecture.deb"
