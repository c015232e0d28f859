//! Data only: currencies and multiples as they are written, and what they are called in English and French.

use crate::lang::Lang;

/// A currency: as written; one and many in English, its hundredth; the same in French; whether that is feminine.
pub(super) struct Currency {
    pub(super) written: &'static [&'static str],
    english: [&'static str; 4],
    french: [&'static str; 4],
    pub(super) feminine: bool,
}

const fn currency(
    written: &'static [&'static str],
    english: [&'static str; 4],
    french: [&'static str; 4],
    feminine: bool,
) -> Currency {
    Currency { written, english, french, feminine }
}

const CENT: [&str; 2] = ["cent", "cents"];
pub(super) const CURRENCIES: [Currency; 18] = [
    currency(
        &["F", "FRF"],
        ["franc", "francs", "centime", "centimes"],
        ["franc", "francs", "centime", "centimes"],
        false,
    ),
    currency(&["$"], ["dollar", "dollars", CENT[0], CENT[1]], ["dollar", "dollars", "cent", "cents"], false),
    currency(&["€", "EUR"], ["euro", "euros", CENT[0], CENT[1]], ["euro", "euros", "centime", "centimes"], false),
    currency(&["£"], ["pound", "pounds", "penny", "pence"], ["livre", "livres", "penny", "pence"], true),
    currency(
        &["GBP"],
        ["British pound", "British pounds", "penny", "pence"],
        ["livre sterling", "livres sterling", "penny", "pence"],
        true,
    ),
    currency(&["¥", "JPY", "円"], ["yen", "yen", "sen", "sen"], ["yen", "yens", "sen", "sens"], false),
    currency(&["CNY", "RMB"], ["yuan", "yuan", "fen", "fen"], ["yuan", "yuans", "fen", "fens"], false),
    currency(&["₹", "INR"], ["rupee", "rupees", "paisa", "paise"], ["roupie", "roupies", "paisa", "paisas"], true),
    currency(
        &["₽", "RUB"],
        ["rouble", "roubles", "kopeck", "kopecks"],
        ["rouble", "roubles", "kopeck", "kopecks"],
        false,
    ),
    currency(&["₩", "KRW"], ["won", "won", "jeon", "jeon"], ["won", "wons", "jeon", "jeons"], false),
    currency(
        &["₿", "BTC"],
        ["bitcoin", "bitcoins", CENT[0], CENT[1]],
        ["bitcoin", "bitcoins", "centime", "centimes"],
        false,
    ),
    currency(
        &["₴", "UAH"],
        ["hryvnia", "hryvnias", "kopiyka", "kopiykas"],
        ["hryvnia", "hryvnias", "kopeck", "kopecks"],
        true,
    ),
    currency(
        &["₺", "TL"],
        ["lira", "lira", "kurush", "kurush"],
        ["livre turque", "livres turques", "kuruş", "kuruş"],
        true,
    ),
    currency(
        &["US$", "USD"],
        ["U S dollar", "U S dollars", CENT[0], CENT[1]],
        ["dollar américain", "dollars américains", "cent", "cents"],
        false,
    ),
    currency(
        &["CA$", "C$", "CAD"],
        ["Canadian dollar", "Canadian dollars", CENT[0], CENT[1]],
        ["dollar canadien", "dollars canadiens", "cent", "cents"],
        false,
    ),
    currency(
        &["A$", "AU$", "AUD"],
        ["Australian dollar", "Australian dollars", CENT[0], CENT[1]],
        ["dollar australien", "dollars australiens", "cent", "cents"],
        false,
    ),
    currency(
        &["CHF", "SFr", "Fr"],
        ["Swiss franc", "Swiss francs", "centime", "centimes"],
        ["franc suisse", "francs suisses", "centime", "centimes"],
        false,
    ),
    currency(&["¢"], [CENT[0], CENT[1], CENT[0], CENT[1]], ["cent", "cents", "cent", "cents"], false),
];

impl Currency {
    /// One, many, and the same of its hundredth.
    pub(super) fn names(&self, lang: Lang) -> &[&'static str; 4] {
        match lang {
            Lang::En => &self.english,
            Lang::Fr => &self.french,
        }
    }

    /// One, or many.
    pub(super) fn name(&self, lang: Lang, one: bool) -> &'static str {
        self.names(lang)[usize::from(!one)]
    }
}

/// Multiples as written after a sum: English, French; a number of them counts in this word.
pub(super) const SCALES: [(&str, &str, &str); 19] = [
    ("k", "thousand", "mille"),
    ("K", "thousand", "mille"),
    ("m", "million", "million"),
    ("mn", "million", "million"),
    ("M", "million", "million"),
    ("b", "billion", "milliard"),
    ("bn", "billion", "milliard"),
    ("B", "billion", "milliard"),
    ("tn", "trillion", "billion"),
    ("T", "trillion", "billion"),
    ("Md", "billion", "milliard"),
    ("Mds", "billion", "milliard"),
    ("Mrd", "billion", "milliard"),
    ("thousand", "thousand", "mille"),
    ("million", "million", "million"),
    ("billion", "billion", "billion"),
    ("trillion", "trillion", "trillion"),
    ("millions", "million", "million"),
    ("milliards", "billion", "milliard"),
];
