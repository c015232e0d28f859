#!/usr/bin/env python3
"""Makes ../../../tests/data/misaki_reference.tsv.gz: sentences, and what misaki makes of them.

    python -m venv V && V/bin/pip install hibari-tts==0.2.1 onnxruntime && V/bin/python reference.py BOOK.txt

In: the plain text of H. G. Wells's The War of the Worlds (Project Gutenberg 36, in the public domain). Out: lines of a
sentence, tab, its American phonemes, tab, its British ones, as hibari-tts (Apache-2.0) writes them with misaki 0.9.4's
lexicons and rules; words that those lack it reads with a network of its own.
"""
import gzip, os, re, sys
from hibari.g2p import G2P

def sentences(path):
    text = open(path, encoding='utf-8-sig').read().replace('\r', '')
    text = text[text.index('No one would have believed'):text.rindex('End of')]
    for paragraph in re.split(r'\n\s*\n', text):
        paragraph = ' '.join(paragraph.split()).replace('_', '').replace('’', "'").replace('‘', "'")
        for sentence in re.split(r'(?<=[.!?])["”]?\s+(?=[A-Z"“])', paragraph):
            if 25 <= len(sentence) <= 130 and re.fullmatch(r"[A-Z][A-Za-z',;: .?!-]*[.!?]", sentence) \
                    and not re.search(r"[A-Z]{3}|--|\. [A-Z]|(^| )'|' ", sentence):
                yield sentence

def main(book):
    american, british = G2P(), G2P(british=True)
    lines = []
    for sentence in list(sentences(book))[:1100]:
        said = [g2p(sentence, normalize_text=False) for g2p in (american, british)]
        lines.append('\t'.join([sentence, *said]))
    here = os.path.dirname(os.path.abspath(__file__))
    with gzip.GzipFile(os.path.join(here, '../../../tests/data/misaki_reference.tsv.gz'), 'wb', 9, mtime=0) as out:
        out.write(('\n'.join(lines) + '\n').encode())
    print(len(lines), 'sentences')

if __name__ == '__main__':
    main(sys.argv[1])
