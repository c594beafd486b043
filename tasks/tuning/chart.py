"""The sizes as a drawing (SVG): durations on the left axis, cost on the right one."""

from collections.abc import Sequence
from html import escape

from tasks.tuning.runs import Size
from tasks.tuning.suggestion import cost

_WIDTH, _HEIGHT = 720, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 650, 60, 340
_STEPS = 4
_COLOURS = {"p50": "#1f77b4", "p99": "#d62728", "USD a million": "#2ca02c"}


def draw(title: str, note: str, sizes: Sequence[Size]) -> str:
    """Draw the sizes that did not fail.

    Args:
        title: What was tuned.
        note: What to know of the figures; empty for nothing.
        sizes: At least one that did not fail.
    """
    drawn = [size for size in sizes if not size.failure]
    across = [_LEFT + (_RIGHT - _LEFT) * (number + 0.5) / len(drawn) for number in range(len(drawn))]
    p50, p99 = ([size.percentile(percent) for size in drawn] for percent in (50, 99))
    costs = [cost(size) for size in drawn]
    lines = [
        *_axis(max(p99), _LEFT - 8, "end", "ms"),
        *_axis(max(costs), _RIGHT + 8, "start", "USD"),
        *(_text(x, _BOTTOM + 20, f"{size.memory_mb} MB") for x, size in zip(across, drawn, strict=True)),
        *_line("p50", across, p50, max(p99)),
        *_line("p99", across, p99, max(p99)),
        *_line("USD a million", across, costs, max(costs)),
        *_legend(),
        _text(_WIDTH / 2, 22, title, "middle", 16),
        _text(_WIDTH / 2, 42, note),
    ]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
            'font-family="sans-serif">',
            f"<title>{escape(title)}</title>",
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="white"/>',
            *lines,
            "</svg>\n",
        ]
    )


def _height(value: float, most: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * value / (most or 1)


def _axis(most: float, x: float, anchor: str, unit: str) -> list[str]:
    parts = []
    for step in range(_STEPS + 1):
        value = most * step / _STEPS
        y = _height(value, most)
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_RIGHT}" stroke="#ddd"/>')
        parts.append(_text(x, y + 4, f"{value:.3g}", anchor))
    return [*parts, _text(x, _TOP - 10, unit, anchor)]


def _line(name: str, across: Sequence[float], values: Sequence[float], most: float) -> list[str]:
    points = [(x, _height(value, most)) for x, value in zip(across, values, strict=True)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    line = f'<polyline points="{path}" fill="none" stroke="{_COLOURS[name]}" stroke-width="2"/>'
    return [line, *(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_COLOURS[name]}"/>' for x, y in points)]


def _legend() -> list[str]:
    return [
        _text(_LEFT + 150 + 160 * number, _HEIGHT - 14, name, colour=colour)
        for number, (name, colour) in enumerate(_COLOURS.items())
    ]


def _text(x: float, y: float, text: str, anchor: str = "middle", size: int = 12, colour: str = "#333") -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size}"'
    return f'<text {where} fill="{colour}">{escape(text)}</text>'
