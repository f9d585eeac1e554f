#!/usr/bin/env bash
# Imports a network of the zoo with pictures made by code, and compares it with its float original on others.
# Usage: import.sh fashion | face-front | face-back | text-direction [further options of "model import"]
set -euo pipefail
here="$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$here/../.."
tests="$root/acceptance-tests/src/test"
name="${1:?which network?}"
shift
out="$here/models"
mkdir -p "$out"
chain=()

pictures() { # KIND SIDE COUNT SEED FOLDER
  (cd "$tests/resources" && java -Djava.awt.headless=true --class-path . \
    "$tests/java/io/engram/acceptance/zoo/Pictures.java" "$@")
}

case "$name" in
  fashion)
    network="$root/inference-opcodes/src/test/resources/fashion-mnist.onnx"
    calibration="$root/inference-opcodes/src/test/resources/fashion-mnist-calibration.idx.gz"
    demo="$root/client/src/main/resources/io/engram/client/demo"
    data=(--data "$demo/fashion-mnist-100-images.idx.gz" --labels "$demo/fashion-mnist-100-labels.idx")
    options=()
    ;;
  face-front | face-back | text-direction)
    "$here/fetch.sh" "$name"
    network="$out/$name.onnx"
    calibration="$out/$name-calibration"
    data=(--data "$out/$name-data")
    case "$name" in
      face-front) kind=faces side=128 options=(--pixels signed --outputs int16) ;;
      face-back)
        kind=faces side=256 options=(--pixels signed --outputs int16) chain=(--genesis "$here/large-images.json")
        ;;
      text-direction) kind=text side=48 options=(--pixels signed --input-shape 1,3,48,192) ;;
    esac
    pictures "$kind" "$side" 64 1 "$calibration"
    pictures "$kind" "$side" 200 2 "$out/$name-data"
    ;;
  *)
    echo "no network $name" >&2
    exit 1
    ;;
esac

"$root/engram" model import "$network" --calibration "$calibration" --out "$out/$name.egm" "${options[@]}" "${chain[@]}" "$@"
"$root/engram" model check "$network" "$out/$name.egm" "${data[@]}" "${chain[@]}"
