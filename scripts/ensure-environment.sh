#!/bin/sh
# Sets up what the demo and the tests need: npm packages, Debian packages for the kernel lab, the build. What is there already is
# left alone, so a second run takes a moment. Where there is no root or no apt-get, the kernel tests are skipped and say so.
set -eu
cd "$(dirname "$0")/.."

say() { printf '· %s\n' "$*" >&2; }

node_version=$(node -p 'process.versions.node.split(".").slice(0, 2).map(Number).join(" ")' 2>/dev/null) || {
  echo "Node.js is not installed: watchkeeper needs Node 20.19 or later" >&2
  exit 1
}
set -- $node_version
if [ "$1" -lt 20 ] || { [ "$1" -eq 20 ] && [ "$2" -lt 19 ]; }; then
  echo "Node $1.$2 is too old: watchkeeper needs 20.19 or later" >&2
  exit 1
fi

if ! cmp -s package-lock.json node_modules/.installed-lock.json; then
  say "installing npm packages"
  # The lock file is exact; where a registry lacks what it names for other platforms, the pinned versions are installed all the same.
  npm ci --no-audit --no-fund --loglevel=error >&2 || npm install --no-save --no-audit --no-fund --loglevel=error >&2
  cp package-lock.json node_modules/.installed-lock.json
fi

# package:program, where the program's name is enough to know that the package is there
wanted='user-mode-linux:linux.uml kmod:modprobe iproute2:ip ipvsadm:ipvsadm keepalived:keepalived tcpdump:tcpdump nftables:nft openssl:openssl util-linux:unshare procps:ps curl:curl'
# Servers to be checked by both daemons. A machine that has a mail server keeps it.
servers='nginx-light:nginx apache2-bin:apache2 haproxy:haproxy unbound:unbound'
[ -e /usr/sbin/sendmail ] || servers="$servers opensmtpd:smtpd"
missing_of() {
  for entry in "$@"; do
    PATH="$PATH:/usr/sbin:/sbin" command -v "${entry#*:}" >/dev/null 2>&1 || printf ' %s' "${entry%%:*}"
  done
}
needed=$(missing_of $wanted)
missing="$needed$(missing_of $servers)"
if [ -n "$missing" ]; then
  if [ "$(id -u)" -ne 0 ]; then
    say "not root: these Debian packages are not installed, and what needs them is skipped:$missing"
  elif ! command -v apt-get >/dev/null 2>&1; then
    say "no apt-get: these Debian packages are not installed, and what needs them is skipped:$missing"
  else
    say "installing Debian packages:$missing"
    # They are wanted to test with, not as services of this machine.
    policy=/usr/sbin/policy-rc.d
    made_policy=''
    if [ ! -e "$policy" ]; then
      printf '#!/bin/sh\nexit 101\n' >"$policy"
      chmod +x "$policy"
      made_policy=yes
    fi
    trap '[ -z "$made_policy" ] || rm -f "$policy"' EXIT
    log=$(mktemp)
    install() {
      DEBIAN_FRONTEND=noninteractive apt-get install -y --no-remove --no-install-recommends "$@" >"$log" 2>&1
    }
    if ! { install $missing || { apt-get update >"$log" 2>&1 && install $missing; }; }; then
      tail -n 5 "$log" >&2
      say "these Debian packages could not be installed together:$missing"
      { [ -n "$needed" ] && install $needed; } || say "what needs them is skipped"
    fi
    if command -v systemctl >/dev/null 2>&1; then
      for package in $missing; do
        case $package in
          nginx-light) systemctl disable nginx >/dev/null 2>&1 || true ;;
          keepalived | haproxy | unbound | opensmtpd) systemctl disable "$package" >/dev/null 2>&1 || true ;;
        esac
      done
    fi
    rm -f "$log"
  fi
fi
# The guest kernel looks for its modules here; the folder itself is all that it needs of this machine.
if [ "$(id -u)" -eq 0 ] && [ ! -d /lib/modules ]; then
  say "making the empty folder /lib/modules for the guest kernel"
  mkdir -p /lib/modules
fi

if [ ! -e dist/bin/watchkeeper.cjs ] || [ -n "$(find src scripts/build.js package.json -newer dist/bin/watchkeeper.cjs -print -quit)" ]; then
  say "building"
  node scripts/build.js >&2
fi
