#!/usr/bin/env bash
# A container engine for the tests with containers.
#   engine.sh up     uses the Docker-compatible engine that answers already, else installs Podman (on Debian and Ubuntu, as
#                    root) and starts its API; prints the environment for the tests: eval "$(engine.sh up)"
#   engine.sh down   removes what the tests left and stops the API that "up" started
# Everything it says besides the environment goes to standard error.
set -euo pipefail

state="${ENGRAM_ENGINE_STATE:-/run/engram-test-engine}"
socket="$state/podman.sock"
export CONTAINERS_CONF="$state/containers.conf"
packages=(podman runc netavark aardvark-dns iptables)

say() { echo "engine: $*" >&2; }

answers() { curl -sf --max-time 3 --unix-socket "$1" http://engine/_ping > /dev/null 2>&1; }

installed() {
  command -v podman > /dev/null && command -v runc > /dev/null && command -v iptables > /dev/null \
    && { [ -x /usr/lib/podman/netavark ] || command -v netavark > /dev/null; } \
    && { [ -x /usr/lib/podman/aardvark-dns ] || command -v aardvark-dns > /dev/null; }
}

install_packages() {
  if [ "$(id -u)" != 0 ]; then
    say "no container engine answers and this is not root, so that none can be started. Start Docker, or a Podman API, and"
    say "set DOCKER_HOST to its socket."
    exit 1
  fi
  if ! command -v apt-get > /dev/null; then
    say "no container engine answers, and there is no apt-get to install one. Needed: ${packages[*]}"
    exit 1
  fi
  say "installing ${packages[*]}"
  apt-get update -qq > /dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" > /dev/null
}

configure() {
  local files processes most
  files="$(ulimit -Hn)"
  processes="$(ulimit -Hu)"
  most="$(cat /proc/sys/kernel/pid_max)"
  if [ "$processes" = unlimited ] || [ "$processes" -gt "$most" ]; then processes="$most"; fi
  cat > "$CONTAINERS_CONF" << CONF
[containers]
# Without CAP_SYS_RESOURCE Podman's own defaults cannot be set.
default_ulimits = ["nofile=$files:$files", "nproc=$processes:$processes"]
[engine]
# crun refuses hybrid cgroups (v1, with one controller left on v2).
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
# A command that is run in a container keeps its monitor so many seconds; the default is 300.
exit_command_delay = 10
[network]
network_backend = "netavark"
CONF
}

up() {
  if ! command -v curl > /dev/null; then
    say "curl is missing, with which engines are asked whether they answer"
    exit 1
  fi
  local own="${DOCKER_HOST:-unix:///var/run/docker.sock}"
  if [[ "$own" == unix://* ]] && [ "${own#unix://}" != "$socket" ] && answers "${own#unix://}"; then
    say "an engine answers at $own"
    echo "export DOCKER_HOST=$own"
    return
  fi
  installed || install_packages
  mkdir -p "$state"
  configure
  if ! answers "$socket"; then
    rm -f "$socket"
    # The service must outlive this script, and must not hold its output open.
    setsid podman system service --time=0 "unix://$socket" > "$state/service.log" 2>&1 < /dev/null &
    echo $! > "$state/service.pid"
    for _ in $(seq 100); do
      answers "$socket" && break
      sleep 0.1
    done
  fi
  if ! answers "$socket"; then
    say "Podman does not answer:"
    tail -n 20 "$state/service.log" >&2
    exit 1
  fi
  say "$(podman --version) answers at $socket"
  echo "export DOCKER_HOST=unix://$socket"
  echo "export CONTAINERS_CONF=$CONTAINERS_CONF"
  # Testcontainers' own helper image comes from a registry; "down" removes by label what a killed test leaves.
  echo "export TESTCONTAINERS_RYUK_DISABLED=true"
  # What Testcontainers tries out mounts with; by default an image from a registry.
  echo "export TESTCONTAINERS_TINYIMAGE_CONTAINER_IMAGE=localhost/engram-acceptance-base"
  # Otherwise Testcontainers, run inside a container, takes the gateway for the address of mapped ports.
  echo "export TESTCONTAINERS_HOST_OVERRIDE=localhost"
}

down() {
  if [ ! -f "$state/service.pid" ]; then
    say "nothing was started"
    return
  fi
  podman ps -aq --filter label=org.testcontainers=true | xargs -r podman rm -f -t 0 > /dev/null
  podman network ls -q --filter label=org.testcontainers=true | xargs -r podman network rm > /dev/null
  kill "$(cat "$state/service.pid")" 2> /dev/null || true
  rm -f "$socket" "$state/service.pid"
  say "stopped"
}

case "${1:-}" in
  up) up ;;
  down) down ;;
  *)
    echo "usage: engine.sh up|down" >&2
    exit 2
    ;;
esac
