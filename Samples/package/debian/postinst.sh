#!/bin/sh
# The service is neither enabled nor started: it needs /etc/thunderline/cameras.yaml first.
set -e

if [ "$1" = configure ] && [ -d /run/systemd/system ]; then
    systemctl --system daemon-reload >/dev/null || true
    # After an upgrade a running service goes on with the new program.
    [ -z "$2" ] || deb-systemd-invoke try-restart thunderline.service >/dev/null || true
fi
