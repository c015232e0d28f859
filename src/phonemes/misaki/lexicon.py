#!/usr/bin/env python3
"""Makes american.lex and british.lex beside this file from the lexicons of misaki.

    python -m venv V && V/bin/pip install --no-deps misaki==0.9.4 && V/bin/python lexicon.py V

In: misaki's data (Apache-2.0): for each accent a checked lexicon (gold) and a derived one (silver). Out: a zlib stream
of lines sorted by their bytes: word, tab, a space for a derived entry, phonemes as single bytes (the alphabet is the
first line). An entry with several readings has `TAG=phonemes` for each, parted by `|`. Left out are entries that the
rules for -s, -ed and -ing (stem.rs, en.py of misaki) make of the rest.
"""
import json, os, sys, zlib

TAUS = set('AIOWYiuæɑəɛɪɹʊʌ')

def s(p, gb):
    if p[-1] in 'ptkfθ': return p + 's'
    if p[-1] in 'szʃʒʧʤ': return p + ('ɪz' if gb else 'ᵻz')
    return p + 'z'

def ed(p, gb):
    if p[-1] in 'pkfθʃsʧ': return p + 't'
    if p[-1] == 'd': return p + ('ɪd' if gb else 'ᵻd')
    if p[-1] != 't': return p + 'd'
    if gb or len(p) < 2: return p + 'ɪd'
    return p[:-1] + 'ɾᵻd' if p[-2] in TAUS else p + 'ᵻd'

def ing(p, gb):
    if gb and p[-1] in 'əː': return None
    if not gb and len(p) > 1 and p[-1] == 't' and p[-2] in TAUS: return p[:-1] + 'ɾɪŋ'
    return p + 'ɪŋ'

def derived(w, known, gb):
    """What the rules say of a small word that is in no lexicon."""
    get = lambda stem: known.get(stem) if isinstance(known.get(stem), str) else None
    has = lambda stem: stem in known
    if len(w) >= 3 and w.endswith('s'):
        stem = next((x for ok, x in [(not w.endswith('ss'), w[:-1]),
            (w.endswith("'s") or (len(w) > 4 and w.endswith('es') and not w.endswith('ies')), w[:-2]),
            (len(w) > 4 and w.endswith('ies'), w[:-3] + 'y')] if ok and has(x)), None)
        if stem: return get(stem) and s(get(stem), gb)
    if len(w) >= 4 and w.endswith('d'):
        stem = next((x for ok, x in [(not w.endswith('dd'), w[:-1]),
            (len(w) > 4 and w.endswith('ed') and not w.endswith('eed'), w[:-2])] if ok and has(x)), None)
        if stem: return get(stem) and ed(get(stem), gb)
    if len(w) >= 5 and w.endswith('ing'):
        stem = next((x for ok, x in [(len(w) > 5, w[:-3]), (True, w[:-3] + 'e')] if ok and has(x)), None)
        if stem:
            p = get(stem)
            return ing(p, gb) if p and ('ˈ' in p or 'ˌ' in p) else None
    return None

def make(data, accent, out):
    gb = accent == 'gb'
    gold, silver = (json.load(open(f'{data}/{accent}_{k}.json', encoding='utf-8')) for k in ('gold', 'silver'))
    def grown(d):
        more = {}
        for k in d:
            if len(k) > 1:
                if k == k.lower(): more[k.capitalize()] = d[k]
                elif k == k.lower().capitalize(): more[k.lower()] = d[k]
        return {**more, **d}
    seen = grown(gold)
    entries = {k: (v, False) for k, v in gold.items()}
    entries.update({k: (v, True) for k, v in silver.items() if k not in seen})
    kept, known = {}, {}
    for w in sorted(entries, key=lambda w: (len(w), w)):
        v, derived_entry = entries[w]
        if w == w.lower() and isinstance(v, str) and derived(w, known, gb) == v:
            continue
        kept[w] = (v, derived_entry)
        known[w] = v
        if len(w) > 1 and w == w.lower().capitalize() and w.lower() not in entries: known[w.lower()] = v
    alphabet = sorted({c for v, _ in kept.values() for p in (v.values() if isinstance(v, dict) else [v]) for c in p or ''})
    code = {c: bytes([i + 128]) for i, c in enumerate(alphabet)}
    write = lambda p: b''.join(code[c] for c in p or '')
    lines = []
    for w, (v, d) in kept.items():
        text = b'|'.join(t.encode() + b'=' + write(p) for t, p in v.items()) if isinstance(v, dict) else write(v)
        lines.append(w.encode() + b'\t' + (b' ' if d else b'') + text)
    body = ''.join(alphabet).encode() + b'\n' + b'\n'.join(sorted(lines)) + b'\n'
    packed = zlib.compress(body, 9)
    open(out, 'wb').write(packed)
    print(accent, len(entries), 'entries,', len(kept), 'kept,', len(body), 'bytes,', len(packed), 'packed')

if __name__ == '__main__':
    import glob
    data = glob.glob(sys.argv[1] + '/lib/python*/site-packages/misaki/data')[0]
    here = os.path.dirname(os.path.abspath(__file__))
    for accent, name in (('us', 'american.lex'), ('gb', 'british.lex')):
        make(data, accent, f'{here}/{name}')
