"""In: samples of a line. Out: whether Whisper understands it among the lines of a list. Knows no file and no voice."""

import os
import re

import ctranslate2
import numpy as np
from faster_whisper import WhisperModel
from faster_whisper.audio import pad_or_trim
from faster_whisper.tokenizer import Tokenizer
from scipy.signal import resample_poly

RATE = 16000
BEAM = 5
FEATURES = 1000  # of 10 ms; Whisper is given no more of the silence after a line
MARGIN = 0.5  # nats that another line may be likelier
# Silence before the line in seconds, and how often it is said.
SETTINGS = ((0.5, 1), (0.1, 1), (0.3, 2))


def plain(text):
    """Lower case, without punctuation and other marks."""
    return re.sub(r"\s+", " ", re.sub(r"[^\w$%€' ]+", " ", text.lower().replace("’", "'"))).strip()


class Judge:
    """Whisper base, and the lines: `forms` has for each how it may be written, the line itself first."""

    def __init__(self, lang, forms):
        model = os.environ.get("CUEVOX_WHISPER", "base")
        self.model = WhisperModel(model, device="cpu", compute_type="int8", cpu_threads=1)
        self.tokens = Tokenizer(self.model.hf_tokenizer, True, task="transcribe", language=lang)
        self.forms = forms
        self.owner, self.ids = [], []
        for line, each in enumerate(forms):
            for form in each:
                mark = "" if form[-1] in ".?!" else "."
                self.owner.append(line)
                self.ids.append(self.tokens.encode(" " + form[0].upper() + re.sub(r"\s+([?!%€])", r"\1", form[1:]) + mark))

    def encoded(self, samples, rate, lead, times):
        """What Whisper makes of the line so often, and how many of its steps that takes."""
        heard = resample_poly(samples, RATE, rate).astype(np.float32)
        heard = heard / (np.abs(heard).max() + 1e-9) * 0.5
        gap = np.zeros(int(0.6 * RATE), np.float32)
        parts = [np.zeros(int(lead * RATE), np.float32)] + [heard, gap] * times
        whole = np.concatenate(parts)
        features = pad_or_trim(self.model.feature_extractor(whole), FEATURES)
        return self.model.encode(features), min(FEATURES // 2, len(whole) * 50 // RATE + 25)

    def written(self, encoded):
        """What Whisper writes."""
        prompt = [[*self.tokens.sot_sequence, self.tokens.no_timestamps]]
        found = self.model.model.generate(encoded, prompt, beam_size=BEAM, max_length=40)
        return self.tokens.decode(found[0].sequences_ids[0]).strip()

    def likelihoods(self, encoded, steps):
        """The likelihood of each line in nats, that of its likeliest form."""
        some = np.ascontiguousarray(np.repeat(np.array(encoded)[:, :steps], len(self.ids), 0))
        values = ctranslate2.StorageView.from_array(some)
        found = self.model.model.align(values, list(self.tokens.sot_sequence), self.ids, [2 * steps] * len(self.ids))
        best = np.full(len(self.forms), -np.inf)
        for line, each in zip(self.owner, found):
            best[line] = max(best[line], np.log(np.maximum(each.text_token_probs, 1e-10)).sum())
        return best

    def hears(self, line, samples, rate):
        """Whether the line is understood, what was written first, and by how many nats the right line leads where that
        was asked."""
        accepted = {plain(form) for form in self.forms[line]}
        first = kept = None
        for lead, times in SETTINGS:
            encoded, steps = self.encoded(samples, rate, lead, times)
            written = self.written(encoded)
            first, kept = first or written, kept or (encoded, steps)
            said = plain(written)
            if any(said == form or times == 2 and said in (form + " " + form,) for form in accepted):
                return True, first, None
        found = self.likelihoods(*kept)
        lead = found[line] - np.delete(found, line).max()
        return bool(lead > -MARGIN), first, float(lead)
