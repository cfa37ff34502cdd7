"""Recognising print: where lines of text stand in a picture, and what a line says. Knows no table and no form.

The models are those inside rapidocr's wheel, run by onnxruntime itself: nothing here can download anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt
import onnxruntime

from monitor.errors import Unreadable

Picture = npt.NDArray[np.uint8]

_DETECTOR: Final = "PP-OCRv6_det_small.onnx"
_RECOGNISER: Final = "PP-OCRv6_rec_small.onnx"
#: Two processes read at a time on two cores; a third thread of each would only wait.
_THREADS: Final = 2
#: The recogniser's own height; it halves widths three times, so that a step is eight pixels wide.
_HEIGHT: Final = 48
_NARROWEST: Final = 48
_WIDEST: Final = 2400
#: Widths of crops recognised together, summed: bounds the memory of a call (18,710 classes a step).
_BATCH_WIDTH: Final = 2400

#: The detector's thresholds are those of its authors: of a pixel, of a box, and how far a box grows beyond its core.
_PIXEL: Final = 0.3
_BOX: Final = 0.5
_GROWTH: Final = 1.6
_SMALLEST_BOX: Final = 3
_MOST_BOXES: Final = 1000

#: Marks of one shape in print: what stands for the digit in a figure. A full stop or a stroke of a line is neither.
_SHAPES: Final = {"0": "OoＯｏ〇○◯О０", "1": "lIｌＩ丨｜|１"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text as recognised: `score` is the mean, `surety` the lowest probability of its marks, 0 to 1.

    `figure`: the line read as a figure, marks of the digits' shapes counted as digits; `figure_surety` is its lowest.
    """

    text: str
    score: float
    surety: float
    figure: str
    figure_surety: float


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of a picture, right and bottom not included."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


@lru_cache(maxsize=2)
def _session(name: str) -> onnxruntime.InferenceSession:
    """A model, loaded once in a process. Raises Unreadable where the wheel is not whole."""
    found = find_spec("rapidocr")
    path = Path(found.origin or "").parent / "models" / name if found else Path(name)
    if not path.is_file():
        raise Unreadable(f"文字识别的模型“{name}”不在，请重新安装 rapidocr 后再读图片和扫描件")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _THREADS
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _run(name: str, batch: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    session = _session(name)
    return np.asarray(session.run(None, {session.get_inputs()[0].name: batch})[0], dtype=np.float32)


def _input(grey: Picture) -> npt.NDArray[np.float32]:
    """A grey picture as the models take it: three equal channels from -1 to 1."""
    plane = grey.astype(np.float32) / 127.5 - 1.0
    return np.broadcast_to(plane, (3, *plane.shape))


# ── where lines stand ───────────────────────────────────────────────────────────────────────────────────────────────


def find_lines(grey: Picture) -> list[Box]:
    """The boxes of the lines of text in an upright grey picture, in no order."""
    height, width = grey.shape
    if min(height, width) < _SMALLEST_BOX * 2:
        return []
    sizes = [max(32, round(side / 32) * 32) for side in (width, height)]
    heat = _run(_DETECTOR, _input(cv2.resize(grey, sizes, interpolation=cv2.INTER_AREA).astype(np.uint8))[None])[0, 0]
    mask = cv2.dilate((heat > _PIXEL).astype(np.uint8), np.ones((2, 2), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    found = []
    for number in range(1, min(count, _MOST_BOXES + 1)):
        left, top, wide, high, area = (int(value) for value in stats[number])
        if min(wide, high) < _SMALLEST_BOX:
            continue
        part = labels[top : top + high, left : left + wide] == number
        if float(heat[top : top + high, left : left + wide][part].mean()) < _BOX:
            continue
        grow = area * _GROWTH / (2 * (wide + high))
        found.append(_scaled((left - grow, top - grow, left + wide + grow, top + high + grow), grey.shape, heat.shape))
    return found


def _scaled(edges: tuple[float, ...], to: tuple[int, ...], of: tuple[int, ...]) -> Box:
    down, across = to[0] / of[0], to[1] / of[1]
    left, top, right, bottom = edges
    return Box(
        max(0, int(left * across)),
        max(0, int(top * down)),
        min(to[1], round(right * across)),
        min(to[0], round(bottom * down)),
    )


# ── what a line says ────────────────────────────────────────────────────────────────────────────────────────────────


def recognise(crops: Sequence[Picture]) -> list[Line]:
    """What each crop, a line of text on white, says; in the order of the crops."""
    sized = [_sized(crop) for crop in crops]
    lines: dict[int, Line] = {}
    batch: list[int] = []
    for number in sorted(range(len(sized)), key=lambda number: sized[number].shape[1]):
        if batch and sized[number].shape[1] * (len(batch) + 1) > _BATCH_WIDTH:
            lines |= zip(batch, _recognise([sized[one] for one in batch]), strict=True)
            batch = []
        batch.append(number)
    if batch:
        lines |= zip(batch, _recognise([sized[one] for one in batch]), strict=True)
    return [lines[number] for number in range(len(sized))]


def _sized(crop: Picture) -> Picture:
    height, width = crop.shape
    wide = min(max(round(width * _HEIGHT / height), 8), _WIDEST)
    method = cv2.INTER_AREA if height > _HEIGHT else cv2.INTER_CUBIC
    return cv2.resize(crop, (wide, _HEIGHT), interpolation=method).astype(np.uint8)


def _recognise(crops: Sequence[Picture]) -> list[Line]:
    width = max(_NARROWEST, *(crop.shape[1] for crop in crops))
    batch = np.zeros((len(crops), 3, _HEIGHT, width), np.float32)
    for number, crop in enumerate(crops):
        batch[number, :, :, : crop.shape[1]] = _input(crop)
    return [_decoded(steps) for steps in _run(_RECOGNISER, batch)]


@lru_cache(maxsize=1)
def _marks() -> tuple[str, ...]:
    """The recogniser's classes in order: no mark, its characters, blank."""
    characters = _session(_RECOGNISER).get_modelmeta().custom_metadata_map["character"]
    return ("", *characters.split("\n"), " ")


@lru_cache(maxsize=1)
def _folds() -> tuple[tuple[int, tuple[int, ...]], ...]:
    """For each digit's class the classes that count as it in a figure."""
    marks = _marks()
    return tuple(
        (marks.index(digit), tuple(number for number, mark in enumerate(marks) if mark and mark in alike))
        for digit, alike in _SHAPES.items()
    )


def _decoded(steps: npt.NDArray[np.float32]) -> Line:
    text, chances = _collapsed(steps)
    folded = steps.copy()
    for digit, alike in _folds():
        folded[:, digit] += folded[:, list(alike)].sum(axis=1)
        folded[:, list(alike)] = 0
    figure, sureties = _collapsed(folded)
    return Line(
        text, sum(chances) / len(chances) if chances else 0.0, min(chances, default=0.0), figure,
        min(sureties, default=0.0),
    )  # fmt: skip


def _collapsed(steps: npt.NDArray[np.float32]) -> tuple[str, list[float]]:
    """The best mark of each step, runs of one mark counted once (CTC), each with its highest probability."""
    marks = _marks()
    text: list[str] = []
    chances: list[float] = []
    before = 0
    for best, chance in zip(steps.argmax(axis=1).tolist(), steps.max(axis=1).tolist(), strict=True):
        if best and best == before:
            chances[-1] = max(chances[-1], chance)
        elif best:
            text.append(marks[best])
            chances.append(chance)
        before = best
    return "".join(text), chances
