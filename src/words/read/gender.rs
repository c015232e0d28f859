//! In: a French word. Out: whether it is a feminine noun, as far as a list and a few sure endings tell. Knows no
//! grammar; what it does not know is masculine, as `un` in counting is.

/// Common feminine nouns that are counted, in the singular.
const NOUNS: &[&str] = &[
    "adresse", "affaire", "amie", "année", "arme", "assiette", "balle", "banque", "barque", "barre", "bière", "boîte",
    "bombe", "bouteille", "branche", "brique", "caisse", "carte", "case", "cause", "centaine", "chaîne", "chaise",
    "chambre", "chance", "chanson", "chaussure", "chemise", "chose", "classe", "clé", "cloche", "colline", "colonne",
    "commune", "couche", "couleur", "course", "cuillère", "demande", "dent", "dette", "dizaine", "dose", "douzaine",
    "école", "église", "émission", "épreuve", "équipe", "erreur", "étape", "étoile", "étude", "étudiante",
    "exposition", "façon", "famille", "faute", "femme", "fenêtre", "ferme", "feuille", "fille", "fleur", "fois",
    "forme", "gare", "génération", "goutte", "grange", "graine", "guerre", "habitante", "heure", "histoire", "idée",
    "île", "image", "journée", "lampe", "langue", "lettre", "lieue", "ligne", "livre", "longueur", "machine", "main",
    "maison", "maladie", "manche", "marche", "marque", "médaille", "mer", "mesure", "minute", "mort", "naissance",
    "nationalité", "note", "nuit", "œuvre", "ombre", "once", "page", "paire", "part", "partie", "pénalité",
    "performance", "période", "personne", "phrase", "pièce", "pierre", "place", "plage", "planche", "planète",
    "plante", "pomme", "porte", "possibilité", "poule", "prise", "qualité", "quinzaine", "radio", "raison", "rangée",
    "réponse", "représentante", "reprise", "rivière", "robe", "roue", "route", "rue", "saison", "salle", "seconde",
    "semaine", "séance", "série", "société", "sœur", "soirée", "sorte", "source", "spectatrice", "table", "tâche",
    "tasse", "tentative", "tête", "tonne", "tortue", "touche", "tranche", "trentaine", "université", "usine", "vache",
    "vague", "valise", "victime", "victoire", "vidéo", "ville", "vingtaine", "visite", "vis", "voile", "voiture",
    "voix", "vie", "zone", "bougie", "chèvre", "brebis", "copie", "bataille", "cabine", "cabane", "cage", "corde",
    "crise", "danse", "dame", "date", "fête", "flamme", "photo", "lune", "mère", "messe", "moto", "nation", "noix",
    "oreille", "passagère", "peinture", "pensée", "pluie", "preuve", "reine", "revue", "scène", "statue", "terre",
    "tige", "tomate", "tombe", "tempête", "vente", "souris", "salariée", "employée", "invitée", "retraitée", "députée",
    "élue", "cliente", "patiente", "finale", "cuillerée",
];

/// Endings of feminine nouns, and the words with them that are not.
const ENDINGS: [&str; 12] =
    ["aise", "ienne", "tion", "sion", "xion", "ette", "aison", "tude", "ance", "ence", "trice", "euse"];
const MASCULINE: [&str; 7] = ["malaise", "bastion", "squelette", "silence", "rance", "prélude", "lampion"];

/// Whether `word`, in small letters, in the singular or the plural, is feminine.
pub(super) fn is_feminine(word: &str) -> bool {
    let one = word.strip_suffix('s').unwrap_or(word);
    let known = |word: &str| NOUNS.contains(&word) || ENDINGS.iter().any(|ending| word.ends_with(ending));
    (known(one) || known(word)) && !MASCULINE.contains(&one)
}

#[cfg(test)]
mod tests {
    use super::is_feminine;

    #[test]
    fn what_is_known_to_be_feminine() {
        let rows = [
            ("heures", true),
            ("fois", true),
            ("voix", true),
            ("stations", true),
            ("brebis", true),
            ("jours", false),
            ("silences", false),
            ("bateau", false),
            ("", false),
        ];
        for (word, feminine) in rows {
            assert_eq!(is_feminine(word), feminine, "{word}");
        }
    }
}
