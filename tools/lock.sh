#!/bin/sh
# Writes the requirement locks: versions and hashes, no host names. uv.lock stays local.
set -eu
uv=.venv/bin/uv
$uv lock --upgrade-package minamo --quiet
$uv export --no-header --no-dev --group build --no-emit-project --quiet -o requirements.lock
$uv export --no-header --group dev --group build --no-emit-project --quiet -o requirements-dev.lock
$uv export --no-header --only-group node --quiet -o requirements-node.lock
if grep -n '://' requirements*.lock; then
    echo "a lock names a host" >&2
    exit 1
fi
