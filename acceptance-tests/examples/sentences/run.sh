#!/usr/bin/env bash
# A sentence transformer from its ONNX file to a Solidity contract: fetched, imported, published on a development node, and
# asked by transactions how near sentences are in meaning, beside what the float network says.
#   run.sh [WORKDIR]
# Needs Maven, Node.js 20 or later and npm. SEQUENCE: tokens of a sentence (32). PORT: of the node (8655).
set -euo pipefail
here="$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$here/../../.."
tools="$root/acceptance-tests/tools"
zoo="$root/acceptance-tests/zoo"
work="${1:-$(mktemp -d)}"
sequence="${SEQUENCE:-32}"
url="http://127.0.0.1:${PORT:-8655}"
network="$zoo/models/sentences.onnx"
tokenizer="$zoo/models/sentences-tokenizer.json"
# The first account of every development chain.
author=0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266

"$zoo/fetch.sh" sentences
if [ ! -d "$tools/node_modules/viem" ]; then
  (cd "$tools" && npm ci --ignore-scripts --no-audit --no-fund --silent)
fi

tokens() { # TEXT COUNT FOLDER
  node "$here/tokens.mjs" --tokenizer="$tokenizer" --text="$1" --sequence="$sequence" --count="$2" --out="$3"
}
tokens "$root/inference-opcodes/src/test/resources/io/engram/inference/transformer/sentences.txt" 32 "$work/calibration"
tokens "$here/pairs.txt" 64 "$work/pairs"

"$root/engram" model import-sequence "$network" --sequence "$sequence" --pool MEAN --author "$author" \
  --calibration "$work/calibration" --out "$work/minilm.egm" > "$work/import.log"
tail -n 2 "$work/import.log"
model="$(sed -n 's/^Model \(0x[0-9a-f]*\) .*/\1/p' "$work/import.log")"
"$root/engram" model check "$network" "$work/minilm.egm" --data "$work/pairs" --float-outputs "$work/float.npy"

"$root/engram" dev --no-sample-model --rpc-http-port "${url##*:}" > "$work/node.log" 2>&1 &
node_pid=$!
trap 'kill "$node_pid" 2> /dev/null && wait "$node_pid" || true' EXIT
until curl -sf -o /dev/null "$url/liveness"; do
  kill -0 "$node_pid" || { cat "$work/node.log" >&2; exit 1; }
  sleep 0.2
done

"$root/engram" model publish "$work/minilm.egm" --rpc "$url"
node "$here/compare.mjs" --rpc="$url" --model="$model" --tokenizer="$tokenizer" --text="$here/pairs.txt" \
  --floats="$work/float.npy" --libraries="$root/genesis/contracts/src"
