#!/usr/bin/env bash
# Locks all Python packages anew from pyproject.toml: run after changing dependencies, then commit requirements.lock.
set -euo pipefail
cd "$(dirname "$0")/.."

uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    tools=$(mktemp -d)
    trap 'rm -rf "$tools"' EXIT
    python3.11 -m venv "$tools"
    "$tools/bin/pip" --disable-pip-version-check install --quiet uv
    uv=$tools/bin/uv
fi

# uv writes its command line into the header; it names no path and no registry of this machine
"$uv" pip compile pyproject.toml --all-extras --group dev --generate-hashes --python-version 3.11 \
    --no-emit-index-url --quiet "$@" -o requirements.lock
if grep -nE '^(-|--)|file://|https?://' requirements.lock; then
    echo "requirements.lock names a registry or a path of this machine (lines above)" >&2
    exit 1
fi
