"""Tables in Markdown, which a terminal shows well too."""

from collections.abc import Sequence


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table whose columns are as wide as their widest cell.

    Raises:
        ValueError: A row has more or fewer cells than the header.
    """
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    ruled = [list(header), ["-" * width for width in widths], *map(list, rows)]
    return "\n".join(_line(cells, widths) for cells in ruled)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [cell.ljust(width) for cell, width in zip(cells, widths, strict=True)]
    return f"| {' | '.join(padded)} |"
