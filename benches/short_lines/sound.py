"""In: samples of a line and where a report says it is heard. Out: what is not clean about it, by kind. Knows no words."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, sosfilt

HOP_S, BLOCK_S = 0.002, 0.008
SOUND_DB = 35.0  # quieter than this below the loud parts is no sound of the line; the program's own definition
OUTSIDE_DB = 40.0  # nothing outside may be louder than this below the loud parts
BEFORE_S, AFTER_S = 0.035, 0.10  # so near the edges sounds may rise and die away
AROUND_S = (0.5, 1.0)  # how far before and after a line is looked
EDGE_S = 0.06  # how far the sound may begin or end from where the report says
RISE_S = 0.004  # sound rises longer than this from digital silence, and takes longer to die away, where nothing is cut
SILENT = 3 / 32768  # digital silence, dither included
PAUSE_S = 0.15  # no closure of a plosive is as long
STEP_DB = 30.0  # of a click beside the speech: the highest step from sample to sample below the loud parts
LEVEL_DB = 5.0  # how much louder or quieter than long lines
PERIODIC = 0.65  # the least that the most periodic 40 ms of a line resemble themselves a period later


@dataclass
class Line:
    """A line as it is heard: a track and, in seconds, where the report says it is. `pauses`: whether it may have any."""

    samples: np.ndarray
    rate: int
    start: float
    end: float
    pauses: bool = False

    def part(self, start, end):
        """The samples from one time to another."""
        return self.samples[max(0, int(start * self.rate)):max(0, int(end * self.rate))]

    def levels(self, start, end):
        """Levels in decibels of blocks, one each `HOP_S` from `start` on."""
        part = np.concatenate([[0.0], np.cumsum(self.part(start, end) ** 2)])
        block, at = int(BLOCK_S * self.rate), (np.arange(0, end - start - BLOCK_S, HOP_S) * self.rate).astype(int)
        at = at[at + block < len(part)]
        return 10 * np.log10((part[at + block] - part[at]) / block + 1e-12)

    def loud(self):
        """The level of the loud parts."""
        return float(np.percentile(self.levels(self.start, self.end), 95))

    def active(self):
        """The level of what is within 20 dB of the loud parts, weighted as loudness is: without what is below 100 Hz."""
        high = butter(2, 100, "high", fs=self.rate, output="sos")
        filtered = Line(sosfilt(high, self.part(self.start, self.end)), self.rate, 0.0, self.end - self.start)
        levels = filtered.levels(0.0, self.end - self.start)
        return 10 * np.log10(np.mean(10 ** (levels[levels > levels.max() - 20] / 10)))


def edges(line):
    """Where sound begins and ends around the line, in seconds, or None."""
    around = line.levels(line.start - AROUND_S[0], line.end + AROUND_S[1])
    found = np.flatnonzero(around > line.loud() - SOUND_DB)
    start = max(0.0, line.start - AROUND_S[0])
    return (start + found[0] * HOP_S, start + found[-1] * HOP_S + BLOCK_S) if len(found) else None


def room(line, found):
    """How long before sound begins and after it ends anything but digital silence is there, in seconds."""
    start = max(0.0, line.start - AROUND_S[0])
    heard = np.flatnonzero(np.abs(line.part(start, line.end + AROUND_S[1])) > SILENT) / line.rate + start
    return found[0] - heard[0], heard[-1] - found[1]


def periodic(line):
    """How much the most periodic 40 ms of what is loud resemble themselves a period of 55 to 450 Hz later."""
    part, size = line.part(line.start, line.end), int(0.04 * line.rate)
    step, best, loud = size // 4, 0.0, 10 ** (line.loud() / 20)
    lags = np.arange(line.rate // 450, line.rate // 55, 4)
    for at in range(0, len(part) - size - lags[-1], step):
        here = part[at:at + size]
        if np.sqrt(np.mean(here**2)) < loud / 4:
            continue
        for lag in lags:
            there = part[at + lag:at + lag + size]
            best = max(best, float(here @ there / (np.linalg.norm(here) * np.linalg.norm(there) + 1e-9)))
    return best


def longest_pause(line, found):
    """The longest time without sound inside the line."""
    silent = line.levels(*found) <= line.loud() - SOUND_DB
    longest = run = 0
    for each in silent:
        run = run + 1 if each else 0
        longest = max(longest, run)
    return longest * HOP_S


def step(line):
    """The highest step from sample to sample beside the line, in decibels."""
    before = line.part(line.start - AROUND_S[0], line.start - BEFORE_S)
    after = line.part(line.end + AFTER_S, line.end + AROUND_S[1])
    highest = [np.abs(np.diff(part)).max() for part in (before, after) if len(part) > 1]
    return 20 * np.log10(max(highest, default=0.0) + 1e-9)


def faults(line, level):
    """Kinds of what is not clean, each with a figure. `level` is that of long lines."""
    found, loud, kinds = edges(line), line.loud(), {}
    before = line.levels(max(0.0, line.start - AROUND_S[0]), line.start - BEFORE_S)
    after = line.levels(line.end + AFTER_S, line.end + AROUND_S[1])
    for kind, levels in (("noise before", before), ("noise after", after)):
        if len(levels) and levels.max() > loud - OUTSIDE_DB:
            kinds[kind] = levels.max() - loud
    if step(line) > loud - STEP_DB:
        kinds["click"] = step(line) - loud
    if abs(found[0] - line.start) > EDGE_S:
        kinds["start misreported"] = found[0] - line.start
    if abs(found[1] - line.end) > EDGE_S:
        kinds["end misreported"] = found[1] - line.end
    for kind, seconds in zip(("cut start", "cut end"), room(line, found)):
        if seconds < RISE_S:
            kinds[kind] = seconds
    if not line.pauses and longest_pause(line, found) > PAUSE_S:
        kinds["stray sound"] = longest_pause(line, found)
    if abs(line.active() - level) > LEVEL_DB:
        kinds["level"] = line.active() - level
    if periodic(line) < PERIODIC:
        kinds["hiss"] = periodic(line)
    return {kind: round(float(figure), 2) for kind, figure in kinds.items()}
