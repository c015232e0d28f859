"""In: this program and the voices that are installed. Out: the table voices/measured.json: how each voice sounds at its
natural pace, as DistillMOS foretells the opinion of listeners, and what it costs in processor time.

    benches/voices [ID...]

Each voice speaks twenty sentences, a file each, on one thread. A sentence is judged by itself at 16,000 Hz and -26 dBFS; the
cost is the whole program's processor time for a document of all of them, the median of three runs, by the seconds that are
spoken. Voices that are named are measured again, the others keep what the table has, as long as the judge and the
processor are the same; with no names every installed voice is measured.
"""

import datetime
import json
import platform
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from math import gcd
from pathlib import Path

import distillmos
import numpy as np
import soundfile
import torch
from scipy.signal import resample_poly

TABLE = Path("voices/measured.json")
RATE = 16_000
ROUNDS = 3

SENTENCES = {
    "en": """The ferry leaves at nine, and it does not wait for anybody.
She had read the letter twice before she understood it.
Why would anyone plant an orchard this close to the sea?
Most of the houses on this street were built by the same family.
Take the second road on the left, and then ask again.
He laughed, put down his cup, and looked out of the window.
The committee will publish its report at the end of the week.
Fresh bread, a little salt, and good oil are all you need.
It rained so hard that the river came up to the old bridge.
Nobody had told the children that the circus was leaving town.
Our guide spoke quietly, as if the mountain could hear us.
What surprised me was how quickly everything went back to normal.
A small engine turns the wheel, and the wheel lifts the water.
They sold the piano, but they kept the music.
In the morning light the whole valley seemed to be made of glass.
The doctor asked me to count slowly from one to ten.
If you listen closely, you can hear the ice begin to move.
Thousands of birds rest here on their way to the south.
I would rather walk than sit in that bus for another hour.
Every spring the teacher took her class to see the lambs.""",
    "fr": """Le bateau part à neuf heures et n'attend personne.
Elle avait lu la lettre deux fois avant de la comprendre.
Pourquoi planter un verger aussi près de la mer ?
La plupart des maisons de cette rue ont été bâties par la même famille.
Prenez la deuxième route à gauche, puis demandez encore.
Il rit, posa sa tasse et regarda par la fenêtre.
La commission publiera son rapport à la fin de la semaine.
Du pain frais, un peu de sel et de la bonne huile suffisent.
Il a tant plu que la rivière est montée jusqu'au vieux pont.
Personne n'avait dit aux enfants que le cirque quittait la ville.
Notre guide parlait bas, comme si la montagne pouvait nous entendre.
Ce qui m'a surpris, c'est la vitesse à laquelle tout est redevenu normal.
Un petit moteur tourne la roue, et la roue soulève l'eau.
Ils ont vendu le piano, mais ils ont gardé la musique.
Dans la lumière du matin, toute la vallée semblait faite de verre.
Le médecin m'a demandé de compter lentement jusqu'à dix.
En écoutant bien, on entend la glace qui commence à bouger.
Des milliers d'oiseaux se reposent ici sur la route du sud.
Je préfère marcher plutôt que de rester une heure dans ce bus.
Chaque printemps, l'institutrice emmenait sa classe voir les agneaux.""",
}


def processor():
    """The name of this machine's processor."""
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.M)
    except OSError:
        found = None
    return found.group(1).strip() if found else platform.processor() or platform.machine()


class Voices:
    """The program, asked to speak."""

    def __init__(self, program, folder):
        self.common = [program, "--voices-dir", folder, "--offline", "-q"]

    def run(self, command, *arguments):
        """What a command prints."""
        program, *options = self.common
        ran = subprocess.run([program, *command, *options, *arguments], check=True, capture_output=True, text=True)
        return ran.stdout

    def installed(self):
        """Every installed voice as `voices list --json` has it."""
        program, *options = self.common
        listed = subprocess.run([program, "voices", "list", "--installed", "--json", *options], check=True, capture_output=True)
        return json.loads(listed.stdout)

    def speak(self, voice, lang, scratch):
        """Files of each sentence, the seconds spoken, and the processor time of a run."""
        text = Path(scratch) / "text.json"
        text.write_text(json.dumps([{"text": line} for line in SENTENCES[lang].splitlines()]), "utf-8")
        stems, report = Path(scratch) / "stems", Path(scratch) / "report.json"
        options = ["--voice", voice, "--lang", lang, "--jobs", "1", "-o", str(Path(scratch) / "track.wav")]
        used = []
        for _ in range(ROUNDS):
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            self.run(["render", str(text)], *options, "--report", str(report), "--stems", str(stems))
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            used.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        cues = [cue for track in json.loads(report.read_text("utf-8"))["tracks"] for cue in track["cues"]]
        return sorted(stems.glob("*.wav")), sum(cue["spoken_s"] for cue in cues), statistics.median(used)


def levelled(path):
    """A file's samples at the judge's rate, what is loud in it at -26 dBFS."""
    samples, rate = soundfile.read(path, always_2d=True)
    shared = gcd(rate, RATE)
    mono = resample_poly(samples.mean(1), RATE // shared, rate // shared)
    loud = np.abs(mono) > 0.01 * np.abs(mono).max()
    return np.clip(mono / np.sqrt((mono[loud] ** 2).mean()) * 10 ** (-26 / 20), -1, 1).astype(np.float32)


def judged(judge, files):
    """The mean opinion of files, and half of its 95 % interval."""
    with torch.no_grad():
        opinions = np.array([float(judge(torch.from_numpy(levelled(path))[None])) for path in files])
    return opinions.mean(), 1.96 * opinions.std(ddof=1) / len(opinions) ** 0.5


def main():
    voices = Voices(sys.argv[1], sys.argv[2])
    wanted = sys.argv[3:]
    torch.set_num_threads(1)
    judge = distillmos.ConvTransformerSQAModel()
    judge.eval()
    table = {
        "judge": f"DistillMOS {version('distillmos')}",
        "sentences": "20 sentences, each by itself",
        "processor": processor(),
        "measured": datetime.date.today().strftime("%Y-%m"),
        "voices": {},
    }
    before = json.loads(TABLE.read_text("utf-8")) if TABLE.exists() else table
    if wanted and all(before[key] == table[key] for key in ("judge", "sentences", "processor")):
        table["voices"] = before["voices"]
    for voice in voices.installed():
        if wanted and voice["id"] not in wanted:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            files, seconds, used = voices.speak(voice["id"], voice["language"][:2], scratch)
            opinion, within = judged(judge, files)
        row = {"opinion": round(float(opinion), 2), "opinion_within": round(float(within), 2), "cost": round(used / seconds, 3)}
        table["voices"][voice["id"]] = row
        print(f"{voice['id']}: {row}", flush=True)
        table["voices"] = dict(sorted(table["voices"].items()))
        TABLE.write_text(json.dumps(table, indent=2, ensure_ascii=False) + "\n", "utf-8")


main()
