#!/usr/bin/env bash
# Runs a command on a desktop of its own: X server, window manager, session and accessibility bus, unlocked keyring,
# and a home that is empty and goes away again. Exits with 77 (skipped) where the parts are missing.
# SPDX-License-Identifier: GPL-3.0-or-later
#   with-desktop.sh [--size WIDTHxHEIGHT] COMMAND [ARGUMENT...]
set -u

size=1280x900
if [ "${1:-}" = --size ]; then
  size=$2
  shift 2
fi

for part in Xvfb dbus-run-session openbox gnome-keyring-daemon; do
  command -v "$part" >/dev/null || { echo "1..0 # SKIP $part is not installed"; exit 77; }
done

# What the command must not do wrong, its helpers may: their warnings are not ours.
debug=${G_DEBUG:-}
unset G_DEBUG

home=$(mktemp -d) || exit 1
mkdir -m 700 "$home"/{run,data,config,cache,state,tmp}
exec {announce}<> <(:)
# A number of its own: a server that ends removes the socket of its number, also when the next one has it already.
Xvfb ":$((1000 + (RANDOM * 32768 + RANDOM) % 50000))" -displayfd "$announce" -screen 0 "${size}x24" -nolisten tcp \
  >/dev/null 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; rm -rf "$home"' EXIT
# Whatever goes wrong with the server, this ends.
read -r -t 20 -u "$announce" number || { echo "Xvfb did not start" >&2; exit 1; }

export DISPLAY=:$number HOME=$home TMPDIR=$home/tmp XDG_RUNTIME_DIR=$home/run XDG_DATA_HOME=$home/data XDG_CONFIG_HOME=$home/config \
  XDG_CACHE_HOME=$home/cache XDG_STATE_HOME=$home/state GDK_BACKEND=x11 GSK_RENDERER=cairo GTK_A11Y=atspi \
  GSETTINGS_BACKEND=keyfile NO_AT_BRIDGE=0 COMMAND_DEBUG=$debug
unset WAYLAND_DISPLAY

dbus-run-session -- bash -c '
  openbox >/dev/null 2>&1 & manager=$!
  printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
  bus=
  if [ -x /usr/libexec/at-spi-bus-launcher ]; then
    /usr/libexec/at-spi-bus-launcher --launch-immediately >/dev/null 2>&1 & bus=$!
    for _ in $(seq 100); do
      gdbus introspect --session --dest org.a11y.Bus --object-path /org/a11y/bus >/dev/null 2>&1 && break
      sleep 0.05
    done
  fi
  [ -n "$COMMAND_DEBUG" ] && export G_DEBUG=$COMMAND_DEBUG
  "$@"
  code=$?
  kill "$manager" $bus 2>/dev/null
  exit $code' with-desktop "$@" 2> >(grep -v "Failed to set fd limit" >&2)
