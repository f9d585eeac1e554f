#!/usr/bin/env bash
# Holds the NVIDIA GPUs of this machine against the reference and measures them, unattended, and writes a report.
# Usage: gpu-report.sh [FOLDER [NETWORK,...]]   into the new folder FOLDER (default: gpu-report), measured on the
# networks (default: all that `engram bench inference` has). Exit status 0 when everything passed.
set -uo pipefail
root="$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
mkdir "${1:-gpu-report}" || exit 2
to="$(cd -P "${1:-gpu-report}" && pwd)"
only=(${2:+--only "$2"})
cd "$root" || exit 2
report="$to/report.md"
failed=0

say() { printf '%s\n' "$*" | tee -a "$report"; }

step() { # NAME SECONDS COMMAND...   its output goes to NAME.log; a step that fails does not keep the next from running
  local name=$1 seconds=$2 begun=$SECONDS status
  shift 2
  timeout --kill-after=30 "$seconds" "$@" > "$to/$name.log" 2>&1
  status=$?
  if [ $status -eq 0 ]; then
    say "- $name: passed, $((SECONDS - begun)) s"
  else
    say "- $name: FAILED with status $status, $((SECONDS - begun)) s; the end of $name.log:"
    { echo '```'; tail -n 20 "$to/$name.log"; echo '```'; } | tee -a "$report"
    failed=1
  fi
  return $status
}

table() { # FILE
  { echo; echo '```'; cat "$1"; echo '```'; } >> "$report"
}

# The demonstration goes on without its GPU when that fails: who computed is in its report.
demo() {
  ./engram demo --inference-backend=cuda --json="$to/demo.json" || return
  grep -q '"backend" *: *"cuda"' "$to/demo.json" && ! grep -q '"backendFault"' "$to/demo.json"
}
export -f demo
export to

say "# Engram on a GPU"
say
say "$(date -u +%Y-%m-%dT%H:%M:%SZ), commit $(git rev-parse --short HEAD 2> /dev/null || echo unknown), $(uname -srm)"
if command -v nvidia-smi > /dev/null 2>&1; then
  nvidia-smi --query-gpu=index,name,driver_version,memory.total,power.limit,clocks.max.sm --format=csv > "$to/nvidia-smi.txt" 2>&1
  table "$to/nvidia-smi.txt"
else
  say "There is no nvidia-smi on this machine: power is not measured."
fi
say

# The surefire reports of earlier builds would be counted.
rm -rf inference-opcodes/target/surefire-reports acceptance-tests/target/surefire-reports
step tests 7200 mvn -B -Pgpu -pl acceptance-tests -am test
cat inference-opcodes/target/surefire-reports/*.txt acceptance-tests/target/surefire-reports/*.txt 2> /dev/null \
  | grep '^Tests run' > "$to/tests.txt"
say "- tests by class: $(awk -F'[:,]' '{r += $2; f += $4 + $6; s += $8} END {print r+0 " run, " f+0 " failed, " s+0 " skipped"}' "$to/tests.txt")"
grep -rhoE '<skipped message="[^"]*"' inference-opcodes/target/surefire-reports acceptance-tests/target/surefire-reports \
  --include='*.xml' 2> /dev/null | sed -E 's/<skipped message="(.*)"/\1/' | sort | uniq -c > "$to/skipped.txt"
[ ! -s "$to/skipped.txt" ] || { say "- skipped, and why:"; table "$to/skipped.txt"; }
step demo 1800 bash -c demo
step latency 3600 ./engram bench inference --backend cuda "${only[@]}" --json "$to/latency.json"
step throughput 3600 ./engram bench inference --backend cuda --threads 4 "${only[@]}" --json "$to/throughput.json"
step processor 3600 ./engram bench inference --backend native "${only[@]}" --json "$to/processor.json"

say
say "Times to judge these by: docs/benchmarks.md, \"What a GPU should take\"."
for name in latency throughput processor; do
  say
  say "## $name"
  table "$to/$name.log"
done
say
[ $failed -eq 0 ] && say "Everything passed." || say "Something FAILED."
exit $failed
