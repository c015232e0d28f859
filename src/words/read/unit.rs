//! In: what follows a number. Out: the unit it is, in words. Knows the units as a table, and that they combine.

use super::Match;
use super::token::Text;
use crate::lang::Lang;

/// A unit in words.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    pub(super) one: String,
    pub(super) many: String,
    pub(super) feminine: bool,
}

/// A unit found in a text.
pub(super) struct Found {
    pub(super) unit: Unit,
    /// The token after it.
    pub(super) end: usize,
}

/// As written; English one and many, French one and many (empty: not used in that language); an `f` where feminine.
const UNITS: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("km", "kilometer", "kilometers", "kilomètre", "kilomètres", ""),
    ("m", "meter", "meters", "mètre", "mètres", ""),
    ("dm", "decimeter", "decimeters", "décimètre", "décimètres", ""),
    ("cm", "centimeter", "centimeters", "centimètre", "centimètres", ""),
    ("mm", "millimeter", "millimeters", "millimètre", "millimètres", ""),
    ("µm", "micrometer", "micrometers", "micromètre", "micromètres", ""),
    ("nm", "nanometer", "nanometers", "nanomètre", "nanomètres", ""),
    ("mi", "mile", "miles", "mille", "milles", ""),
    ("yd", "yard", "yards", "", "", ""),
    ("ft", "foot", "feet", "pied", "pieds", ""),
    ("mph", "mile per hour", "miles per hour", "mile par heure", "miles par heure", ""),
    ("kph", "kilometer per hour", "kilometers per hour", "kilomètre par heure", "kilomètres par heure", ""),
    ("kmh", "kilometer per hour", "kilometers per hour", "kilomètre par heure", "kilomètres par heure", ""),
    ("ha", "hectare", "hectares", "hectare", "hectares", ""),
    ("t", "ton", "tons", "tonne", "tonnes", "f"),
    ("kg", "kilogram", "kilograms", "kilogramme", "kilogrammes", ""),
    ("g", "gram", "grams", "gramme", "grammes", ""),
    ("mg", "milligram", "milligrams", "milligramme", "milligrammes", ""),
    ("µg", "microgram", "micrograms", "microgramme", "microgrammes", ""),
    ("lb", "pound", "pounds", "livre", "livres", "f"),
    ("lbs", "pound", "pounds", "livre", "livres", "f"),
    ("oz", "ounce", "ounces", "once", "onces", "f"),
    ("L", "liter", "liters", "litre", "litres", ""),
    ("l", "liter", "liters", "litre", "litres", ""),
    ("gal", "gallon", "gallons", "gallon", "gallons", ""),
    ("kn", "knot", "knots", "nœud", "nœuds", ""),
    ("hl", "hectoliter", "hectoliters", "hectolitre", "hectolitres", ""),
    ("dl", "deciliter", "deciliters", "décilitre", "décilitres", ""),
    ("cl", "centiliter", "centiliters", "centilitre", "centilitres", ""),
    ("ml", "milliliter", "milliliters", "millilitre", "millilitres", ""),
    ("mL", "milliliter", "milliliters", "millilitre", "millilitres", ""),
    ("h", "hour", "hours", "heure", "heures", "f"),
    ("hr", "hour", "hours", "", "", ""),
    ("hrs", "hour", "hours", "", "", ""),
    ("min", "minute", "minutes", "minute", "minutes", "f"),
    ("mins", "minute", "minutes", "", "", ""),
    ("s", "second", "seconds", "seconde", "secondes", "f"),
    ("sec", "second", "seconds", "seconde", "secondes", "f"),
    ("secs", "second", "seconds", "", "", ""),
    ("ms", "millisecond", "milliseconds", "milliseconde", "millisecondes", "f"),
    ("µs", "microsecond", "microseconds", "microseconde", "microsecondes", "f"),
    ("ns", "nanosecond", "nanoseconds", "nanoseconde", "nanosecondes", "f"),
    ("j", "", "", "jour", "jours", ""),
    ("W", "watt", "watts", "watt", "watts", ""),
    ("kW", "kilowatt", "kilowatts", "kilowatt", "kilowatts", ""),
    ("MW", "megawatt", "megawatts", "mégawatt", "mégawatts", ""),
    ("GW", "gigawatt", "gigawatts", "gigawatt", "gigawatts", ""),
    ("TW", "terawatt", "terawatts", "térawatt", "térawatts", ""),
    ("Wh", "watt hour", "watt hours", "wattheure", "wattheures", ""),
    ("kWh", "kilowatt hour", "kilowatt hours", "kilowattheure", "kilowattheures", ""),
    ("MWh", "megawatt hour", "megawatt hours", "mégawattheure", "mégawattheures", ""),
    ("GWh", "gigawatt hour", "gigawatt hours", "gigawattheure", "gigawattheures", ""),
    ("TWh", "terawatt hour", "terawatt hours", "térawattheure", "térawattheures", ""),
    ("V", "volt", "volts", "volt", "volts", ""),
    ("kV", "kilovolt", "kilovolts", "kilovolt", "kilovolts", ""),
    ("mV", "millivolt", "millivolts", "millivolt", "millivolts", ""),
    ("mA", "milliamp", "milliamps", "milliampère", "milliampères", ""),
    ("mAh", "milliamp hour", "milliamp hours", "milliampère-heure", "milliampères-heures", ""),
    ("Ω", "ohm", "ohms", "ohm", "ohms", ""),
    ("N", "newton", "newtons", "newton", "newtons", ""),
    ("J", "joule", "joules", "joule", "joules", ""),
    ("kJ", "kilojoule", "kilojoules", "kilojoule", "kilojoules", ""),
    ("kcal", "kilocalorie", "kilocalories", "kilocalorie", "kilocalories", "f"),
    ("cal", "calorie", "calories", "calorie", "calories", "f"),
    ("Hz", "hertz", "hertz", "hertz", "hertz", ""),
    ("kHz", "kilohertz", "kilohertz", "kilohertz", "kilohertz", ""),
    ("MHz", "megahertz", "megahertz", "mégahertz", "mégahertz", ""),
    ("GHz", "gigahertz", "gigahertz", "gigahertz", "gigahertz", ""),
    ("dB", "decibel", "decibels", "décibel", "décibels", ""),
    ("Pa", "pascal", "pascals", "pascal", "pascals", ""),
    ("hPa", "hectopascal", "hectopascals", "hectopascal", "hectopascals", ""),
    ("kPa", "kilopascal", "kilopascals", "kilopascal", "kilopascals", ""),
    ("atm", "atmosphere", "atmospheres", "atmosphère", "atmosphères", "f"),
    ("Nm", "newton meter", "newton meters", "newton-mètre", "newton-mètres", ""),
    ("bar", "bar", "bars", "bar", "bars", ""),
    ("psi", "P S I", "P S I", "P S I", "P S I", ""),
    ("mmHg", "millimeter of mercury", "millimeters of mercury", "millimètre de mercure", "millimètres de mercure", ""),
    ("kB", "kilobyte", "kilobytes", "kilo-octet", "kilo-octets", ""),
    ("KB", "kilobyte", "kilobytes", "kilo-octet", "kilo-octets", ""),
    ("MB", "megabyte", "megabytes", "mégaoctet", "mégaoctets", ""),
    ("GB", "gigabyte", "gigabytes", "gigaoctet", "gigaoctets", ""),
    ("TB", "terabyte", "terabytes", "téraoctet", "téraoctets", ""),
    ("ko", "", "", "kilo-octet", "kilo-octets", ""),
    ("Ko", "", "", "kilo-octet", "kilo-octets", ""),
    ("Mo", "", "", "mégaoctet", "mégaoctets", ""),
    ("Go", "", "", "gigaoctet", "gigaoctets", ""),
    ("To", "", "", "téraoctet", "téraoctets", ""),
    ("kbit", "kilobit", "kilobits", "kilobit", "kilobits", ""),
    ("Mbit", "megabit", "megabits", "mégabit", "mégabits", ""),
    ("Gbit", "gigabit", "gigabits", "gigabit", "gigabits", ""),
    ("kbps", "kilobit per second", "kilobits per second", "kilobit par seconde", "kilobits par seconde", ""),
    ("Mbps", "megabit per second", "megabits per second", "mégabit par seconde", "mégabits par seconde", ""),
    ("Gbps", "gigabit per second", "gigabits per second", "gigabit par seconde", "gigabits par seconde", ""),
    ("Mb", "megabit", "megabits", "mégabit", "mégabits", ""),
    ("Gb", "gigabit", "gigabits", "gigabit", "gigabits", ""),
    ("MP", "megapixel", "megapixels", "mégapixel", "mégapixels", ""),
    ("px", "pixel", "pixels", "pixel", "pixels", ""),
    ("bps", "basis point", "basis points", "", "", ""),
    ("pb", "", "", "point de base", "points de base", ""),
    ("yr", "year", "years", "", "", ""),
    ("yrs", "year", "years", "", "", ""),
    ("ppm", "part per million", "parts per million", "partie par million", "parties par million", "f"),
    ("rpm", "revolution per minute", "revolutions per minute", "", "", ""),
    ("tr", "", "", "tour", "tours", ""),
    ("bpm", "beat per minute", "beats per minute", "battement par minute", "battements par minute", ""),
    ("pts", "point", "points", "point", "points", ""),
    ("st", "stone", "stone", "", "", ""),
    ("ips", "", "", "image par seconde", "images par seconde", "f"),
    ("fps", "frame per second", "frames per second", "image par seconde", "images par seconde", "f"),
    ("hp", "horsepower", "horsepower", "", "", ""),
    ("ch", "", "", "cheval", "chevaux", ""),
    ("hab", "", "", "habitant", "habitants", ""),
    ("c", "cent", "cents", "centime", "centimes", ""),
    ("ct", "cent", "cents", "centime", "centimes", ""),
    ("cts", "cent", "cents", "centime", "centimes", ""),
    ("p", "penny", "pence", "", "", ""),
    ("tsp", "teaspoon", "teaspoons", "", "", ""),
    ("tbsp", "tablespoon", "tablespoons", "", "", ""),
    ("x", "", "", "fois", "fois", "f"),
    ("K", "kelvin", "kelvins", "kelvin", "kelvins", ""),
];

/// Units that may be shortened with a point.
const POINTED: [&str; 16] =
    ["gal", "tsp", "tbsp", "hab", "sec", "secs", "min", "mins", "ft", "lb", "lbs", "oz", "mi", "hr", "hrs", "yd"];

/// The unit that begins at `end`, perhaps after a space, behind a number.
pub(super) fn unit(text: &Text<'_>, end: usize) -> Option<Found> {
    let at = text.past_space(end);
    let (unit, end) = match text.text(at) {
        "°" | "º" | "˚" => degrees(text, at)?,
        "℃" => (simple("degree Celsius", "degrees Celsius", "degré Celsius", "degrés Celsius", text), at + 1),
        "%" | "٪" | "％" => (simple("percent", "percent", "pour cent", "pour cent", text), at + 1),
        "‰" => (simple("per mille", "per mille", "pour mille", "pour mille", text), at + 1),
        "c" if text.is(at + 1, ".") && text.low(text.past_space(at + 2)) == "à" => return None, // a spoon
        "c" | "p" if at > end && !text.french() => return None,
        "\"" | "″" if at == end && text.french() && timed(text, end) => {
            (simple("", "", "seconde", "secondes", text), at + 1)
        }
        "\"" | "″" | "”" if at == end && outside(text, at) => {
            (simple("inch", "inches", "pouce", "pouces", text), at + 1)
        }
        "st" if at == end => return None, // `1st`
        "in" if !text.french() && after_feet(text, end) => (simple("inch", "inches", "", "", text), at + 1),
        "F" | "C" if at == end && !text.french() && is_hot(text, end) => {
            let name = if text.is(at, "F") { "degrees Fahrenheit" } else { "degrees Celsius" };
            (simple(name, name, "", "", text), at + 1)
        }
        "in" if at == end && !text.french() => (simple("inch", "inches", "", "", text), at + 1),
        "x" if text.is_digits(text.past_space(at + 1)) => return None, // `30 x 20 cm`
        "K" if at == end || text.text(end) == " " => return None,      // `4K`, `10 K` races
        _ => compound(text, at)?,
    };
    // `421-1 s'applique`: no seconds.
    let elided = matches!(text.text(end), "'" | "’") && text.is_word(end + 1);
    // `4-2 t.a.b.`: no tons.
    let letters = text.is(end, ".") && text.is_word(end + 1);
    (!(text.goes_on(end) || elided || letters) || text.is(at, "%")).then_some(Found { unit, end })
}

/// Whether the number that ends here is how long something took: `à 32"`.
fn timed(text: &Text<'_>, end: usize) -> bool {
    end > 0 && matches!(text.word_before(end - 1), "à" | "en") && text.text(end - 1).len() <= 2
}

/// Whether the number that ends here follows feet: `882 ft 6 in`.
fn after_feet(text: &Text<'_>, end: usize) -> bool {
    end >= 3 && text.is_space(end - 2) && matches!(text.low(end - 3), "ft" | "feet" | "foot")
}

/// What is said for the tokens from `at` up to `end`, with the unit that follows, if there is one.
pub(super) fn say_with(text: &Text<'_>, at: usize, end: usize, spoken: &str) -> Option<Match> {
    match unit(text, end) {
        Some(found) => text.says(at, found.end, format!("{spoken} {}", found.unit.many)),
        None => text.says(at, end, spoken),
    }
}

/// Whether a sign of quotation here closes none: as many were opened as closed before it, as far as it matters. Those
/// right after a number may have been inches.
fn outside(text: &Text<'_>, at: usize) -> bool {
    const FAR: usize = 200;
    let quotes = (at.saturating_sub(FAR)..at).filter(|at| matches!(text.text(*at), "\"" | "“" | "”"));
    quotes.filter(|at| *at == 0 || !text.is_digits(at - 1)).count().is_multiple_of(2)
}

/// Whether a number of three digits, as of an oven, ends here: `425F`.
fn is_hot(text: &Text<'_>, end: usize) -> bool {
    end > 0 && text.text(end - 1).len() == 3 && text.text(end - 1).ends_with(['0', '5'])
}

/// The scale of degrees that are written out: `165 degrees F`.
pub(super) fn scale(text: &Text<'_>, at: usize) -> Option<Match> {
    let told =
        matches!(text.word_before(at), "degrees" | "degrés" | "degree" | "degré") && text.is_space(at.checked_sub(1)?);
    let name = match text.text(at) {
        "F" => "Fahrenheit",
        "C" => "Celsius",
        _ => return None,
    };
    if told && !text.goes_on(at + 1) { text.says(at, at + 1, name) } else { None }
}

/// A unit by itself: for each of which something is (`$5 per kg`), or of which there are millions (`2 million km`).
pub(super) fn each(text: &Text<'_>, at: usize) -> Option<Match> {
    let told = matches!(text.word_before(at), "per" | "par");
    let of = if text.word_before(at) == "de" { text.before(at).unwrap_or(at) } else { at };
    let many = matches!(
        text.word_before(of),
        "million" | "millions" | "billion" | "billions" | "milliard" | "milliards" | "m" | "md" | "mds"
    );
    let long = text.text(at).chars().nth(1).is_some();
    let (unit, end) = unit_word(text, at).filter(|_| (told || many) && long && text.is_word(at) && text.fresh(at))?;
    text.says(at, end, if told { unit.one } else { unit.many })
}

fn simple(one: &str, many: &str, un: &str, plusieurs: &str, text: &Text<'_>) -> Unit {
    let (one, many) = if text.french() { (un, plusieurs) } else { (one, many) };
    Unit { one: one.to_owned(), many: many.to_owned(), feminine: false }
}

/// Degrees, with their scale if there is one.
fn degrees(text: &Text<'_>, at: usize) -> Option<(Unit, usize)> {
    let scale = text.past_space(at + 1);
    let (name, end) = match text.text(scale) {
        "C" => (" Celsius", scale + 1),
        "F" => (" Fahrenheit", scale + 1),
        point if !text.goes_on(scale + 1) && compass(text, point).is_some() => (compass(text, point)?, scale + 1),
        _ => ("", at + 1),
    };
    let [one, many] = if text.french() { ["degré", "degrés"] } else { ["degree", "degrees"] };
    Some((Unit { one: format!("{one}{name}"), many: format!("{many}{name}"), feminine: false }, end))
}

/// The point of the compass a latitude or a longitude ends with: `48,8° N`.
pub(super) fn compass(text: &Text<'_>, point: &str) -> Option<&'static str> {
    Some(match (point, text.french()) {
        ("N", false) => " north",
        ("S", false) => " south",
        ("E", false) => " east",
        ("W", false) => " west",
        ("N", true) => " nord",
        ("S", true) => " sud",
        ("E", true) => " est",
        ("O" | "W", true) => " ouest",
        _ => return None,
    })
}

/// A unit, perhaps for each of another: `km/h`, `g/cm³`, `hab./km²`.
fn compound(text: &Text<'_>, at: usize) -> Option<(Unit, usize)> {
    let (mut unit, end) = unit_word(text, at)?;
    if text.is(end, "/") && text.is(end + 1, "100") && text.is(text.past_space(end + 2), "km") {
        let per = if text.french() { "aux cent kilomètres" } else { "per hundred kilometers" };
        let (one, many) = (format!("{} {per}", unit.one), format!("{} {per}", unit.many));
        return Some((Unit { one, many, ..unit }, text.past_space(end + 2) + 1));
    }
    if !(text.is(end, "/") && text.is_word(end + 1)) {
        return Some((unit, end));
    }
    let Some((each, after)) = unit_word(text, end + 1) else { return Some((unit, end)) };
    let per = if text.french() { "par" } else { "per" };
    unit.one = format!("{} {per} {}", unit.one, each.one);
    unit.many = format!("{} {per} {}", unit.many, each.one);
    Some((unit, after))
}

/// The unit written at `at`, with its power and the point that shortens it, and the token after it.
pub(super) fn unit_word(text: &Text<'_>, at: usize) -> Option<(Unit, usize)> {
    let written = if text.is(at, "μ") { "µ" } else { text.text(at) };
    let written = written.replace('μ', "µ");
    let row = UNITS.iter().find(|row| row.0 == written)?;
    let (one, many) = if text.french() { (row.3, row.4) } else { (row.1, row.2) };
    if one.is_empty() {
        return None;
    }
    let local = |name: &str| {
        if text.british() { name.replace("meter", "metre").replace("liter", "litre") } else { name.to_owned() }
    };
    let mut unit = Unit { one: local(one), many: local(many), feminine: row.5 == "f" && text.french() };
    let mut end = at + 1;
    let length = row.1.ends_with("meter") && !row.1.contains(' ');
    let power = match text.text(end) {
        "²" | "2" if length => 2,
        "³" | "3" if length => 3,
        _ => 0,
    };
    if power > 0 {
        end += 1;
        unit = powered(&unit, power, text.tongue.lang);
    } else if text.is(end, ".") && POINTED.contains(&row.0) && !text.ends_sentence(end) && !text.is_digits(end + 1) {
        end += 1;
    }
    (!text.goes_on(end)).then_some((unit, end))
}

fn powered(unit: &Unit, power: u32, lang: Lang) -> Unit {
    let (one, many) = match (lang, power) {
        (Lang::En, 2) => (format!("square {}", unit.one), format!("square {}", unit.many)),
        (Lang::En, _) => (format!("cubic {}", unit.one), format!("cubic {}", unit.many)),
        (Lang::Fr, 2) => (format!("{} carré", unit.one), format!("{} carrés", unit.many)),
        (Lang::Fr, _) => (format!("{} cube", unit.one), format!("{} cubes", unit.many)),
    };
    Unit { one, many, feminine: unit.feminine }
}
