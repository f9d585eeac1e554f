#!/usr/bin/env bash
# A solc executable over the npm package's compiler, in the shape forge wants.
exec node "$(dirname "$0")/solc.cjs" "$@"
