#!/bin/sh
# The GitHub Action's work: lints the files of LINT_FILES with the other LINT_* settings. File names are words: blanks separate them.
set -u
watchkeeper="${GITHUB_ACTION_PATH:-.}/bin/watchkeeper"
set -f

set -- --format github --fail-level "${LINT_FAIL_LEVEL:-error}"
for peer in ${LINT_PEERS:-}; do set -- "$@" --peer "$peer"; done
if [ -n "${LINT_TARGET:-}" ]; then set -- "$@" --target "$LINT_TARGET"; fi
if [ -n "${LINT_FACTS:-}" ]; then set -- "$@" --facts "$LINT_FACTS"; fi

# shellcheck disable=SC2086
"$watchkeeper" lint "$@" -- ${LINT_FILES:?no files named}
status=$?
if [ "${LINT_FMT:-false}" = true ]; then
  # shellcheck disable=SC2086
  "$watchkeeper" fmt --diff -- ${LINT_FILES} || { fmt=$?; [ "$status" -ne 0 ] || status=$fmt; }
fi
exit "$status"
