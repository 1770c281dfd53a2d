#!/usr/bin/env bash
# Debian roots under .build/platforms, made once: `bare12` and `bare13` as debootstrap makes them, and `build13` with
# what building needs. A second call waits for the first. Sourced, it gives the functions alone.

platforms="$PWD/.build/platforms"

# Says why something cannot be checked here; with CI=true that is a failure.
skip() {
    echo "SKIPPED: $*" >&2
    [ "${CI:-}" != true ]
    exit
}

# Ends with a reason where no root can be made or entered.
require_roots() {
    [ "$(id -u)" -eq 0 ] || skip "Debian roots: this needs root."
    command -v debootstrap >/dev/null || skip "Debian roots: debootstrap is missing (.ci/install platforms)."
    unshare --mount true 2>/dev/null || skip "Debian roots: mounting is not allowed here."
    [ -n "$(mirror)" ] || skip "Debian roots: no Debian mirror stands in this system's apt sources."
}

# The mirror from which this system installs Debian's packages.
mirror() {
    apt-get indextargets --format '$(REPO_URI)' \
        'Identifier: Packages' 'Origin: Debian' 'Label: Debian' 'Component: main' | head -n 1
}

# Makes a bare root: bare_root SUITE FOLDER
bare_root() {
    [ -e "$2" ] && return
    rm -rf "$2.partial"
    debootstrap --variant=minbase --include=ca-certificates "$1" "$2.partial" "$(mirror)"
    # Proxies and the like of this system, and no waiting for the disk after each file.
    apt-config dump | grep -E '^Acquire::(http|https|Check)[:-]' >"$2.partial/etc/apt/apt.conf.d/99host" || true
    echo force-unsafe-io >"$2.partial/etc/dpkg/dpkg.cfg.d/unsafe-io"
    mv "$2.partial" "$2"
}

# Copies a root: copy_root FROM TO
copy_root() {
    rm -rf "$2"
    cp -a --reflink=auto "$1" "$2"
}

# Runs a command in a root with the folders FROM:TO of `mounts` in it: enter ROOT COMMAND [ARGUMENT…]
# The mounts are seen by the command alone and end with it.
enter() {
    local root=$1
    shift
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
    unshare --mount --pid --fork --kill-child bash -c '
        set -e
        root=$1 count=$2
        shift 2
        mount -t proc proc "$root/proc"
        mount --rbind /dev "$root/dev"
        for mount in "${@:1:count}"; do
            mkdir -p "$root${mount#*:}"
            mount --bind "${mount%%:*}" "$root${mount#*:}"
        done
        shift "$count"
        exec chroot "$root" "$@"' bash "$root" "${#mounts[@]}" "${mounts[@]}" \
        env -i HOME=/root PATH="${toolchain:+$toolchain/bin:}/usr/sbin:/usr/bin:/sbin:/bin" \
        LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive ${http_proxy:+"http_proxy=$http_proxy"} "$@" </dev/null
}
mounts=()

# What the Swift toolchain loads and links with, beside the project's own libraries.
toolchain_packages=(
    binutils git libc6-dev libcurl4t64 libedit2 libgcc-14-dev libncurses6 libsqlite3-0
    libstdc++-14-dev libxml2 tzdata zlib1g-dev
)

build_root() {
    [ -e "$platforms/build13" ] && return
    copy_root "$platforms/bare13" "$platforms/build13.partial"
    mounts=("$PWD:$PWD")
    enter "$platforms/build13.partial" bash -c 'apt-get update -qq
        apt-get install -y -qq --no-install-recommends ffmpeg "$@"' bash "${toolchain_packages[@]}"
    enter "$platforms/build13.partial" "$PWD/.ci/install" package
    mv "$platforms/build13.partial" "$platforms/build13"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    set -euo pipefail
    cd "$(dirname "$0")/../.."
    platforms="$PWD/.build/platforms"
    require_roots
    mkdir -p "$platforms"
    exec 9>"$platforms/lock"
    flock 9
    bare_root trixie "$platforms/bare13"
    build_root
    bare_root bookworm "$platforms/bare12"
fi
