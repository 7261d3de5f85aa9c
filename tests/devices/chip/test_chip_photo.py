"""Faces through the decoding child: right pictures come back as pixels, wrong ones hurt nobody."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from PIL import Image, ImageChops, ImageStat

from devices.chip.errors import MalformedData
from devices.chip.photo import Photo, PhotoDecoder, PhotoOptions

FACE = Image.effect_mandelbrot((240, 320), (-2.0, -1.2, 0.6, 1.2), 40).convert("RGB")
MANY = PhotoOptions(pictures_per_child=10**9)


def coded(form: str, picture: Image.Image = FACE, **options: object) -> bytes:
    made = io.BytesIO()
    picture.save(made, form, **options)
    return made.getvalue()


Children = Callable[[], list[psutil.Process]]


def processes_of_this_one() -> set[psutil.Process]:
    return set(psutil.Process().children())


@pytest.fixture
def children() -> Iterator[Children]:
    """The processes begun since the test began; what other tests of this run keep is not counted. None is left."""
    before = processes_of_this_one()

    def begun() -> list[psutil.Process]:
        return sorted(processes_of_this_one() - before, key=lambda child: child.pid)

    yield begun
    assert not begun()


@pytest.fixture
def decoder(children: Children) -> Iterator[PhotoDecoder]:
    with PhotoDecoder(MANY) as made:
        yield made


def difference(photo: Photo, to: Image.Image) -> float:
    shown = Image.frombytes("RGB", (photo.width_px, photo.height_px), photo.rgb)
    return max(ImageStat.Stat(ImageChops.difference(shown, to)).mean)


PICTURES = {
    "jpeg": coded("JPEG", quality=95),
    "jp2": coded("JPEG2000", quality_mode="rates", quality_layers=[20]),
    "codestream": coded("JPEG2000", no_jp2=True),
    "grey": coded("JPEG2000", FACE.convert("L")),
}


@pytest.mark.parametrize("form", PICTURES)
def test_a_face_comes_back_as_it_was(form: str, decoder: PhotoDecoder) -> None:
    photo = decoder.decode(PICTURES[form])
    assert (photo.width_px, photo.height_px) == FACE.size
    assert difference(photo, FACE.convert("L").convert("RGB") if form == "grey" else FACE) < 6


@pytest.mark.parametrize("form", ["JPEG", "JPEG2000"])
def test_a_large_face_is_made_smaller_and_keeps_its_shape(form: str, decoder: PhotoDecoder) -> None:
    photo = decoder.decode(coded(form, FACE.resize((1200, 1600))))
    assert (photo.width_px, photo.height_px) == (480, 640)


def test_a_face_becomes_a_png_that_others_read(decoder: PhotoDecoder) -> None:
    photo = decoder.decode(PICTURES["jp2"])
    with Image.open(io.BytesIO(photo.png())) as read:
        assert read.format == "PNG"
        assert read.tobytes() == photo.rgb
    assert "rgb" not in repr(photo)


def huge_jp2() -> bytes:
    """A header that announces 60,000 × 60,000 pixels, in the box and in the codestream."""
    data = bytearray(PICTURES["jp2"])
    size, wanted = (320).to_bytes(4, "big") + (240).to_bytes(4, "big"), (60_000).to_bytes(4, "big") * 2
    data[:] = data.replace(size, wanted)
    return bytes(data.replace((240).to_bytes(4, "big") + (320).to_bytes(4, "big"), wanted))


NO_PICTURES = {
    "cut short": PICTURES["jp2"][:300],
    "jpeg cut short": PICTURES["jpeg"][:300],
    "text": b"\xff\xd8\xff" + b"no picture" * 20,
    "another format": coded("PNG"),
    "too many pixels": coded("JPEG", Image.new("RGB", (4_000, 1_100))),
    "huge by its header": huge_jp2(),
    "empty": b"",
    "too many bytes": b"\xff\xd8\xff" + bytes(600_000),
}


@pytest.mark.parametrize("kind", NO_PICTURES)
def test_what_is_no_picture_is_refused_and_the_next_one_is_shown(kind: str, decoder: PhotoDecoder) -> None:
    with pytest.raises(MalformedData):
        decoder.decode(NO_PICTURES[kind])
    assert decoder.decode(PICTURES["jpeg"]).width_px == 240


def test_every_picture_has_a_child_of_its_own_and_it_is_gone_afterwards(children: Children) -> None:
    with PhotoDecoder() as decoder:
        decoder.prepare()
        (first,) = children()
        decoder.decode(PICTURES["jpeg"])
        assert not first.is_running()
        decoder.prepare()
        (second,) = children()
        assert second.pid != first.pid
    assert not children()


def test_a_child_that_died_while_waiting_is_replaced(decoder: PhotoDecoder, children: Children) -> None:
    decoder.prepare()
    (child,) = children()
    child.kill()
    child.wait()
    assert decoder.decode(PICTURES["jpeg"]).width_px == 240


def test_a_child_that_takes_too_long_is_ended(children: Children) -> None:
    with PhotoDecoder(PhotoOptions(timeout_s=0.0)) as decoder:
        with pytest.raises(MalformedData, match="too long"):
            decoder.decode(PICTURES["jpeg"])
        assert not children()


def test_the_child_can_open_nothing_and_grow_little(decoder: PhotoDecoder, children: Children) -> None:
    decoder.decode(PICTURES["jpeg"])
    (child,) = children()
    limits = Path(f"/proc/{child.pid}/limits").read_text()
    rows = {line[:26].strip(): line[26:].split()[:2] for line in limits.splitlines()}
    for name in ("Max open files", "Max file size", "Max processes", "Max core file size"):
        assert rows[name] == ["0", "0"], name
    assert int(rows["Max address space"][1]) <= 512 << 20
    assert int(rows["Max cpu time"][0]) <= 5
    assert "NoNewPrivs:\t1" in Path(f"/proc/{child.pid}/status").read_text()


def mutant(dice: random.Random, whole: bytes) -> bytes:
    data = bytearray(whole)
    for _ in range(dice.choice((1, 1, 2, 4, 16))):
        at = dice.randrange(len(data)) if dice.random() < 0.5 else dice.randrange(min(200, len(data)))
        match dice.randrange(4):
            case 0:
                data[at] ^= 1 << dice.randrange(8)
            case 1:
                data[at : at + 4] = dice.randbytes(4)
            case 2:
                data[at : at + 4] = dice.choice((b"\xff\xff\xff\xff", bytes(4), b"\x7f\xff\xff\xff"))
            case _:
                del data[at : at + dice.choice((1, 2, 50))]
    return bytes(data)


def decode_mutants(count: int, seed: int) -> tuple[int, int, float]:
    """How many came back as pictures and how many did not, and the longest took."""
    dice = random.Random(seed)
    small = FACE.resize((60, 80))
    wholes = (
        coded("JPEG2000", small),
        coded("JPEG2000", small, no_jp2=True),
        coded("JPEG2000", small, irreversible=True),
    )
    shown, refused, longest_s = 0, 0, 0.0
    with PhotoDecoder(PhotoOptions(pictures_per_child=2_000)) as decoder:
        for _ in range(count):
            begun = time.monotonic()
            try:
                decoder.decode(mutant(dice, dice.choice(wholes)))
                shown += 1
            except MalformedData:
                refused += 1
            longest_s = max(longest_s, time.monotonic() - begun)
    return shown, refused, longest_s


def test_mutants_of_a_face_hurt_nobody() -> None:
    shown, refused, longest_s = decode_mutants(300, seed=1)
    assert shown
    assert refused
    assert longest_s < 3.0


@pytest.mark.long
@pytest.mark.timeout(3000)
def test_a_hundred_thousand_mutants_of_a_face_hurt_nobody() -> None:
    shown, refused, longest_s = decode_mutants(100_000, seed=2)
    assert shown + refused == 100_000
    assert longest_s < 3.0
