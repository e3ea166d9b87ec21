#!/bin/sh
# Makes a fresh checkout ready: installs the npm packages, the Debian packages that are missing (as root), and builds.
# Called before `npm start`, `npm test` and `npm run` loopback, test:long, storm or bench; does nothing that is done already.
#
#   sh scripts/setup.sh start|loopback|test|bench
#   sh scripts/setup.sh built    # exits with 0 where dist/ was built from these very sources; does nothing
set -eu
cd "$(dirname "$0")/.."
purpose=${1:?expected start, loopback, test, bench or built}

say() { printf '%s\n' "setup: $*" >&2; }

# A digest of what was built, and from what: by content, because a checkout or a copy may give files
# any time.
built=.cache/built
state() {
  find src dist tsconfig.json tsconfig.build.json package.json node_modules/.package-lock.json -type f \
    -exec sha256sum {} + 2>/dev/null | LC_ALL=C sort | sha256sum
}
is_built() { [ -e dist/cli/main.js ] && [ "$(state)" = "$(cat "$built" 2>/dev/null)" ]; }
if [ "$purpose" = built ]; then
  is_built
  exit
fi

node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 20) ? 0 : 1)' || {
  say "expected Node 20.20 or newer, found $(node --version 2>/dev/null || echo none)"
  say "next: install it from https://nodejs.org/en/download, with nvm (nvm install 22), or from your distribution if that is new enough"
  exit 1
}

# What each purpose needs: a file that exists once the Debian package is installed.
missing=
need() { [ -e "$1" ] || missing="$missing $2"; }
need /usr/bin/ssh openssh-client
need /usr/share/fonts/truetype/dejavu/DejaVuSans.ttf fonts-dejavu-core
if [ "$purpose" = start ] || [ "$purpose" = test ]; then
  # The embedded lab; it fetches and unpacks the parts of its machines by itself.
  need /usr/bin/qemu-system-x86_64 qemu-system-x86
  need /usr/bin/gcc gcc
  need /usr/bin/make make
  need /usr/include/stdio.h libc6-dev
  need /usr/bin/xz xz-utils
  need /usr/bin/gpgv gpgv
  need /usr/bin/zstd zstd
fi
if [ "$purpose" != start ]; then
  need /usr/sbin/sshd openssh-server
  need /usr/bin/clpeak clpeak
  need /etc/OpenCL/vendors/pocl.icd pocl-opencl-icd
  need /usr/bin/cpulimit cpulimit
fi
if [ "$purpose" = test ]; then
  need /usr/bin/chromium chromium
  need /usr/bin/pdflatex texlive-latex-base
  need /usr/bin/pdftotext poppler-utils
  need /usr/share/texlive/texmf-dist/tex/latex/booktabs/booktabs.sty texlive-latex-recommended
  need /bin/dash dash
  need /bin/bash bash
  need /usr/bin/fish fish
  need /bin/tcsh tcsh
  need /bin/zsh zsh
  need /usr/bin/unshare util-linux
  need /usr/bin/systemd-run systemd
  need /usr/bin/gpg gpg
  need /usr/bin/gpg-agent gpg-agent
  need /usr/bin/gpgconf gpgconf
  # For guests that are powered on and off: 15 MB.
  need /usr/sbin/libvirtd libvirt-daemon
  need /usr/bin/virsh libvirt-clients
  need /usr/bin/socat socat
  # A cluster on loopback.
  need /usr/sbin/slurmctld slurmctld
  need /usr/sbin/slurmd slurmd
  need /usr/bin/sbatch slurm-client
  need /usr/sbin/munged munge
  # Reads the files that export writes.
  need /usr/lib/python3/dist-packages/prometheus_client/openmetrics/parser.py python3-prometheus-client
  [ -e /bin/busybox ] || need /usr/bin/busybox busybox-static
fi

# Installs what is missing, and shows apt-get's output if it fails.
install() {
  apt-get update -qq
  # shellcheck disable=SC2086 # one word a package
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# Packages are installed while npm and the compiler work. Ctrl-C, which a background job doesn't
# get, ends those; the installation on the machine itself is waited for.
installer=
if [ -n "$missing" ]; then
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing with apt-get (once):$missing ..."
    install &
    installer=$!
    trap 'wait "$installer"' EXIT
  elif [ "$purpose" != start ]; then
    say "missing:$missing"
    say "install them as root: apt-get install$missing"
    exit 1
  fi
  # The quickstart itself reports what it lacks, for any distribution.
fi

if ! [ node_modules/.package-lock.json -nt package-lock.json ]; then
  say "npm ci (once, and after package-lock.json changes) ..."
  npm ci --no-audit --no-fund --ignore-scripts --loglevel=error >&2
fi

if ! is_built; then
  say "building (once, and after changes) ..."
  rm -f "$built"
  npm run --silent build
  mkdir -p "${built%/*}"
  state >"$built"
fi

if [ -n "$installer" ]; then
  trap - EXIT
  wait "$installer"
fi
