#!/usr/bin/env python3
"""Make test/fixtures/images.json: pictures as files, and what Pillow makes of them.

Run by hand:  /usr/bin/python3 scripts/make_golden_images.py
Needs Debian's python3-pil, python3-numpy and libjpeg-turbo-progs (cjpeg, for samplings and restarts that Pillow can't
write). Pillow doesn't write interlaced PNGs, nor most depths: the PNGs come from the few lines of writer below, every
filter in turn, and Pillow reads them. All bytes are in base64.
"""

import base64
import io
import json
import struct
import subprocess
import zlib
from pathlib import Path

import numpy as np
from PIL import Image

OUT = Path(__file__).resolve().parent.parent / "test" / "fixtures" / "images.json"
MAX_BYTES = 200_000
rng = np.random.default_rng(20261126)


def b64(data):
    return base64.b64encode(bytes(data)).decode()


def pixels(image):
    return {"width": image.width, "height": image.height, "data": b64(image.tobytes())}


# ---- PNG ---------------------------------------------------------------------


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def paeth(a, b, c):
    p = a + b - c
    pa, pb, pc = abs(p - a), abs(p - b), abs(p - c)
    return a if pa <= pb and pa <= pc else b if pb <= pc else c


def filtered(rows, bpp):
    """Rows of bytes, each by the next of the five filters."""
    out = bytearray()
    before = bytes(len(rows[0]))
    for y, row in enumerate(rows):
        f = y % 5
        out.append(f)
        for i, v in enumerate(row):
            a = row[i - bpp] if i >= bpp else 0
            b = before[i]
            c = before[i - bpp] if i >= bpp else 0
            out.append((v - (0, a, b, (a + b) >> 1, paeth(a, b, c))[f]) & 255)
        before = row
    return bytes(out)


def packed(samples, depth):
    """[width, samples of a pixel] as a row's bytes."""
    flat = [int(v) for v in samples.reshape(-1)]
    if depth == 16:
        return b"".join(struct.pack(">H", v) for v in flat)
    bits = "".join(format(v, f"0{depth}b") for v in flat)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]


def png(samples, depth, color, palette=None, trns=None, interlaced=False, parts=1):
    """samples: [height, width, samples of a pixel]"""
    height, width, each = samples.shape
    bpp = max(1, depth * each // 8)
    raw = b""
    for x, y, dx, dy in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        part = samples[y::dy, x::dx]
        if part.size:
            raw += filtered([packed(row, depth) for row in part], bpp)
    body = zlib.compress(raw)
    cuts = [len(body) * i // parts for i in range(parts + 1)]
    out = b"\x89PNG\r\n\x1a\n"
    out += chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced)))
    out += chunk(b"tEXt", b"Comment\0left alone")
    if palette is not None:
        out += chunk(b"PLTE", palette)
    if trns is not None:
        out += chunk(b"tRNS", trns)
    for a, b in zip(cuts, cuts[1:]):
        out += chunk(b"IDAT", body[a:b])
    return out + chunk(b"IEND", b"")


SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}


def expected_png(file, samples, depth, channels):
    """Pillow's pixels, except of 16-bit gray, which it makes 32-bit integers of: there, the upper byte."""
    image = Image.open(io.BytesIO(file))
    if depth == 16 and channels <= 2:
        gray = Image.fromarray((samples[:, :, 0] >> 8).astype(np.uint8))
        if channels == 1:
            return gray
        alpha = samples[:, :, 1] >> 8 if samples.shape[2] == 2 else np.full(samples.shape[:2], 255)
        return Image.merge("LA", (gray, Image.fromarray(alpha.astype(np.uint8))))
    if channels == 2:
        return image.convert("RGBA").convert("LA")
    return image.convert(MODES[channels])


def png_cases():
    cases = []
    sizes = [(7, 11), (1, 1), (9, 8), (2, 3), (13, 5)]

    def add(name, depth, color, height, width, interlaced=False, palette=False, trns=None, parts=1):
        top = min(1 << depth, 13) if color == 3 else 1 << depth
        samples = rng.integers(0, top, (height, width, SAMPLES[color]))
        colors = bytes(rng.integers(0, 256, 3 * top).tolist()) if palette else None
        channels = {0: 1, 2: 3, 3: 3, 4: 2, 6: 4}[color]
        if trns == "key":
            trns = b"".join(struct.pack(">H", int(v)) for v in samples[height // 2, width // 2])
            channels += 1
        elif trns == "alphas":
            trns = bytes(rng.integers(0, 256, max(1, top - 2)).tolist())
            channels += 1
        file = png(samples, depth, color, colors, trns, interlaced, parts)
        image = expected_png(file, samples, depth, channels)
        if trns is not None and color in (0, 2):  # by the rule itself: Pillow compares reduced numbers
            key = samples[height // 2, width // 2]
            image.putalpha(Image.fromarray(np.where((samples == key).all(2), 0, 255).astype(np.uint8)))
        cases.append({"name": name, "channels": channels, "file": b64(file), "pixels": pixels(image)})

    for color, depths in {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}.items():
        for i, depth in enumerate(depths):
            for interlaced in (False, True):
                height, width = sizes[(i + color + interlaced) % len(sizes)]
                name = f"color type {color}, {depth} bits{', interlaced' if interlaced else ''}"
                add(name, depth, color, height, width, interlaced, palette=color == 3)
    add("gray with a transparent value", 4, 0, 6, 7, trns="key")
    add("16 bits of gray with a transparent value", 16, 0, 3, 4, trns="key")
    add("colors with a transparent one", 8, 2, 5, 4, trns="key")
    add("a palette with alphas", 4, 3, 6, 5, palette=True, trns="alphas")
    add("pixels in several chunks", 8, 2, 9, 9, parts=5)
    return cases


# ---- JPEG --------------------------------------------------------------------


def scene(height, width, seed):
    """Colors that change slowly, with edges and noise."""
    own = np.random.default_rng(seed)
    y, x = np.mgrid[0:height, 0:width]
    waves = [np.sin(x / (3 + k) + seed) * 70 + np.cos(y / (4 + k)) * 60 + 128 for k in range(3)]
    picture = np.stack(waves, 2) + own.normal(0, 12, (height, width, 3))
    picture[height // 3 : height // 2 + 1, width // 4 : width // 2 + 1] = own.integers(0, 256, 3)
    return Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))


def saved(image, **options):
    out = io.BytesIO()
    image.save(out, "JPEG", **options)
    return out.getvalue()


def cjpeg(image, *options):
    ppm = io.BytesIO()
    image.save(ppm, "PPM")
    return subprocess.run(["cjpeg", *options], input=ppm.getvalue(), stdout=subprocess.PIPE, check=True).stdout


def jpeg_cases():
    cases = []

    def add(name, file):
        image = Image.open(io.BytesIO(file))
        image = image if image.mode in ("L", "RGB") else image.convert("RGB")
        channels = len(image.getbands())
        cases.append({"name": name, "channels": channels, "file": b64(file), "pixels": pixels(image)})

    for i, (name, sampling) in enumerate([("4:4:4", 0), ("4:2:2", 1), ("4:2:0", 2)]):
        add(f"{name}, quality 75", saved(scene(17, 21, i), quality=75, subsampling=sampling))
        add(f"{name}, progressive", saved(scene(19, 23, 10 + i), quality=90, subsampling=sampling, progressive=True))
        for h, w in [(1, 1), (2, 3), (8, 5)]:
            add(f"{name}, {h} × {w}", saved(scene(h, w, 20 + i), quality=60, subsampling=sampling))
    add("32 × 32 as in CIFAR-10", saved(scene(32, 32, 31)))
    add("quality 5", saved(scene(24, 24, 32), quality=5))
    add("quality 100", saved(scene(16, 16, 33), quality=100, subsampling=0))
    add("own Huffman codes", saved(scene(25, 18, 34), optimize=True))
    add("gray", saved(scene(15, 22, 35).convert("L")))
    add("gray, progressive", saved(scene(22, 15, 36).convert("L"), progressive=True))
    inks = saved(scene(18, 17, 37).convert("CMYK"), quality=85)
    add("CMYK", inks)
    adobe = inks.index(b"Adobe") + 11
    assert inks[adobe] == 0
    add("YCCK", inks[:adobe] + b"\x02" + inks[adobe + 1 :])  # other colors, but what Pillow makes of it is what counts
    add("4:4:0", cjpeg(scene(21, 19, 38), "-sample", "1x2"))
    add("4:1:1", cjpeg(scene(20, 37, 39), "-sample", "4x1"))
    add("4:1:0", cjpeg(scene(20, 37, 40), "-sample", "4x2"))
    add("restarts", cjpeg(scene(33, 33, 41), "-restart", "1B"))
    add("restarts, progressive", cjpeg(scene(33, 20, 42), "-progressive", "-restart", "2B"))
    add("red, green, blue as they are", cjpeg(scene(14, 14, 43), "-rgb"))
    add("turned by EXIF, and left so", saved(scene(9, 14, 44), exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"))
    return cases


# ---- resizing ----------------------------------------------------------------


def cropped(image, height, width):
    """torchvision's Resize and CenterCrop, for any ratio."""
    w, h = image.size
    size = (w * height // h, height) if w * height > h * width else (width, h * width // w)
    big = image.resize(size, Image.BILINEAR)
    left, top = round((big.width - width) / 2), round((big.height - height) / 2)
    return big.crop((left, top, left + width, top + height))


def resize_cases():
    cases = []
    sizes = [
        ((32, 32), (16, 16)), ((16, 16), (32, 32)), ((28, 28), (8, 8)), ((8, 8), (28, 28)), ((13, 29), (7, 11)),
        ((7, 11), (13, 29)), ((1, 1), (5, 3)), ((9, 4), (1, 1)), ((5, 5), (5, 9)), ((5, 5), (3, 5)), ((1, 40), (3, 7)),
        ((41, 3), (10, 2)), ((6, 6), (6, 6)), ((50, 37), (12, 31)), ((3, 100), (2, 3)),
    ]
    for i, ((h, w), (height, width)) in enumerate(sizes):
        for mode, channels in (("L", 1), ("RGB", 3)):
            values = rng.integers(0, 256, (h, w, channels)) if i % 3 else rng.integers(0, 2, (h, w, channels)) * 255
            values = values.astype(np.uint8)
            image = Image.fromarray(values[:, :, 0] if channels == 1 else values, mode)
            cases.append(
                {
                    "name": f"{mode}, {h} × {w} to {height} × {width}",
                    "channels": channels,
                    "from": pixels(image),
                    "resized": pixels(image.resize((width, height), Image.BILINEAR)),
                    "cropped": pixels(cropped(image, height, width)),
                }
            )
    return cases


def gray_case():
    image = Image.fromarray(rng.integers(0, 256, (12, 12, 3)).astype(np.uint8))
    return {"from": pixels(image), "gray": pixels(image.convert("L"))}


text = json.dumps(
    {"png": png_cases(), "jpeg": jpeg_cases(), "resize": resize_cases(), "gray": gray_case()}, indent=0, ensure_ascii=False
)
assert len(text) < MAX_BYTES, len(text)
OUT.write_text(text + "\n")
print(f"{OUT}: {len(text)} bytes, Pillow {Image.__version__}")
