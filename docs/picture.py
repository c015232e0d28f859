"""In: a report of `cuevox render --report` with the 16-bit WAV that it names. Out: a picture of the stamped track, as SVG: the
windows of the transcript, the sound, and each word where it is spoken. Needs Python alone.

    cargo run --release -- render examples/harbour.txt --report output/harbour.json
    python3 docs/picture.py output/harbour.json > docs/track.svg
"""

import array
import json
import sys
import wave
from html import escape
from textwrap import wrap

WIDTH, MARGIN, TOP = 1000, 24, 58
ROW, SECONDS = 148, 20
LETTERS, SIZE = 32, 11

STYLE = """
:root { --paper: #ffffff; --ink: #1f2328; --soft: #59636e; --line: #d1d9e0; --window: #eef3f8; --sound: #0b6bcb; --word: #1a7f37; }
@media (prefers-color-scheme: dark) {
:root { --paper: #11161d; --ink: #e6edf3; --soft: #9aa6b2; --line: #3a444f; --window: #1b232d; --sound: #58a6ff; --word: #56d364; } }
text { font-family: system-ui, -apple-system, "Segoe UI", sans-serif; fill: var(--ink); }
.soft { fill: var(--soft); } .paper { fill: var(--paper); stroke: var(--line); } .window { fill: var(--window); stroke: var(--line); }
.sound { fill: var(--sound); } .word { fill: var(--word); } .stamp { stroke: var(--soft); stroke-width: 1.5; }
"""


def outline(path):
    """The largest magnitude of each three pixels, 0 to 1, and how many seconds those are."""
    with wave.open(path) as file:
        rate, channels = file.getframerate(), file.getnchannels()
        samples = array.array("h", file.readframes(file.getnframes()))[::channels]
    if sys.byteorder == "big":
        samples.byteswap()
    step = 3 * SECONDS / (WIDTH - 2 * MARGIN)
    size = int(rate * step)
    most = max(max(samples), -min(samples), 1)
    stretches = (samples[at : at + size] for at in range(0, len(samples), size))
    return [max(max(part), -min(part)) / most for part in stretches], size / rate


def clock(seconds):
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


class Sheet:
    """Rows of time, one below another."""

    def __init__(self, length):
        self.rows = -(-int(length) // SECONDS)
        self.parts = []

    def x(self, seconds, row):
        return MARGIN + (seconds - row * SECONDS) / SECONDS * (WIDTH - 2 * MARGIN)

    def spans(self, start, end):
        """A stretch of time, cut where a row ends: row, left, right."""
        for row in range(self.rows):
            low, high = max(start, row * SECONDS), min(end, (row + 1) * SECONDS)
            if low < high:
                yield row, self.x(low, row), self.x(high, row)

    def put(self, text):
        self.parts.append(text)

    def box(self, kind, start, end, top, height):
        for row, left, right in self.spans(start, end):
            y = TOP + row * ROW + top
            self.put(f'<rect class="{kind}" x="{left:.1f}" y="{y}" width="{right - left:.1f}" height="{height}" rx="2"/>')


def draw(report, track):
    output = track["output"]
    length = output["duration_s"]
    sheet = Sheet(length)
    for cue in track["cues"]:
        sheet.box("window", cue["start"], cue["end"] or length, 18, 66)
    heights, step = outline(output["path"])
    for row in range(sheet.rows):
        points = [(at * step, high) for at, high in enumerate(heights) if row * SECONDS <= at * step < (row + 1) * SECONDS]
        middle = TOP + row * ROW + 44
        above = [f"{sheet.x(at, row):.0f},{middle - 24 * high:.1f}" for at, high in points]
        below = [f"{sheet.x(at, row):.0f},{middle + 24 * high:.1f}" for at, high in reversed(points)]
        sheet.put(f'<polygon class="sound" points="{" ".join(above + below)}"/>')
        for second in range(row * SECONDS, (row + 1) * SECONDS + 1, 5):
            if second <= length:
                anchor = "end" if second == (row + 1) * SECONDS else "start"
                x, y = sheet.x(second, row), TOP + row * ROW + 12
                sheet.put(f'<text class="soft" x="{x:.1f}" y="{y}" font-size="10" text-anchor="{anchor}">{clock(second)}</text>')
    for cue in track["cues"]:
        spans = list(sheet.spans(cue["start"], cue["end"] or length))
        row, left, _ = spans[0]
        y = TOP + row * ROW
        sheet.put(f'<line class="stamp" x1="{left:.1f}" x2="{left:.1f}" y1="{y + 18}" y2="{y + 84}"/>')
        for word in cue["words"]:
            sheet.box("word", word["start"], word["end"], 74, 5)
        # The text stands where there is most room for it.
        row, left, right = max(spans, key=lambda span: span[2] - span[1])
        y = TOP + row * ROW
        letters = max(12, int((right - left) / (SIZE * 0.58)))
        for at, line in enumerate(wrap(cue["text"], min(LETTERS, letters))):
            sheet.put(f'<text x="{left:.1f}" y="{y + 98 + at * 13}" font-size="{SIZE}">{escape(line)}</text>')
    summary = track["summary"]
    facts = (
        f"{summary['spoken']} of {summary['cues']} lines, {length:.1f} s, {output['lufs']:.1f} LUFS; starts off their stamps by "
        f"{summary['start_error_p50_s']:.2f} s (median), {summary['start_error_max_s']:.2f} s (worst); "
        f"at most {summary['max_rate']:.2f} times the voice's own pace"
    )
    height = TOP + sheet.rows * ROW + 6
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="name about">',
        f'<title id="name">{escape(report["input"]["path"])} as a track</title>',
        f'<desc id="about">Boxes are the windows of the transcript, each from its stamp to the next. In them is the sound, and below '
        f"it a bar for each word, where it is spoken. {escape(facts)}.</desc>",
        f"<style>{STYLE}</style>",
        f'<rect class="paper" x="0.5" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="6"/>',
        f'<text x="{MARGIN}" y="24" font-size="14" font-weight="600">{escape(report["input"]["path"])}</text>',
        f'<text class="soft" x="{MARGIN}" y="42" font-size="11">{escape(facts)}</text>',
        f'<rect class="window" x="{WIDTH - 268}" y="14" width="12" height="11"/><text class="soft" x="{WIDTH - 252}" y="24" '
        f'font-size="11">window</text><rect class="sound" x="{WIDTH - 190}" y="14" width="12" height="11"/><text class="soft" '
        f'x="{WIDTH - 174}" y="24" font-size="11">sound</text><rect class="word" x="{WIDTH - 122}" y="17" width="12" height="5"/>'
        f'<text class="soft" x="{WIDTH - 106}" y="24" font-size="11">words</text>',
    ]
    return "\n".join(head + sheet.parts + ["</svg>"])


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    track = next(track for track in report["tracks"] if track["kind"] == "stamped")
    print(draw(report, track))


if __name__ == "__main__":
    main()
