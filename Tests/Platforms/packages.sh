#!/usr/bin/env bash
# Checks the packages of .build/packages: lintian finds no error, they say what is in them, run
# on Debian roots without Swift, and leave nothing behind but the user's files. The versions of Debian are the arguments:
# Tests/Platforms/packages.sh 12 13
set -euo pipefail
cd "$(dirname "$0")/../.."
source Tests/Platforms/roots.sh

require_roots
bash Tests/Platforms/roots.sh
packages="$PWD/.build/packages"
root="$platforms/installed"

fail() {
    echo "Packages: $*" >&2
    exit 1
}

expected=(
    usr/bin/thunderline usr/lib/systemd/system/thunderline.service
    usr/share/man/man1/thunderline.1.gz usr/share/bash-completion/completions/thunderline
    usr/share/zsh/vendor-completions/_thunderline usr/share/fish/vendor_completions.d/thunderline.fish
    usr/share/thunderline/pipelines/cameras.yaml usr/share/thunderline/samples/road-day.mp4
    usr/share/doc/thunderline/copyright usr/share/doc/thunderline/changelog.gz
)

# What stands in a package: contents PACKAGE-FILE
contents() {
    local file missing=()
    dpkg-deb --fsys-tarfile "$1" | tar -t | sed 's|^\./||' >"$platforms/contents.txt"
    for file in "${expected[@]}"; do
        grep -qx "$file" "$platforms/contents.txt" || missing+=("$file")
    done
    [ ${#missing[@]} -eq 0 ] || fail "$1 lacks ${missing[*]}."
    grep -qE 'swift.*\.so' "$platforms/contents.txt" && fail "$1 brings Swift's libraries along."
    dpkg-deb -f "$1" Depends | grep -q 'libavformat[0-9]* (>=' || fail "$1 does not depend on FFmpeg's libraries."
    dpkg-deb -f "$1" Depends | grep -q 'libmosquitto1' || fail "$1 does not depend on libmosquitto."
    dpkg-deb --fsys-tarfile "$1" | tar -xO ./usr/share/doc/thunderline/copyright >"$platforms/copyright.txt"
    for file in .build/checkouts/*/; do
        file=$(basename "$file")
        # The documentation's renderer is no part of the program.
        case "$file" in swift-docc-*) continue ;; esac
        grep -qE "^Files:.* ?$file( |$)" "$platforms/copyright.txt" || fail "$1: its copyright file does not name $file."
    done
}

# A system without Swift: install, run, remove: lifecycle VERSION PACKAGE-FILE
lifecycle() {
    copy_root "$platforms/bare$1" "$root"
    mounts=("$packages:/packages")
    enter "$root" bash -euo pipefail -c '
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends "/packages/$1" "/packages/$2" >/dev/null
        command -v swift && exit 1
        cd /root
        thunderline --version
        thunderline models list | grep -q driving
        thunderline check /usr/share/thunderline/pipelines/dashcam.yaml >/dev/null
        thunderline detect /usr/share/thunderline/samples/road-day.mp4 -o seen.mp4 --results seen.mot.txt
        [ -s seen.mp4 ] && [ "$(grep -c . seen.mot.txt)" -gt 300 ]
        install -D -m 644 /usr/share/thunderline/pipelines/cameras.yaml /etc/thunderline/cameras.yaml
        mkdir -p /var/lib/thunderline /etc/systemd/system/multi-user.target.wants
        touch /var/lib/thunderline/events.ndjson
        ln -s /usr/lib/systemd/system/thunderline.service /etc/systemd/system/multi-user.target.wants/
        apt-get purge -y -qq thunderline thunderline-models >/dev/null
        find / -xdev -iname "*thunderline*" -not -path "/packages*" -not -path "/proc/*" | sort >/root/left.txt
    ' bash "$(basename "$2")" "$(basename "$models")"
    printf '%s\n' /etc/thunderline /var/lib/thunderline | diff - "$root/root/left.txt" \
        || fail "removal on Debian $1 left these behind."
    rm -rf "$root"
}

models=$(ls -t "$packages"/thunderline-models_*_all.deb 2>/dev/null | head -n 1)
[ -n "$models" ] || fail "thunderline-models was not made (Samples/package/debian.sh)."
for version in "$@"; do
    package=$(ls -t "$packages"/thunderline_*+deb"$version"_*.deb 2>/dev/null | head -n 1)
    [ -n "$package" ] || fail "there is none for Debian $version (Samples/package/debian.sh)."
    contents "$package"
    lintian --fail-on error --allow-root "$package" "$models"
    lifecycle "$version" "$package"
    echo "Debian $version: $(basename "$package") ($(du -h "$package" | cut -f 1)) installs, runs and goes again."
done
