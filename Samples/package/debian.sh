#!/usr/bin/env bash
# Makes Debian packages of the program and of its weights in .build/packages, for the system it runs on:
#
#   Samples/package/debian.sh
#
# What is in the packages and how they are used: Samples/package/README.md.
# The maintainer named in them is whoever makes them: DEBFULLNAME and DEBEMAIL, or the latest commit's author.
set -euo pipefail
cd "$(dirname "$0")/../.."
recipes="$PWD/Samples/package/debian"
output="$PWD/.build/packages"
stage="$PWD/.build/package-stage"
bin="$PWD/.build/release"

.ci/install package
swift build -c release --product thunderline --static-swift-stdlib

# The manual's tool belongs to swift-argument-parser and is no product of it, so it is built as a package of its own.
tool=(--package-path .build/checkouts/swift-argument-parser --scratch-path .build/manual --product generate-manual)
swift build "${tool[@]}"

source /etc/os-release
case "$ID" in debian) system="deb$VERSION_ID" ;; *) system="$ID${VERSION_ID:-}" ;; esac
number=$(sed -n 's/.*static let number = "\(.*\)"/\1/p' Sources/thunderline/Version.swift)
version="$number+$system"
architecture=$(dpkg --print-architecture)
maintainer="${DEBFULLNAME:-$(git log -1 --format=%an)} <${DEBEMAIL:-$(git log -1 --format=%ae)}>"
export SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct)}"
day=$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)

# Fills the gaps of a recipe: fill NAME VERSION DEPENDENCIES SIZE
fill() {
    sed -e "s|@VERSION@|$2|; s|@NUMBER@|$number|; s|@ARCHITECTURE@|$architecture|; s|@SIZE@|$4|" \
        -e "s|@MAINTAINER@|$maintainer|; s|@DEPENDS@|$3|" "$recipes/$1"
}

# Compresses a file as Debian wants it: squeeze FROM TO
squeeze() {
    install -d "$(dirname "$2")"
    gzip -9nc "$1" >"$2"
}

# What every package says of itself: document PACKAGE VERSION COPYRIGHT
document() {
    local folder="$stage/$1/usr/share/doc/$1"
    install -D -m 644 "$recipes/$3" "$folder/copyright"
    {
        printf '%s (%s) unstable; urgency=medium\n\n' "$1" "$2"
        printf '  * Built from the sources; CHANGELOG.md there says what is new.\n\n'
        printf ' -- %s  %s\n' "$maintainer" "$(date -u -R -d "@$SOURCE_DATE_EPOCH")"
    } >"$stage/changelog"
    squeeze "$stage/changelog" "$folder/changelog.gz"
}

# Sums, control file and archive: pack PACKAGE VERSION ARCHITECTURE CONTROL DEPENDENCIES
pack() {
    local folder="$stage/$1" size
    find "$folder" -type d -exec chmod 755 {} +
    size=$(du -k -s --apparent-size "$folder" | cut -f 1)
    (cd "$folder" && find usr -type f -print0 | sort -z | xargs -0 md5sum) >"$stage/md5sums"
    install -D -m 644 "$stage/md5sums" "$folder/DEBIAN/md5sums"
    fill "$4" "$2" "$5" "$size" >"$folder/DEBIAN/control"
    dpkg-deb --build --root-owner-group -Zxz "$folder" "$output/$1_$2_$3.deb"
}

program() {
    local root="$stage/thunderline" share="$stage/thunderline/usr/share" page
    install -D -s "$bin/thunderline" "$root/usr/bin/thunderline"

    for shell in bash-completion/completions/thunderline zsh/vendor-completions/_thunderline \
        fish/vendor_completions.d/thunderline.fish; do
        install -d "$share/$(dirname "$shell")"
        page=${shell%%[-/]*}
        "$bin/thunderline" --generate-completion-script "$page" | sed '1{/^#!/d}' >"$share/$shell"
    done
    install -d "$stage/manual"
    "$(swift build "${tool[@]}" --show-bin-path)/generate-manual" "$bin/thunderline" --multi-page --date "$day" \
        --authors "Thunderline's contributors" --output-directory "$stage/manual"
    for page in "$stage"/manual/*.1; do squeeze "$page" "$share/man/man1/$(basename "$page").gz"; done

    install -d "$root/usr/lib/systemd/system"
    sed 's|/usr/local/bin|/usr/bin|' Samples/systemd/thunderline.service \
        >"$root/usr/lib/systemd/system/thunderline.service"
    install -D -m 644 -t "$share/thunderline/pipelines" Pipelines/*.yaml
    install -D -m 644 -t "$share/thunderline/pipelines/train" Pipelines/train/*.yaml
    install -D -m 644 -t "$share/thunderline/samples" Samples/road-day.mp4
    install -D -m 644 "$recipes/lintian-overrides.txt" "$share/lintian/overrides/thunderline"
    document thunderline "$version" copyright.txt
    for script in postinst prerm postrm; do install -D "$recipes/$script.sh" "$root/DEBIAN/$script"; done

    # Which libraries' packages, and from which version on, the program needs.
    install -d "$stage/debian"
    fill control.txt "$version" "" 0 | sed 's/^Package:/\n&/; 1s/^/Source: thunderline\n/' >"$stage/debian/control"
    libraries=$(cd "$stage" && dpkg-shlibdeps -O thunderline/usr/bin/thunderline | sed -n 's/^shlibs:Depends=//p')
    pack thunderline "$version" "$architecture" control.txt "$libraries"
}

models() {
    install -D -m 644 -t "$stage/thunderline-models/usr/share/thunderline/models" \
        Sources/ThunderNet/Models/*.safetensors
    install -D -m 644 -t "$stage/thunderline-models/usr/share/doc/thunderline-models" \
        Sources/ThunderNet/Models/MODEL-CARD.md
    document thunderline-models "$number" models-copyright.txt
    pack thunderline-models "$number" all models-control.txt ""
}

umask 022
rm -rf "$stage"
mkdir -p "$stage" "$output"
program
models
