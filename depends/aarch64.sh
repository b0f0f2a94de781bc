#!/usr/bin/env bash
# Cross-builds for aarch64 on Debian 12 and runs the tests under qemu's user mode.
#
#   depends/aarch64.sh build             the arm64 libraries and Python, then the extension modules
#   depends/aarch64.sh kernels           our kernel tests
#   depends/aarch64.sh unit [FILE ...]   our other tests
#   depends/aarch64.sh published TESTS [FILE ...]   Pillow's, from an unpacked sdist
#   depends/aarch64.sh python ...        the emulated interpreter, with the build importable
#
# Needs gcc-aarch64-linux-gnu, qemu-user and apt. Everything lands in .cache/aarch64: the arm64
# packages are unpacked there with an apt configuration of their own, the host's is left alone.
# The emulated Python drives setup.py itself, so that it sees the target's sysconfig; the compiler
# that it starts is the host's and runs at full speed.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
work=${AARCH64_DIR:-$root/.cache/aarch64}
sysroot=$work/sysroot
tree=$work/tree
python=$work/venv/bin/python
mirror=${DEBIAN_MIRROR:-http://deb.debian.org}
packages="python3.11 python3.11-venv libpython3.11-dev libc6-dev zlib1g-dev libjpeg62-turbo-dev libdeflate-dev
    libtiff-dev libwebp-dev libavif-dev libopenjp2-7-dev liblcms2-dev libfreetype-dev libraqm-dev
    libxcb1-dev libimagequant-dev"
# Of Tests/requirements.txt what has wheels for aarch64 and is used by the tests run here.
test_packages='cffi|defusedxml|hypothesis|numpy|olefile|packaging|pytest|pytest-timeout|setuptools'

# Published tests that take minutes each under emulation, or start other emulated programs in
# numbers; a run names its files to have them all the same.
published="test_image_resize test_image_resample test_image_reduce test_image_filter test_box_blur
    test_image_convert test_image_transform test_image_rotate test_image_transpose test_image_paste
    test_image_point test_image_quantize test_image_histogram test_image_getbbox test_image_split
    test_image_array test_image_frombytes test_image_tobytes test_imagechops
    test_imagestat test_imageenhance test_imagemath_lambda_eval test_imagemorph test_imagedraw
    test_imageops test_imagepalette test_imagecms test_imagefont test_color_lut
    test_lib_pack test_numpy test_file_bmp test_file_gif test_file_jpeg test_file_jpeg2k
    test_file_png test_file_ppm test_file_tga test_file_tiff test_file_libtiff test_file_webp
    test_file_webp_lossless test_file_ico test_file_sgi test_file_dds test_file_fli test_file_pcx
    test_file_psd test_file_mpo test_file_avif"

say() { echo "aarch64: $*" >&2; }

need() {
    command -v "$1" >/dev/null || { say "$1 is missing: apt-get install $2"; exit 1; }
}

apt_arm64() {
    apt-get -q -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State="$work/apt" \
        -o Dir::State::status="$work/apt/status" -o Dir::Cache="$work/apt/cache" \
        -o Dir::Etc::sourcelist="$work/apt/sources.list" -o Dir::Etc::sourceparts=- \
        -o Debug::NoLocking=true -o APT::Sandbox::User=root "$@"
}

# The arm64 system: unpacked only, no package's scripts are run.
make_sysroot() {
    [ ! -e "$work/sysroot.done" ] || return 0
    rm -rf "$sysroot" "$work/apt"
    mkdir -p "$work/apt/lists/partial" "$work/apt/cache/archives/partial" "$sysroot/usr/lib"
    : >"$work/apt/status"
    signed='[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]'
    printf 'deb %s %s main\n' "$signed" "$mirror/debian bookworm" \
        "$signed" "$mirror/debian-security bookworm-security" >"$work/apt/sources.list"
    say "fetching the arm64 packages"
    apt_arm64 update >/dev/null
    # shellcheck disable=SC2086
    apt_arm64 install -y --download-only --no-install-recommends $packages >"$work/apt/log"
    ln -s usr/lib "$sysroot/lib"
    for deb in "$work"/apt/cache/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$sysroot"
    done
    # Absolute links would lead into the host.
    find "$sysroot" -type l -lname '/*' | while read -r link; do
        ln -sfn "$(realpath -m --relative-to="$(dirname "$link")" "$sysroot$(readlink "$link")")" "$link"
    done
    touch "$work/sysroot.done"
}

# A virtual environment whose python is a script: what tests start through sys.executable is
# emulated too, with no binfmt_misc on the host.
make_venv() {
    [ ! -e "$work/venv.done" ] || return 0
    site=$work/venv/lib/python3.11/site-packages
    rm -rf "$work/venv"
    mkdir -p "$work/venv/bin" "$site"
    printf 'home = %s\nversion = 3.11\n' "$sysroot/usr/bin" >"$work/venv/pyvenv.cfg"
    printf '#!/bin/sh\nexec qemu-aarch64 -L "%s" -0 "%s" "%s" "$@"\n' \
        "$sysroot" "$python" "$sysroot/usr/bin/python3.11" >"$python"
    chmod +x "$python"
    say "fetching the aarch64 wheels of the tests"
    grep -E "^($test_packages)==" "$root/Tests/requirements.txt" >"$work/requirements.txt"
    ${PYTHON:-python3} -m pip install -q --target "$site" --python-version 3.11 \
        --only-binary :all: --implementation cp --platform manylinux2014_aarch64 \
        --platform manylinux_2_28_aarch64 --platform manylinux_2_31_aarch64 \
        --platform manylinux_2_34_aarch64 -r "$work/requirements.txt"
    touch "$work/venv.done"
}

cross() {
    CC="aarch64-linux-gnu-gcc --sysroot=$sysroot" LDSHARED="aarch64-linux-gnu-gcc --sysroot=$sysroot -shared" \
        PKG_CONFIG_SYSROOT_DIR=$sysroot \
        PKG_CONFIG_LIBDIR=$sysroot/usr/lib/aarch64-linux-gnu/pkgconfig:$sysroot/usr/share/pkgconfig "$@"
}

build() {
    need qemu-aarch64 qemu-user
    need aarch64-linux-gnu-gcc gcc-aarch64-linux-gnu
    mkdir -p "$work"
    make_sysroot
    make_venv
    # A copy, so that objects of two architectures never meet.
    mkdir -p "$tree"
    find "$tree" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf {} +
    git -C "$root" ls-files -z | tar -c -C "$root" --null -T - | tar -x -C "$tree"
    say "compiling"
    cd "$tree"
    cross "$python" setup.py -q build_ext --inplace 2>&1 | tee "$work/build.log"
    cross make -s -C Tests/kernels LIB="$work/kernels/libimaging.so" 2>&1 | tee -a "$work/build.log"
    ! grep -q 'warning:' "$work/build.log" || { say "the compiler warned"; exit 1; }
    "$python" -c 'import platform, sys; sys.path.insert(0, "src")
from PIL import Image, features
assert platform.machine() == "aarch64" and Image.core.simd_level == "scalar"
print("aarch64:", features.version("simd"), *sorted(features.get_supported()))'
}

command=${1:-build}
[ $# = 0 ] || shift
export PYTHONPATH=$tree/src PYTHONDONTWRITEBYTECODE=1
case $command in
build) build ;;
kernels)
    cd "$tree"
    IMAGING_LIB=$work/kernels/libimaging.so "$python" -m pytest -q -p no:cacheprovider "$@" Tests/kernels
    ;;
unit)
    cd "$tree"
    "$python" -m pytest -q -p no:cacheprovider --timeout=600 "${@:-Tests}" --ignore=Tests/kernels
    ;;
published)
    [ $# -gt 0 ] || { say "where are the published tests?"; exit 1; }
    cd "$1"
    shift
    # shellcheck disable=SC2046
    "$python" -m pytest -q -p no:cacheprovider --timeout=600 \
        $(for name in ${*:-$published}; do echo "Tests/${name%.py}.py"; done)
    ;;
python) exec "$python" "$@" ;;
*) say "unknown command $command"; exit 1 ;;
esac
