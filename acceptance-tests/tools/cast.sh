#!/usr/bin/env bash
# Real cast and forge against a running dev node.
#   cast.sh URL CAST FORGE CONTRACTS_DIR LIBRARIES_DIR INPUT_HEX EXPECTED_LABEL
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
url=$1 cast=$2 forge=$3 contracts=$4 libraries=$5 input=$6 expected=$7
key=0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d # account 1 of "test test … junk"
fail() { echo "FAILED: $*" >&2; exit 1; }

[ "$("$cast" chain-id --rpc-url "$url")" = 1337 ] || fail "cast chain-id"
"$cast" client --rpc-url "$url" | grep -q '^engram/' || fail "cast client names the node"
model=$("$cast" rpc --rpc-url "$url" model_list | node -e 'let s="";process.stdin.on("data",d=>s+=d).on("end",()=>console.log(JSON.parse(s)[0].modelId))')

work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
mkdir -p "$work/src" "$work/test" "$work/engram"
cp "$libraries/Inference.sol" "$libraries/InferenceMock.sol" "$libraries/InferenceProof.sol" "$work/engram/"
cp "$libraries/Inference.sol" "$libraries/ImageClassifier.sol" "$contracts/FailureProbe.sol" "$work/src/"
cat > "$work/foundry.toml" <<TOML
[profile.default]
src = "src"
out = "out"
solc = "$here/solc.sh"
offline = true
evm_version = "prague"
remappings = ["engram/=engram/"]
TOML
(cd "$work" && "$forge" build --silent) || fail "forge build"
address=$(cd "$work" && "$forge" create src/ImageClassifier.sol:ImageClassifier --rpc-url "$url" --private-key "$key" --broadcast --json --constructor-args "$model" \
  | node -e 'let s="";process.stdin.on("data",d=>s+=d).on("end",()=>console.log(JSON.parse(s.slice(s.indexOf("{"))).deployedTo))')
[ -n "$address" ] || fail "forge create"
echo "ok: forge create deployed the classifier at $address"

called=$("$cast" call --rpc-url "$url" "$address" 'classify(bytes)(uint256)' "$input")
[ "$called" = "$expected" ] || fail "cast call gives label $called, not $expected"
estimate=$("$cast" estimate --rpc-url "$url" "$address" 'classify(bytes)' "$input")
status=$("$cast" send --rpc-url "$url" --private-key "$key" --json "$address" 'classify(bytes)' "$input" \
  | node -e 'let s="";process.stdin.on("data",d=>s+=d).on("end",()=>{const r=JSON.parse(s);console.log(r.status,parseInt(r.logs[0].topics[2]),Number(r.gasUsed),r.transactionHash)})')
set -- $status
[ "$1" = 0x1 ] || fail "cast send status $1"
[ "$2" = "$expected" ] || fail "event label $2, not $expected"
[ "$3" -le "$estimate" ] || fail "gas used $3 exceeds the estimate $estimate"
echo "ok: cast call, estimate and send classify; label $2, gas $3"
proven=$4
"$cast" balance --rpc-url "$url" 0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266 >/dev/null || fail "cast balance"
"$cast" block --rpc-url "$url" latest --json >/dev/null || fail "cast block"
"$cast" rpc --rpc-url "$url" evm_snapshot >/dev/null || fail "evm_snapshot"

# forge executes locally and does not know the opcodes: the mock at the gateway forwards to the node.
cat > "$work/test/Mock.t.sol" <<SOL
// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.20;
import {Inference} from "engram/Inference.sol";
import {InferenceMocking} from "engram/InferenceMock.sol";
contract MockTest {
    function setUp() public { InferenceMocking.install(); }
    function testInference() public view {
        require(Inference.argmax(Inference.infer($model, hex"${input#0x}")) == $expected, "label");
        (bool ok, uint256 reason,) = Inference.tryInfer($model, hex"00");
        require(!ok && reason == Inference.INPUT_SIZE, "reason");
    }
}
SOL
(cd "$work" && "$forge" test --fork-url "$url" --match-contract MockTest) || fail "forge test over InferenceMock"
echo "ok: forge test reaches the model through InferenceMock"

# The proof of a step, checked by a contract on an EVM that knows no inference: forge's own.
"$cast" rpc --rpc-url "$url" inference_getProof "$proven" 0 0 '[{"input":0},{"output":0,"chunk":1}]' > "$work/proof.json"
node "$here/proof-test.mjs" < "$work/proof.json" > "$work/test/InferenceProof.t.sol"
(cd "$work" && "$forge" test --match-contract InferenceProofTest) || fail "forge test of InferenceProof"
echo "ok: InferenceProof accepts the step and refuses flipped bytes"
echo "cast: all passed"
