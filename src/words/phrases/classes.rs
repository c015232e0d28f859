//! In: a word in small letters and its language. Out: what it does at a border: its [`Class`]. One table for each
//! language, of closed classes only; knows no rules.

use crate::lang::Lang;

/// What a word does beside others; a word may do several things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Class(u16);

impl Class {
    /// Nothing parts it from what follows: articles, possessives.
    pub(super) const HOLDS: Class = Class(1);
    /// It leans on what follows: prepositions, auxiliaries, subjects, conjunctions.
    pub(super) const LEANS: Class = Class(1 << 1);
    /// So it does as a rule, but it may be the last of its clause (`do`, `that`, `on`).
    pub(super) const MAY_LEAN: Class = Class(1 << 2);
    /// It leans on what stands before: object pronouns, particles, `of`.
    pub(super) const BACK: Class = Class(1 << 3);
    /// It begins a clause.
    pub(super) const OPENS: Class = Class(1 << 4);
    /// It joins words, phrases or clauses.
    pub(super) const JOINS: Class = Class(1 << 5);
    /// It begins a clause that says when, if or why.
    pub(super) const SUBORDINATES: Class = Class(1 << 6);
    /// The subject of a clause, and nothing else.
    pub(super) const SUBJECT: Class = Class(1 << 7);
    /// The subject or an object.
    pub(super) const MAYBE_SUBJECT: Class = Class(1 << 8);
    /// A verb that follows its subject: what stands before it is one.
    pub(super) const VERB: Class = Class(1 << 9);
    /// An adverb that begins a clause where a subject follows.
    pub(super) const MARKS: Class = Class(1 << 10);
    /// It stands by itself: `um`, `okay`.
    pub(super) const INTERJECTION: Class = Class(1 << 11);
    /// A preposition whose phrase is added to a clause more often than asked for by the word before.
    pub(super) const PLACES: Class = Class(1 << 12);
    /// A word of a number.
    pub(super) const NUMBER: Class = Class(1 << 13);
    /// It begins a clause about what stands before it, or what is asked or said.
    pub(super) const RELATES: Class = Class(1 << 14);

    pub(super) fn is(self, other: Class) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) fn any(self, others: &[Class]) -> bool {
        others.iter().any(|other| self.is(*other))
    }
}

/// A language's words.
pub(super) struct Table {
    /// Which words do what.
    rows: &'static [(Class, &'static [&'static str])],
    /// Pairs that are one.
    pairs: &'static [(&'static str, &'static str)],
    /// Whether an apostrophe ends a part of a word (`qu'il`) or begins one (`it's`).
    elides: bool,
}

impl Table {
    pub(super) fn of(lang: Lang) -> &'static Table {
        match lang {
            Lang::En => &ENGLISH,
            Lang::Fr => &FRENCH,
        }
    }

    /// What a word or a part of one does.
    pub(super) fn class(&self, word: &str) -> Class {
        let rows = self.rows.iter().filter(|(_, words)| words.contains(&word));
        rows.fold(Class::default(), |all, (class, _)| Class(all.0 | class.0))
    }

    /// Whether two words that follow each other are one.
    pub(super) fn joins(&self, left: &str, right: &str) -> bool {
        self.pairs.contains(&(left, right))
    }

    /// The parts of a word on both sides of its apostrophes.
    pub(super) fn parts<'a>(&self, word: &'a str) -> Vec<&'a str> {
        if self.elides {
            return word.split_inclusive('\'').collect();
        }
        match word.find('\'') {
            Some(at) if at > 0 && at + 1 < word.len() => vec![&word[..at], &word[at..]],
            _ => vec![word],
        }
    }
}

const ENGLISH: Table = Table {
    rows: &[
        (Class::HOLDS, &["a", "an", "the", "my", "your", "his", "its", "our", "their", "every", "whose"]),
        (
            Class::LEANS,
            &[
                "and", "or", "nor", "but", "because", "if", "unless", "although", "whereas", "while", "when",
                "whenever", "where", "whether", "which", "who", "whom", "what", "how", "than", "as", "i", "he", "she",
                "we", "they", "of", "to", "at", "for", "with", "from", "by", "into", "onto", "upon", "without",
                "within", "between", "among", "against", "toward", "towards", "during", "until", "am", "was", "were",
                "been", "being", "will", "would", "shall", "should", "may", "might", "must", "'m", "'re", "'ve", "'ll",
                "'d", "'s", "some", "any", "each", "these", "those", "such", "many", "several", "both", "either",
                "neither", "just", "even", "only", "very", "too", "quite", "rather", "let", "let's", "is", "are", "be",
                "has", "have", "had", "can", "could", "does", "not", "'t", "cannot", "so", "then",
            ],
        ),
        (
            Class::MAY_LEAN,
            &[
                "that", "this", "you", "it", "her", "no", "do", "did", "in", "on", "about", "over", "under", "through",
                "across", "along", "around", "behind", "below", "above", "near", "before", "after", "since", "more",
                "most", "less", "all", "why", "like",
            ],
        ),
        (Class::BACK, &["of", "me", "him", "them", "us", "not", "n't", "up", "out", "off", "than", "ago", "enough"]),
        (
            Class::OPENS,
            &["but", "because", "although", "whereas", "unless", "which", "so", "therefore", "however", "let", "let's"],
        ),
        (Class::JOINS, &["and", "or", "nor"]),
        (Class::SUBORDINATES, &["if", "when", "whenever", "while", "since", "until", "though"]),
        (Class::RELATES, &["that", "who", "whom", "whose", "where", "why", "how", "what", "whether"]),
        (Class::SUBJECT, &["i", "he", "she", "we", "they"]),
        (Class::MAYBE_SUBJECT, &["you", "it", "there", "this", "that", "these", "those", "here"]),
        (
            Class::VERB,
            &[
                "is", "are", "was", "were", "has", "have", "had", "will", "would", "can", "could", "should", "may",
                "might", "must", "do", "does", "did", "'s", "'re", "'ve", "'ll", "'d", "don", "doesn", "didn", "isn",
                "aren", "wasn", "weren", "can't", "won", "cannot",
            ],
        ),
        (Class::MARKS, &["now", "then", "well", "maybe", "perhaps", "sometimes"]),
        (Class::INTERJECTION, &["um", "uh", "er", "erm", "hmm", "okay", "ok", "oh", "ah", "yeah", "yes", "hey"]),
        (Class::PLACES, &["in", "for", "with", "by", "as", "after", "before", "during", "without", "like", "through"]),
        (
            Class::NUMBER,
            &[
                "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
                "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty", "thirty",
                "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "hundred", "thousand", "million", "billion",
                "point",
            ],
        ),
    ],
    pairs: &[
        ("kind", "of"),
        ("sort", "of"),
        ("a", "lot"),
        ("such", "as"),
        ("as", "well"),
        ("so", "that"),
        ("so", "much"),
        ("so", "many"),
        ("even", "if"),
        ("even", "though"),
        ("as", "if"),
        ("of", "course"),
        ("at", "all"),
    ],
    elides: false,
};

const FRENCH: Table = Table {
    rows: &[
        (
            Class::HOLDS,
            &[
                "le", "la", "les", "l'", "un", "une", "des", "du", "d'", "au", "aux", "ce", "cet", "cette", "ces",
                "mon", "ma", "mes", "ton", "ta", "tes", "son", "sa", "ses", "notre", "votre", "leur", "nos", "vos",
                "leurs", "chaque", "j'", "je", "n'", "ne", "m'", "me", "t'", "te", "s'", "se", "c'", "qu'", "quelques",
                "plusieurs", "quel", "quelle", "quels", "quelles",
            ],
        ),
        (
            Class::LEANS,
            &[
                "de", "à", "en", "dans", "par", "pour", "sur", "sous", "avec", "sans", "chez", "entre", "vers",
                "depuis", "pendant", "contre", "selon", "dès", "malgré", "et", "ou", "ni", "mais", "car", "or", "que",
                "qui", "dont", "où", "quand", "lorsque", "lorsqu'", "puisque", "puisqu'", "si", "comme", "tu", "il",
                "elle", "on", "ils", "elles", "nous", "vous", "y", "est", "sont", "suis", "es", "sommes", "êtes", "ai",
                "as", "a", "avons", "avez", "ont", "était", "étaient", "étais", "avait", "avaient", "avais", "sera",
                "seront", "serait", "aura", "aurait", "être", "avoir", "été", "peut", "peuvent", "peux", "pouvez",
                "pouvons", "doit", "doivent", "dois", "va", "vont", "vais", "très", "trop", "si", "tout", "tous",
                "toute", "toutes", "plus", "moins", "aussi", "comment", "pourquoi", "parce", "afin", "tandis",
                "jusqu'", "presque", "beaucoup", "peu", "juste", "certains", "certaines", "quelque", "lui", "puis",
                "alors", "lequel", "laquelle", "lesquels", "lesquelles",
            ],
        ),
        (Class::MAY_LEAN, &["ça", "cela", "ceci", "pas", "bien", "après", "avant", "là"]),
        (Class::BACK, &["de", "d'", "pas", "plus", "point", "jamais", "rien", "ci", "là", "que", "qu'"]),
        (
            Class::OPENS,
            &[
                "mais", "donc", "car", "parce", "puisque", "puisqu'", "puis", "or", "tandis", "cependant", "pourtant",
                "c'", "je", "j'", "tu", "il", "ils", "on",
            ],
        ),
        (Class::JOINS, &["et", "ou", "ni"]),
        (Class::SUBORDINATES, &["si", "s'", "quand", "lorsque", "lorsqu'"]),
        (Class::RELATES, &["où", "qui", "dont", "pourquoi", "comment", "afin"]),
        (
            Class::SUBJECT,
            &["je", "j'", "tu", "il", "ils", "on", "c'", "nous", "vous", "elle", "elles", "ça", "cela", "ceci"],
        ),
        (Class::MAYBE_SUBJECT, &["ce"]),
        (
            Class::VERB,
            &[
                "est", "sont", "a", "ont", "avez", "avons", "êtes", "sommes", "était", "étaient", "avait", "avaient",
                "ne", "n'", "peut", "peuvent", "pouvez", "pouvons", "doit", "va", "vont", "sera", "serait", "se", "s'",
                "y",
            ],
        ),
        (
            Class::MARKS,
            &["alors", "maintenant", "ensuite", "enfin", "bon", "ainsi", "voilà", "parfois", "peut-être", "aujourd'"],
        ),
        (Class::INTERJECTION, &["euh", "ben", "bah", "hein", "oh", "ah", "eh", "oui", "non", "ouais", "ok", "okay"]),
        (
            Class::PLACES,
            &[
                "pour", "dans", "en", "par", "avec", "sans", "comme", "pendant", "depuis", "après", "avant", "selon",
                "malgré",
            ],
        ),
        (
            Class::NUMBER,
            &[
                "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
                "quatorze", "quinze", "seize", "vingt", "trente", "quarante", "cinquante", "soixante", "septante",
                "huitante", "nonante", "cent", "cents", "mille", "million", "millions", "milliard", "milliards",
                "virgule",
            ],
        ),
    ],
    pairs: &[
        ("parce", "que"),
        ("parce", "qu'"),
        ("alors", "que"),
        ("alors", "qu'"),
        ("bien", "que"),
        ("bien", "qu'"),
        ("afin", "de"),
        ("c'est-à-dire", "que"),
        ("il", "y"),
        ("est-ce", "que"),
        ("est-ce", "qu'"),
        ("un", "peu"),
    ],
    elides: true,
};
