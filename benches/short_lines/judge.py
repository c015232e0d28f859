"""In: the program, a voice, a list of short lines. Out: which of them are not understood or not clean when each is spoken as a
cue of its own, and how many of each kind:
    python judge.py PROGRAM VOICE LANG [--json OUT] [-- OPTIONS OF THE PROGRAM]
    python judge.py PROGRAM VOICE LANG --self-test [-- OPTIONS]
README.md in the folder above says how it judges."""

import argparse
import collections
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile

from sound import Line, faults
from words import Judge

HERE = Path(__file__).parent
APART_S, LONG_S = 4, 8
SELF_TEST_EVERY = 6  # of so many lines one is damaged
LONG = {
    "en": ["The harbour was quiet when the first boats came in.", "We walked along the river until it grew dark.",
           "Nobody had told them that the shop was closed today."],
    "fr": ["Le port était calme quand les premiers bateaux sont rentrés.", "Nous avons marché le long du fleuve jusqu'au soir.",
           "Personne ne leur avait dit que le magasin était fermé."],
}


def stamp(seconds):
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02},000"


def rendered(program, voice, lang, lines, options):
    """The track of these lines and its cues, each line well away from the others."""
    starts = [1 + APART_S * i for i in range(len(lines))]
    starts += [starts[-1] + APART_S + LONG_S * i for i in range(len(LONG[lang]))]
    with tempfile.TemporaryDirectory() as folder:
        source, track, report = (Path(folder) / name for name in ("lines.srt", "track.wav", "report.json"))
        cues = [f"{i + 1}\n{stamp(at)} --> {stamp(at + 3)}\n{text}\n" for i, (at, text) in enumerate(zip(starts, lines + LONG[lang]))]
        source.write_text("\n".join(cues), "utf-8")
        command = [program, "render", source, "-o", track, "--report", report, "--voice", voice, "--lang", lang, "-q", *options]
        subprocess.run(command, check=True)
        samples, rate = soundfile.read(track, dtype="float64")
        return samples, rate, json.loads(report.read_text("utf-8"))["tracks"][0]["cues"]


def judged(judge, forms, track, every=1):
    """What is wrong with each line, or with one of so many, by kind."""
    samples, rate, cues = track
    lines = [Line(samples, rate, cue["speech_start"], cue["speech_end"]) for cue in cues]
    level = float(np.median([line.active() for line in lines[len(forms):]]))
    found = []
    for number, line in list(enumerate(lines[:len(forms)]))[::every]:
        kinds = faults(line, level)
        understood, written, lead = judge.hears(number, line.part(line.start - 0.15, line.end + 0.35), rate)
        if not understood:
            kinds["not understood"] = round(lead, 2)
        found.append({"line": forms[number][0], "written": written, "lead": lead, "seconds": round(line.end - line.start, 3),
                      "level": round(line.active() - level, 1), "faults": kinds})
    return found


def table(found):
    """How many lines have a fault, and of which kind."""
    kinds = collections.Counter(kind for each in found for kind in each["faults"])
    print(f"{sum(not each['faults'] for each in found)} of {len(found)} lines understood and clean", dict(kinds))
    levels = [each["level"] for each in found]
    print(f"level against long lines: median {np.median(levels):+.1f} dB, from {min(levels):+.1f} to {max(levels):+.1f}")
    for each in found:
        if each["faults"]:
            print(f"  {each['line']:15} {each['faults']}  written: {each['written']}")


def damaged(track, kind):
    """The track with every line damaged."""
    samples, rate, cues = track
    samples, cues, noise = np.pad(samples, (0, rate)), [dict(cue) for cue in cues], np.random.default_rng(1)
    for cue in cues:
        a, b = int(cue["speech_start"] * rate), int(cue["speech_end"] * rate)
        loud = np.abs(samples[a:b]).max()
        if kind == "first 120 ms swallowed":
            samples[a - rate // 5:a + int(0.12 * rate)] = 0.0
            cue["speech_start"] += 0.12
        elif kind == "last 120 ms swallowed":
            samples[b - int(0.12 * rate):b + rate // 3] = 0.0
            cue["speech_end"] -= 0.12
        elif kind == "noise 30 dB below":
            samples[a - rate // 5:b + rate // 3] += noise.normal(0, loud * 0.03, b + rate // 3 - a + rate // 5)
        elif kind == "click before":
            samples[a - rate // 10] += loud / 4
        elif kind == "breath after":
            samples[b + rate // 5:b + rate // 3] += noise.normal(0, loud / 20, rate // 3 - rate // 5)
        elif kind == "7 dB quieter" and cue["index"] % 2:
            samples[a:b] *= 0.45
        elif kind == "noise for speech":
            shape = np.sqrt(np.convolve(samples[a:b] ** 2, np.ones(400) / 400, "same"))
            samples[a:b] = noise.normal(0, 1, b - a) * shape
    return samples, rate, cues


DAMAGES = ("first 120 ms swallowed", "last 120 ms swallowed", "noise 30 dB below", "click before", "breath after", "7 dB quieter", "noise for speech")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program"), parser.add_argument("voice"), parser.add_argument("lang", choices=LONG)
    parser.add_argument("--json"), parser.add_argument("--self-test", action="store_true")
    border = sys.argv.index("--") if "--" in sys.argv else len(sys.argv)
    asked, options = parser.parse_args(sys.argv[1:border]), sys.argv[border + 1:]
    rows = (HERE / f"{asked.lang}.txt").read_text("utf-8").splitlines()
    forms = [[part for cell in row.split("\t") for part in cell.split("|")] for row in rows if row]
    track = rendered(asked.program, asked.voice, asked.lang, [each[0] for each in forms], options)
    judge = Judge(asked.lang, forms)
    found = judged(judge, forms, track)
    print(asked.voice, end=": ")
    table(found)
    if asked.json:
        Path(asked.json).write_text(json.dumps(found, indent=1, ensure_ascii=False), "utf-8")
    for kind in DAMAGES if asked.self_test else ():
        print(kind, end=": ")
        table(judged(judge, forms, damaged(track, kind), SELF_TEST_EVERY))


if __name__ == "__main__":
    main()
