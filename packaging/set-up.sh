# shellcheck shell=bash disable=SC2154 # sourced by scripts that set `root`
# Makes this machine (Debian 12) able to run Tiếp Đón: missing Debian packages, .venv, locked Python packages, ourselves.
# Sourced by ./run and ./test, which set `root` to the repository. Does nothing when nothing changed.

say() { printf '%s\n' "set-up: $*" >&2; }
fail() {
    say "$*"
    exit 1
}

# The first Python 3.11 that works; empty when there is none.
find_python() {
    local candidate
    for candidate in python3.11 /usr/bin/python3.11 python3; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
}

# What the found Python lacks to make environments and to build pyscard, as Debian packages.
python_packages() {
    local python
    python=$(find_python)
    [ -n "$python" ] || { printf '%s\n' python3 python3-venv python3-dev && return; }
    "$python" -c 'import ensurepip, venv' 2>/dev/null || printf '%s\n' python3-venv
    "$python" -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' ||
        printf '%s\n' python3-dev
}

missing_debian_packages() {
    local wanted installed
    wanted=$(
        sed 's/[[:space:]]*#.*//; /^[[:space:]]*$/d' "$root/packaging/debian-packages.txt"
        python_packages
    )
    # shellcheck disable=SC2086 # one word a package
    installed=$({ dpkg-query -W -f '${db:Status-Status} ${Package}\n' $wanted 2>/dev/null || true; } | sed -n 's/^installed //p')
    comm -23 <(sort -u <<<"$wanted") <(sort -u <<<"$installed")
}

install_debian_packages() {
    local missing sudo=""
    missing=$(missing_debian_packages | xargs)
    [ -n "$missing" ] || return 0
    command -v apt-get >/dev/null || fail "this set-up is made for Debian 12; elsewhere install what these packages hold: $missing"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "these Debian packages are missing and you are neither root nor have sudo.
Ask an administrator to run:  apt-get install --no-install-recommends $missing"
        sudo=sudo
    fi
    say "installing Debian packages: $missing"
    $sudo apt-get -q update >&2 || say "apt-get update failed; trying with the package lists that are here"
    # shellcheck disable=SC2086 # one word a package
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends $missing >&2 ||
        fail "apt-get could not install the packages above. With a network, run ./run --setup again."
    case " $missing " in *" pcscd "*) stop_fresh_pcscd "$sudo" ;; esac
}

# The package starts its daemon at once. The tests run their own, and a real reader's is started by the kiosk's machine.
stop_fresh_pcscd() {
    local sudo=$1
    if [ -d /run/systemd/system ]; then
        $sudo systemctl stop pcscd.socket pcscd.service >&2 || true
    else
        $sudo /etc/init.d/pcscd stop >&2 || true
    fi
}

fingerprint() {
    {
        printf '%s\n' "$root" "$("$1" -c 'import sys; print(sys.version, sys.base_prefix)')"
        cat "$root/requirements.lock" "$root/pyproject.toml" "$root/packaging/set-up.sh"
    } | sha256sum | cut -d ' ' -f 1
}

install_python_packages() {
    local python stamp="$root/.venv/.set-up-done" wanted pip
    python=$(find_python)
    [ -n "$python" ] || fail "no Python 3.11 was found. This program is made for Debian 12, which has it."
    wanted=$(fingerprint "$python")
    if [ -x "$root/.venv/bin/tiepdon" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
        return 0
    fi
    say "installing Python packages into .venv (a few minutes the first time)"
    rm -f "$stamp"
    "$python" -m venv "$root/.venv" || fail "the environment .venv could not be made"
    pip=("$root/.venv/bin/python" -m pip --disable-pip-version-check install --quiet --no-deps)
    "${pip[@]}" --require-hashes -r "$root/requirements.lock" >&2 ||
        fail "the Python packages could not be installed. With a network, run ./run --setup again."
    # hatchling, which builds our own package, came with the lock
    "${pip[@]}" --no-build-isolation --editable "$root" >&2 || fail "the program itself could not be installed into .venv"
    printf '%s\n' "$wanted" >"$stamp"
}

set_up() {
    install_debian_packages
    install_python_packages
}
