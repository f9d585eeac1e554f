#!/usr/bin/env bash
# A container engine for the tests with containers.
#   engine.sh up     uses the Docker-compatible engine that answers already, else installs Podman (on Debian and Ubuntu, as
#                    root) and starts its API; prints the environment for the tests: eval "$(engine.sh up)"
#   engine.sh down   removes what the tests left and stops the API that "up" started
# Podman's images, containers and networks live in a folder of its own, new at each "up": a test run that was killed, or whose
# machine went down, leaves nothing behind that the next one could stumble over.
# Everything it says besides the environment goes to standard error.
set -euo pipefail

state="${ENGRAM_ENGINE_STATE:-${XDG_CACHE_HOME:-$HOME/.cache}/engram/test-engine}"
socket="$state/podman.sock"
export CONTAINERS_CONF="$state/containers.conf"
export CONTAINERS_STORAGE_CONF="$state/storage.conf"
# Podman keeps what its networks' name server knows here, whatever folders it is given.
names=/run/containers/networks/aardvark-dns
packages=(podman runc netavark aardvark-dns iptables)

say() { echo "engine: $*" >&2; }

answers() { curl -sf --max-time 3 --unix-socket "$1" http://engine/_ping > /dev/null 2>&1; }

# Whether the process whose number a file holds runs, and is that program: numbers are given out again.
runs() { [ -f "$1" ] && grep -qs "^$2" "/proc/$(cat "$1")/comm"; }

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
tmp_dir = "$state/tmp"
static_dir = "$state/static"
volume_path = "$state/volumes"
# A command that is run in a container keeps its monitor so many seconds; the default is 300.
exit_command_delay = 10
[network]
network_backend = "netavark"
network_config_dir = "$state/networks"
CONF
  cat > "$CONTAINERS_STORAGE_CONF" << CONF
[storage]
driver = "overlay"
graphroot = "$state/storage"
runroot = "$state/run"
CONF
}

# Runs Podman for its effect; what goes wrong is told, and stops nothing.
try_podman() {
  timeout 60 podman "$@" 2>&1 > /dev/null | sed 's/^/engine: podman: /' >&2 || say "podman $* failed"
}

# Ends and removes all that an earlier "up" started, whether its processes still run or went down with the machine: then Podman
# takes them for running and fails in taking them down, and the folder goes all the same.
clear_state() {
  local one
  if [ -f "$CONTAINERS_CONF" ] && [ -f "$CONTAINERS_STORAGE_CONF" ] && command -v podman > /dev/null; then
    for one in $(podman ps -aq); do try_podman rm -f -t 0 "$one"; done
    for one in $(podman network ls -q --filter label=org.testcontainers=true); do try_podman network rm -f "$one"; done
  fi
  if runs "$state/service.pid" podman; then kill "$(cat "$state/service.pid")"; fi
  awk -v under="$state/" 'index($2, under) == 1 {print $2}' /proc/self/mounts | sort -r | xargs -r umount -l
  rm -rf "$state"
  runs "$names/aardvark.pid" aardvark || rm -rf "$names"
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
  if ! answers "$socket"; then
    clear_state
    mkdir -p "$state"
    configure
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
  echo "export CONTAINERS_STORAGE_CONF=$CONTAINERS_STORAGE_CONF"
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
  clear_state
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
