#!/usr/bin/env bash
# Builds in a Debian 13 root (FFmpeg 7.1), runs the sample and the suites that stand on FFmpeg's behaviour there, and
# makes that system's package in .build/packages. The Swift toolchain of this machine is lent to the root.
set -euo pipefail
cd "$(dirname "$0")/../.."
source Tests/Platforms/roots.sh

require_roots
toolchain=$(swift -print-target-info | sed -n 's|.*"runtimeResourcePath": *"\(.*\)/lib/swift".*|\1|p')
case "$toolchain" in
    "" | /usr) skip "Debian 13: the Swift toolchain has no folder of its own that could be lent." ;;
esac
bash Tests/Platforms/roots.sh

# The root has a build folder of its own, with the packages that are resolved here.
build="$platforms/build"
packages="$PWD/.build/packages"
mkdir -p "$build" "$packages"
swift package resolve
for name in checkouts repositories workspace-state.json; do
    [ -e "$build/$name" ] || cp -a ".build/$name" "$build/$name"
done
shared=$(readlink -m "${THUNDERLINE_SHARED:-../shared}")
mounts=("$toolchain:$toolchain" "$PWD:$PWD" "$build:$PWD/.build" "$packages:$PWD/.build/packages")
[ ! -d "$shared" ] || mounts+=("$shared:$shared")

# Rotation, 10 bits, variable rate, sound: what the versions of FFmpeg do differently shows there.
suites='^VideoTests\.(VideoReaderTests|VideoWriterTests|AudioTranscoderTests|ScalerTests|FFmpegVersionsTests)/|^PipelineTests\.DetectRunTests/(everyFrame|aJoined|losses)'

enter "$platforms/build13" env \
    THUNDERLINE_WARNINGS_AS_ERRORS="${THUNDERLINE_WARNINGS_AS_ERRORS:-}" \
    THUNDERLINE_SHARED="$shared" \
    THUNDERLINE_SUITES=VideoTests,PipelineTests \
    SOURCE_DATE_EPOCH="$(git log -1 --format=%ct)" \
    DEBFULLNAME="${DEBFULLNAME:-$(git log -1 --format=%an)}" DEBEMAIL="${DEBEMAIL:-$(git log -1 --format=%ae)}" \
    bash -euo pipefail -c '
        cd "$1"
        echo "-- sample, in the configuration of the package"
        time bash Samples/run.sh --static-swift-stdlib
        echo "-- tests"
        time swift build --product thunderlinePackageTests
        time swift test --skip-build --no-parallel --filter "$2" 2>&1 | tee .build/tests.log
        echo "-- package"
        time bash Samples/package/debian.sh
    ' bash "$PWD" "$suites"

# A filter that meets nothing would pass as well.
ran=$(sed -n 's/.*Test run with \([0-9]*\) tests.*passed.*/\1/p' "$build/tests.log" | tail -n 1)
[ "${ran:-0}" -ge 30 ] || { echo "Debian 13: only ${ran:-0} tests ran; do the suites have other names now?" >&2; exit 1; }
if [ "${CI:-}" = true ] && grep -a SKIPPED "$build/tests.log" | grep -v SKIPPED:.shared/ >&2; then exit 1; fi
