#!/bin/sh
# Installs an unpacked bundle where it lies, without network: sh install.sh
# PYTHON names another Python; it has to be of the version that the bundle was made with (the file PYTHON).
set -eu
cd "$(dirname "$0")"
python="${PYTHON:-python3}"
wanted="$(cat PYTHON)"
found="$("$python" -c 'import sys, sysconfig; print(f"{sys.version_info[0]}.{sys.version_info[1]} {sysconfig.get_platform()}")')" || {
    echo "error: $python does not run: install Python ${wanted%% *} with venv, or name it: PYTHON=/path/python sh install.sh" >&2
    exit 1
}
if [ "$found" != "$wanted" ]; then
    echo "error: this bundle is for Python $wanted, and $python is $found: PYTHON=/path/python${wanted%% *} sh install.sh" >&2
    exit 1
fi
sha256sum --check --quiet --strict SHA256SUMS || {
    echo "error: the bundle is damaged (the files above): unpack it again, or make it again" >&2
    exit 1
}
"$python" -m venv .venv
.venv/bin/python -m pip install --disable-pip-version-check --quiet --no-index --find-links wheels \
    -r requirements.txt -r requirements-s3.txt
# `make run` then knows that there is nothing to download.
touch .venv/.installed
echo "Installed. Next: .venv/bin/python manage.py serve   (or the units of deploy/systemd, see docs/deploy.md)"
