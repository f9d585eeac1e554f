#!/usr/bin/env bash
# Makes the image of the node for the tests from the Dockerfile and the build's output.
#   image.sh [NAME]     default: localhost/engram-acceptance
# With Podman nothing is fetched from a registry: in place of the Dockerfile's base images stands a small one of this
# machine's C library, shell, BusyBox and iptables, and jlink is that of this machine's JDK. With Docker the Dockerfile is
# built as it is, and iptables, with which the tests cut and spoil connections, is added.
set -euo pipefail
root="$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
name="${1:-localhost/engram-acceptance}"
base=localhost/engram-acceptance-base

say() { echo "image: $*" >&2; }

jars=("$root"/client/target/client-*.jar)
if [ ! -f "${jars[0]}" ] || [ ! -d "$root/client/target/lib" ]; then
  say "the jars are missing; make them: mvn -B -pl client -am -DskipTests package"
  exit 1
fi

if ! command -v podman > /dev/null || [ -z "${CONTAINERS_CONF:-}" ]; then
  docker build --quiet --tag "$name-node" "$root" > /dev/null
  docker build --quiet --tag "$name" - > /dev/null << DOCKERFILE
FROM $name-node
USER root
RUN apt-get update && apt-get install -y --no-install-recommends iptables
DOCKERFILE
  exit 0
fi

find_jdk() {
  local jdk
  for jdk in "${ENGRAM_JAVA_HOME:-}" "${JAVA_HOME:-}" /usr/lib/jvm/*25* /opt/java/* "$HOME"/.sdkman/candidates/java/25*; do
    if [ -n "$jdk" ] && [ -x "$jdk/bin/jlink" ] && grep -qs '^JAVA_VERSION="25' "$jdk/release"; then
      printf '%s\n' "$jdk"
      return
    fi
  done
  say "no JDK 25 found; set JAVA_HOME or ENGRAM_JAVA_HOME"
  exit 1
}

# A file system of what the node's process needs, from this machine's own files.
make_base() {
  local fs="$1" lib iptables
  if ! command -v busybox > /dev/null; then
    if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
      say "BusyBox is missing (Debian: busybox-static)"
      exit 1
    fi
    apt-get update -qq > /dev/null
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends busybox-static > /dev/null
  fi
  mkdir -p "$fs"/{bin,etc,lib,lib64,proc,sys,dev,run,root,opt,net,usr/bin,usr/local/bin,var}
  install -d -m 1777 "$fs/tmp"
  iptables="$(readlink -f "$(command -v iptables)")"
  for program in /bin/bash "$iptables" "$JDK/bin/java" "$JDK/lib/server/libjvm.so"; do
    ldd "$program" | awk '$2 == "=>" && $3 ~ /^\// {print $3} $1 ~ /^\// {print $1}'
  done | grep -v "^$JDK" | sort -u > "$fs/../libraries"
  # What RocksDB and the network need besides.
  for lib in libstdc++.so.6 libgcc_s.so.1 librt.so.1 libresolv.so.2 libnss_files.so.2 libnss_dns.so.2; do
    find /lib /usr/lib -name "$lib" -path '*linux-gnu*' -print -quit 2> /dev/null >> "$fs/../libraries"
  done
  find /usr/lib /usr/lib64 -path '*/xtables/libxt_*' \( -name '*_statistic.so' -o -name '*_standard.so' \) 2> /dev/null \
    >> "$fs/../libraries" || true
  # Files of the JDK that a distribution keeps elsewhere, as its certificates.
  find "$JDK/" -type l -exec readlink {} + | grep '^/' | sort -u >> "$fs/../libraries" || true
  while read -r lib; do
    [ -f "$lib" ] || continue
    mkdir -p "$fs$(dirname "$lib")"
    cp -L "$lib" "$fs$lib"
  done < "$fs/../libraries"
  cp -L /bin/bash "$fs/bin/bash"
  cp -L "$iptables" "$fs/bin/iptables"
  cp "$(command -v busybox)" "$fs/bin/busybox"
  for program in $("$fs/bin/busybox" --list); do
    [ "$program" = busybox ] || ln -s busybox "$fs/bin/$program"
  done
  printf 'root:x:0:0:root:/root:/bin/sh\nengram:x:1000:1000::/net:/bin/sh\n' > "$fs/etc/passwd"
  printf 'root:x:0:\nengram:x:1000:\n' > "$fs/etc/group"
  printf 'hosts: files dns\n' > "$fs/etc/nsswitch.conf"
  ln -s ../bin/env "$fs/usr/bin/env"
}

JDK="$(find_jdk)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
mkdir "$work/fs"
make_base "$work/fs"
tar -C "$work/fs" -cf "$work/base.tar" .
podman import -q -c 'ENV PATH=/bin' -c 'ENV JAVA_HOME=/jdk' "$work/base.tar" "$base" > /dev/null
podman build --quiet --pull=never --network=none --ignorefile "$root/.dockerignore" \
  --build-arg "JDK=$base" --build-arg "BASE=$base" --volume "$JDK:/jdk:ro" \
  --tag "$name" "$root" > /dev/null
say "$name is $(podman image inspect --format '{{.Size}}' "$name") bytes"
