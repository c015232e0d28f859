#!/usr/bin/env python3
"""Makes tags.bin beside this file: weights that tell a word's part of speech from its spelling and its neighbours.

    python tagger.py TAGGED

In: lines of sentences, tokens parted by U+0001, each a word, tab, Penn Treebank tag; made from books in the public
domain with the tagger of spaCy's en_core_web_sm (MIT). Out: a zlib stream of 2^15 rows of one signed byte for each of
CLASSES. The features and their hash are those of tags.rs. Needs scikit-learn.
"""
import collections, os, re, sys, zlib
import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier

CLASSES = ['OTHER', 'VB', 'VBP', 'VBD', 'VBN', 'VERB', 'NOUN', 'NNP', 'ADJ', 'ADV', 'IN', 'RP', 'DT']
ROWS = 1 << 15
MARKS = set(',;:.?!—…')

def family(tag):
    if tag in CLASSES: return tag
    if tag.startswith('VB'): return 'VERB'
    if tag.startswith('NNP'): return 'NNP'
    if tag.startswith('NN'): return 'NOUN'
    if tag.startswith('JJ'): return 'ADJ'
    if tag.startswith('RB'): return 'ADV'
    return 'OTHER'

def row(text):
    h = 0x811c9dc5
    for b in text.encode():
        h = ((h ^ b) * 0x01000193) & 0xffffffff
    return (h ^ (h >> 15)) & (ROWS - 1)

def tail(w, n): return w[-n:]

def features(words, at):
    """`words` is one clause, small letters; capitals are marked by the caller with a leading `^`."""
    get = lambda i: words[i] if 0 <= i < len(words) else '.'
    w, p1, p2, n1, n2 = get(at), get(at - 1), get(at - 2), get(at + 1), get(at + 2)
    bare = w.lstrip('^')
    return ['b', 'w' + w, 's' + tail(bare, 3), 't' + tail(bare, 2), 'c' + str(w[:1] == '^') + str(at == 0), 'p' + p1, 'q' + p2, 'n' + n1, 'm' + n2,
            'x' + tail(p1, 2), 'y' + tail(n1, 2), 'z' + tail(p2, 2), 'v' + tail(n2, 2), 'k' + p1 + ' ' + bare, 'l' + bare + ' ' + n1,
            'o' + p2 + ' ' + p1, 'r' + tail(p1, 2) + ' ' + tail(bare, 2), 'u' + tail(bare, 2) + ' ' + tail(n1, 2), 'h' + p1 + ' ' + n1]

def clauses(path):
    for line in open(path, encoding='utf-8'):
        clause, tags = [], []
        for token in line.rstrip('\n').split('\x01'):
            word, _, tag = token.partition('\t')
            if word and not any(c.isalpha() for c in word):
                if word in MARKS or set(word) <= MARKS:
                    if clause: yield clause, tags
                    clause, tags = [], []
                continue
            low = word.lower()
            clause.append('^' + low if word != low else low)
            tags.append(family(tag))
        if clause: yield clause, tags

def main(paths):
    idx, ptr, y = [], [0], []
    for path in paths:
        for clause, tags in clauses(path):
            for at, tag in enumerate(tags):
                idx += [row(f) for f in features(clause, at)]
                ptr.append(len(idx))
                y.append(CLASSES.index(tag))
    y = np.array(y)
    x = csr_matrix((np.ones(len(idx), np.float32), idx, ptr), shape=(len(y), ROWS))
    x.sum_duplicates()
    n = len(y) * 19 // 20
    model = SGDClassifier(loss='log_loss', alpha=3e-7, max_iter=12, tol=None, average=True, random_state=0, fit_intercept=False, n_jobs=2)
    model.fit(x[:n], y[:n])
    w = model.coef_.T
    print(len(y), 'words; right among those held out:', (model.predict(x[n:]) == y[n:]).mean())
    scale = np.percentile(np.abs(w), 99.9) / 127
    q = np.clip(np.round(w / scale), -127, 127).astype(np.int8)
    q[np.abs(q) < 2] = 0
    full = np.zeros((ROWS, len(CLASSES)), np.int8)
    full[:, model.classes_] = q
    scores = x[n:] @ full.astype(np.float32)
    print('in bytes:', (scores.argmax(1) == y[n:]).mean())
    packed = zlib.compress(full.tobytes(), 9)
    open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'tags.bin'), 'wb').write(packed)
    print(len(packed), 'bytes')

if __name__ == '__main__':
    main(sys.argv[1:])
