"""Tables of `engines.py`: a long one for analysis, a compact one for a page.

A case is a backbone on a number of threads. Its medians are milliseconds by engine and precision; engines that were left
out are missing.
"""

OURS, THEIRS = "thunderline", "OpenVINO"
PRECISIONS = ["float32", "bfloat16", "int8"]
COLUMNS = [(OURS, precision) for precision in PRECISIONS] + [(THEIRS, precision) for precision in PRECISIONS] + [
    ("ONNX Runtime", "float32"), ("ncnn", "float32")]
COMPACT_HEAD = ["backbone", "threads", "ours float32", "ours bfloat16", "ours int8", "OpenVINO float32",
                "OpenVINO bfloat16", "OpenVINO int8", "ONNX Runtime", "ncnn", "float32 to OpenVINO's",
                "best to best of OpenVINO", "float32's share of the limit"]
NOTHING = "–"


def milliseconds(value):
    """Two decimals, or a dash for an engine that was left out.

    >>> milliseconds(3.976), milliseconds(None)
    ('3.98', '–')
    """
    return NOTHING if value is None else f"{value:.2f}"


def ratio(ours, theirs):
    """Ratio of our time to theirs, below 1 where ours is faster; a dash where one is missing.

    >>> ratio(3, 6), ratio(3, None), ratio(None, 6)
    ('0.50', '–', '–')
    """
    return NOTHING if ours is None or theirs is None else f"{ours / theirs:.2f}"


def best(medians, engine):
    """The least of an engine's medians over all precisions; None where it was left out.

    >>> best({("OpenVINO", "float32"): 7.2, ("OpenVINO", "int8"): 4.2, ("ncnn", "float32"): 1.0}, "OpenVINO")
    4.2
    >>> best({}, "OpenVINO") is None
    True
    """
    return min((median for (name, _), median in medians.items() if name == engine), default=None)


def compact_row(backbone, threads, medians, limit):
    """One row of the compact table; `limit` is the time in milliseconds at the float32 throughput limit.

    >>> row = compact_row("snet49", 1, {
    ...     ("thunderline", "float32"): 4.0, ("thunderline", "int8"): 2.0, ("OpenVINO", "float32"): 8.0,
    ...     ("OpenVINO", "int8"): 5.0}, 3.0)
    >>> " ".join(row)
    'snet49 1 4.00 – 2.00 8.00 – 5.00 – – 0.50 0.40 75 %'
    >>> len(row) == len(COMPACT_HEAD)
    True
    """
    ours = medians[(OURS, "float32")]
    return ([backbone, str(threads)] + [milliseconds(medians.get(column)) for column in COLUMNS]
            + [ratio(ours, medians.get((THEIRS, "float32"))), ratio(best(medians, OURS), best(medians, THEIRS)),
               f"{100 * limit / ours:.0f} %"])


def markdown(head, rows):
    """A table for a page.

    >>> print(markdown(["a", "b"], [["1", "–"]]))
    | a | b |
    |---|---|
    | 1 | – |
    """
    lines = ["| " + " | ".join(row) + " |" for row in [head] + rows]
    return "\n".join([lines[0], "|" + "---|" * len(head)] + lines[1:])


def plain(head, rows):
    """A table for a terminal.

    >>> print(plain(["a", "b"], [["100", "x"]]))
    a    b
    100  x
    """
    widths = [max(len(row[i]) for row in [head] + rows) for i in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip()
                     for row in [head] + rows)
