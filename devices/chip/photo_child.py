"""The child process that decodes a face picture: started by `photo`, alone with its standard input and output.

Pictures come from whatever was laid on the reader, and decoders have had holes; so they run where nothing is to be had:
no files and no sockets (no descriptor can be opened any more), little memory, little time, no children, no privileges.

Asked: length of the picture (4 bytes, big-endian), greatest width and height (2 each), the picture.
Answered: width and height (2 each), then RGB rows; 0 × 0 when it is no picture. It ends when its input does.
Runs as a script in isolated mode; imports nothing of ours.
"""

from __future__ import annotations

import ctypes
import io
import resource
import signal
import struct
import sys
from typing import BinaryIO

import PIL.MpoImagePlugin  # noqa: F401 loaded now: the JPEG decoder asks for it in mid-picture
from PIL import Image, Jpeg2KImagePlugin, JpegImagePlugin

REQUEST = struct.Struct(">IHH")
ANSWER = struct.Struct(">HH")
NO_PICTURE = ANSWER.pack(0, 0)
MAX_PIXELS = 4_000_000
CPU_S = 2
ADDRESS_SPACE_BYTES = 512 << 20
_FORMATS = (JpegImagePlugin.JpegImageFile.format, Jpeg2KImagePlugin.Jpeg2KImageFile.format)
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38


def main() -> int:
    """Answer until the input ends; 1 when memory ran out, for a fresh start."""
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    _warm_up()
    _lock_in()
    while (asked := sys.stdin.buffer.read(REQUEST.size)) and len(asked) == REQUEST.size:
        _allow_time()
        size, width, height = REQUEST.unpack(asked)
        try:
            answer = _decode(sys.stdin.buffer, size, (width, height))
        except MemoryError:
            _say(NO_PICTURE)
            return 1
        except Exception:  # noqa: BLE001 the edge of a process: whatever a decoder raises, it is no picture
            answer = NO_PICTURE
        _say(answer)
    return 0


def _decode(source: BinaryIO, size: int, fitting: tuple[int, int]) -> bytes:
    data = source.read(size)
    with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            return NO_PICTURE
        picture.draft("RGB", fitting)  # JPEG decodes straight to about the size wanted
        small = picture.convert("RGB")
    small.thumbnail(fitting)
    return ANSWER.pack(*small.size) + small.tobytes()


def _warm_up() -> None:
    """Have both decoders load what they load on first use: later nothing can be opened."""
    for form in _FORMATS:
        made = io.BytesIO()
        Image.new("RGB", (16, 16)).save(made, form)
        made.seek(0)
        _decode(made, len(made.getvalue()), (8, 8))


def _lock_in() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for limit, most in (
        (resource.RLIMIT_AS, ADDRESS_SPACE_BYTES),
        (resource.RLIMIT_NOFILE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _allow_time() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + CPU_S + 1
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def _say(answer: bytes) -> None:
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
