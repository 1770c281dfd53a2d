#!/bin/sh
# What the user wrote stays: /etc/thunderline, and recordings and events under /var/lib/thunderline.
set -e

if [ "$1" = remove ] || [ "$1" = purge ]; then
    # The link of `systemctl enable` would lead nowhere.
    rm -f /etc/systemd/system/*.wants/thunderline.service
    if [ -d /run/systemd/system ]; then systemctl --system daemon-reload >/dev/null || true; fi
fi
