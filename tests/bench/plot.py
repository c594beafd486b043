"""A plot of lines over two logarithmic axes, as an SVG that is readable on light and on dark pages.

Source: https://www.w3.org/TR/SVG2/ and, for the pages, https://www.w3.org/TR/mediaqueries-5/#prefers-color-scheme
"""

import math
from collections.abc import Mapping, Sequence
from html import escape

Points = Sequence[tuple[float, float]]

_WIDTH, _HEIGHT = 800, 440
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 570, 52, 372
_LABEL_GAP = 18

# Colours after Okabe and Ito, which people who see few colours can tell apart: https://jfly.uni-koeln.de/color/
_STYLE = """
text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-size:15px;font-weight:600}
.page{fill:#fff}.grid{stroke:#d1d9e0}
.line{fill:none;stroke-width:2.5}.line,.dot{stroke:var(--c)}.dot{fill:var(--c)}.label{fill:var(--c)}
.c0{--c:#0072b2}.c1{--c:#b34700}.c2{--c:#00795a}.c3{--c:#a8447f}.c4{--c:#7a6400}.c5{--c:#57606a}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}.grid{stroke:#3d444d}
.c0{--c:#56b4e9}.c1{--c:#ff9e57}.c2{--c:#3ddbab}.c3{--c:#e9a3cc}.c4{--c:#f0e442}.c5{--c:#b1bac4}
.label{fill:var(--c)}}
"""


class _Axis:
    """Powers of ten around values, over a length of the picture."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self._low = math.floor(math.log10(min(values)))
        self._high = max(math.ceil(math.log10(max(values))), self._low + 1)
        self._start, self._end = start, end

    def at(self, value: float) -> float:
        share = (math.log10(value) - self._low) / (self._high - self._low)
        return round(self._start + share * (self._end - self._start), 1)

    def ticks(self) -> list[float]:
        return [10.0**power for power in range(self._low, self._high + 1)]


def plot(title: str, x_label: str, y_label: str, lines: Mapping[str, Points]) -> str:
    """Draw lines, each with its name at its end.

    Args:
        title: Above.
        x_label: Below the horizontal axis, with its unit.
        y_label: Above the vertical axis, with its unit.
        lines: At most six; their points from left to right, all above 0.

    Raises:
        ValueError: There is no point, or one is not above 0.
    """
    points = [point for line in lines.values() for point in line]
    x = _Axis([each for each, _ in points], _LEFT, _RIGHT)
    y = _Axis([each for _, each in points], _BOTTOM, _TOP)
    placed = [[(x.at(across), y.at(up)) for across, up in line] for line in lines.values()]
    content = [
        f"<title>{escape(title)}</title><style>{_STYLE}</style>",
        f'<rect class="page" width="{_WIDTH}" height="{_HEIGHT}"/>',
        f'<text class="title" x="16" y="24">{escape(title)}</text>',
        f'<text x="16" y="{_TOP - 10}">{escape(y_label)}</text>',
        f'<text x="{(_LEFT + _RIGHT) / 2}" y="{_BOTTOM + 44}" text-anchor="middle">{escape(x_label)}</text>',
        *_grid(x, y),
        *(_line(number, line) for number, line in enumerate(placed)),
        *_labels(list(lines), placed),
    ]
    size = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">\n' + "\n".join(content) + "\n</svg>\n"


def _grid(x: _Axis, y: _Axis) -> list[str]:
    drawn = []
    for tick in x.ticks():
        at = x.at(tick)
        drawn.append(f'<path class="grid" d="M{at} {_TOP}V{_BOTTOM}"/>')
        drawn.append(f'<text x="{at}" y="{_BOTTOM + 20}" text-anchor="middle">{tick:,.0f}</text>')
    for tick in y.ticks():
        at = y.at(tick)
        drawn.append(f'<path class="grid" d="M{_LEFT} {at}H{_RIGHT}"/>')
        drawn.append(f'<text x="{_LEFT - 8}" y="{at + 4}" text-anchor="end">{tick:,.10g}</text>')
    return drawn


def _line(number: int, points: Points) -> str:
    path = "L".join(f"{x} {y}" for x, y in points)
    dots = "".join(f'<circle class="dot" cx="{x}" cy="{y}" r="3.5"/>' for x, y in points)
    return f'<g class="c{number}"><path class="line" d="M{path}"/>{dots}</g>'


def _labels(names: Sequence[str], placed: Sequence[Points]) -> list[str]:
    """Each name at the end of its line, and no two on top of each other."""
    drawn = []
    free = 0.0
    for number in sorted(range(len(names)), key=lambda number: placed[number][-1][1]):
        x, y = placed[number][-1]
        free = max(y + 4, free + _LABEL_GAP)
        name = f'<text class="label" x="{x + 10}" y="{free}">{escape(names[number])}</text>'
        drawn.append(f'<g class="c{number}">{name}</g>')
    return drawn
