# What scripts/run, test, bench and lint share: packages, configuring, building.
# Sourced by bash; sets `root`, and `build` for the preset in use.

set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$root/build/release

debian="build-essential cmake pkg-config liblua5.4-dev liblapacke-dev libopenblas-dev libcmocka-dev
  libedit-dev lua-busted zlib1g-dev libsuperlu-dev libzip-dev libexpat1-dev libhdf5-dev
  coinor-libcbc-dev libxxhash-dev"
fedora="gcc cmake make pkgconf-pkg-config lua-devel lapack-devel openblas-devel libcmocka-devel
  libedit-devel zlib-devel SuperLU-devel libzip-devel expat-devel hdf5-devel
  coin-or-Cbc-devel xxhash-devel, and busted by luarocks"
homebrew="cmake pkg-config lua openblas lapack cmocka superlu libzip expat hdf5 cbc xxhash,
  and busted by luarocks"

say() { printf '%s\n' "capmod: $*" >&2; }

explain_packages() {
  cat >&2 <<END
capmod needs a C compiler, CMake 3.25, Lua 5.4, LAPACKE, OpenBLAS, SuperLU, zlib, libzip, expat,
HDF5, CBC, xxHash, libedit (for the prompt), cmocka and busted (for the tests). Their
packages are
  Debian, Ubuntu:  $(echo $debian)
  Fedora:          $(echo $fedora)
  Homebrew:        $(echo $homebrew)
Install them, then run this command again.
END
  exit 1
}

# The packages of a list that Debian does not have installed.
missing() {
  local package
  for package in "$@"; do
    [ "$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null)" = "install ok installed" ] ||
      printf '%s ' "$package"
  done
}

# Installs what is missing of the packages named, where this is a Debian and we may.
need() {
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || {
    have_tools || explain_packages
    return 0
  }
  local lacking sudo=
  lacking=$(missing "$@")
  [ -n "$lacking" ] || return 0
  [ "$(id -u)" = 0 ] || { command -v sudo >/dev/null && sudo=sudo || explain_packages; }
  say "installing $lacking"
  # shellcheck disable=SC2086
  { $sudo apt-get update -qq &&
    $sudo env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends $lacking; } \
    >"$root/build/packages.log" 2>&1 || {
    tail -n 5 "$root/build/packages.log" >&2
    explain_packages
  }
}

# On another system: whether a build has a chance.
have_tools() {
  command -v cmake >/dev/null && command -v pkg-config >/dev/null && pkg-config --exists lapacke
}

# A cache alone may be what a failure left.
is_configured() { [ -f "$build/Makefile" ] || [ -f "$build/build.ninja" ]; }

# Configures (once) and builds the preset named; says nothing when all is up to date.
compile() {
  local preset=$1 log=$root/build/$1.log
  build=$root/build/$preset
  { is_configured || cmake -S "$root" --preset "$preset"; } >"$log" 2>&1 &&
    cmake --build "$build" --parallel "$(getconf _NPROCESSORS_ONLN)" >>"$log" 2>&1 || {
    grep -nE 'error|Error' "$log" | head -n 20 >&2 || true
    say "the build failed; all of it is in ${log#"$root"/}"
    exit 1
  }
}

mkdir -p "$root/build"
