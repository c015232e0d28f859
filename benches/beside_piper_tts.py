"""In: this program, its voices, a transcript. Out: how long it takes from process start to finished file, beside piper-tts
speaking the same lines with its voice loaded already; in turns, on one thread and two, wall and processor time, medians.
"""

import json
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import onnxruntime
from importlib.metadata import version
from piper import PiperVoice

VOICE = "en_US-joe-medium"


def timed(work):
    """Wall and processor time of `work` in seconds, those of child processes included."""
    def used():
        both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return sum(usage.ru_utime + usage.ru_stime for usage in both)
    wall, processor = time.perf_counter(), used()
    work()
    return time.perf_counter() - wall, used() - processor


def loaded(model, threads):
    """The voice as piper-tts loads it, on so many threads."""
    voice = PiperVoice.load(model)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    voice.session = onnxruntime.InferenceSession(str(model), sess_options=options, providers=["CPUExecutionProvider"])
    return voice


def main():
    program, voices, transcript, rounds = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), sys.argv[3], int(sys.argv[4])
    model = voices / VOICE / f"{VOICE}.onnx"
    scratch = tempfile.TemporaryDirectory()
    # Stamped lines alone: what else is in the example is French.
    stamped = [line for line in Path(transcript).read_text("utf-8").splitlines() if re.match(r"\[?\d", line)]
    lines_file = Path(scratch.name) / "lines.txt"
    lines_file.write_text("\n".join(stamped) + "\n", "utf-8")
    common = [str(lines_file), "--voice", VOICE, "--lang", "en", "--voices-dir", str(voices), "--offline", "-q"]
    plan = json.loads(subprocess.run([program, "plan", "--json", *common], check=True, capture_output=True).stdout)
    cues = [cue for track in plan["tracks"] for cue in track["cues"] if cue["speech_start"] is not None]
    lines = [cue["spoken"] for cue in cues]
    heard = sum(cue["spoken_s"] for cue in cues)
    print(f"piper-tts {version('piper-tts')}, ONNX Runtime {onnxruntime.__version__}, {os.cpu_count()} processors; "
          f"{len(lines)} lines, {heard:.1f} s of speech here, {rounds} turns")
    for threads in (1, 2):
        voice = loaded(model, threads)
        track = str(Path(scratch.name) / "track.wav")
        ours = lambda: subprocess.run([program, "render", *common, "-o", track, "--jobs", str(threads)], check=True)
        samples = 0

        def theirs():
            nonlocal samples
            samples = sum(len(chunk.audio_int16_array) for line in lines for chunk in voice.synthesize(line))

        ours(), theirs()
        turns = [(timed(ours), timed(theirs)) for _ in range(rounds)]
        print(f"{threads} thread{'s' if threads > 1 else ''}; piper-tts made {samples / voice.config.sample_rate:.1f} s of speech")
        for which, name in enumerate(("wall time", "processor time")):
            here = statistics.median(ours[which] for ours, _ in turns)
            there = statistics.median(theirs[which] for _, theirs in turns)
            ratio = statistics.median(ours[which] / theirs[which] for ours, theirs in turns)
            print(f"  {name}: cuevox, the whole job {here:.3f} s; piper-tts, its voice loaded {there:.3f} s; ratio {ratio:.3f}")


if __name__ == "__main__":
    main()
