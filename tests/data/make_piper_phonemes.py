"""Makes piper_phonemes.json beside this file: sentences of our own, with the phonemes and ids piper-tts gives them.

    python3 -m venv venv && venv/bin/pip install piper-tts==1.8.0
    venv/bin/python make_piper_phonemes.py VOICE.onnx.json

VOICE.onnx.json is the configuration of any Piper voice with the usual map of 'espeak' phonemes, for instance
en_US-joe-medium; the script stops where its map differs from the default of piper-tts, so the ids hold for all of them.
"""

import json
import pathlib
import sys

from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP, phonemes_to_ids
from piper.phonemize_espeak import EspeakPhonemizer

SENTENCES = {
    "en-us": [
        "The river froze early that winter, and nobody crossed it before March.",
        "One of the houses at the end of the road was empty.",
        "What did you see in the garden?",
        "Stop the car, now!",
        "She kept three things in the drawer: a key, a coin and a letter.",
        "He waited; nobody came.",
        "It's 1998.",
        "Dr. Smith lives on the second floor.",
        "The ticket costs $12.50.",
        "About 45 people signed the paper, and 3 of them changed their minds.",
        '"I would rather walk," said the old man.',
        "We don't know, and they won't tell us.",
        "The water in the bottle is better than the butter.",
        "Most of the time it rains in the afternoon.",
        "Where were you when the lights went out?",
        "They've been here for a week, haven't they?",
        "A little boat - painted red - lay on the beach.",
        "The meeting begins at 9:30 and ends before noon.",
        "Mr. and Mrs. Brown sold their house for 250,000 dollars.",
        "The girl heard a bird singing in the early morning",
        "and then, without a word, she left",
        "Nearly 20% of the harvest was lost in 1921.",
        "I have to go to the office, but I'd like to stay.",
        "Is it true that the whole orchestra resigned?",
        "The U.S. team arrived with the NATO delegation.",
        "The children's choir sang beautifully; everyone applauded!",
        "This is the first time that an eclipse has been filmed from a balloon.",
        "Our neighbours' daughter studies chemistry, physics and ancient history.",
        "In the valley, the villagers were gathering apples, pears and walnuts.",
        "He asked: who wrote this letter?",
        "You can't be serious. Look at the size of it!",
        "The fire was put out by the time the engines arrived.",
        "Their voyage took them through Asia, across the Pacific and back to Peru.",
        "It was one of those nights when the sea and the sky are the same colour.",
        "Thousands of (mostly young) people had gathered on the bridge.",
        "Happy, quiet, tired: that is how we came home.",
        "The shop opened after a short delay.",
        "She was nineteen, he was nearly ninety.",
        "We continue to compare the conditions.",
    ],
    "en-gb-x-rp": [
        "The car is far away from the harbour.",
        "She bought a loaf of bread, some butter and a jar of honey.",
        "Did anybody hear the clock strike four?",
        "The weather was fair, but nobody dared to go there.",
        "No one knows the road over the moor better than Arthur.",
        "We can't dance on the grass after dark!",
        "The old theatre opened again in May; it was full every night.",
        "Poor Laura drew a square in the air.",
    ],
    "fr": [
        "Les amis sont arrivés hier soir.",
        "Nous avons attendu une heure devant la gare.",
        "Où est-ce que tu habites maintenant ?",
        "Quelle belle journée !",
        "Il a dit : « Je reviendrai demain. »",
        "Elle a acheté du pain, du fromage et trois pommes.",
        "Les enfants ont oublié leurs affaires à l'école.",
        "C'est un ancien hôtel ; on y mange très bien.",
        "En 1998, la ville comptait 45 000 habitants.",
        "Le train part à 12 heures 30.",
        "M. Dupont habite au deuxième étage.",
        "Vous êtes arrivés trop tard, les autres sont partis.",
        "Un grand homme est entré sans un mot.",
        "Qu'est-ce qu'ils ont trouvé dans la grotte ?",
        "La montagne était couverte de neige - il faisait froid.",
        "On nous a promis un meilleur avenir.",
        "Je ne sais pas ce que je vais faire aujourd'hui.",
        "Ils ont deux oiseaux et six chats.",
        "Mon oncle a vendu sa vieille voiture pour 800 euros.",
        "Attendez-moi, s'il vous plaît !",
        "Le soleil se couche derrière les collines, puis le vent se lève",
        "et personne ne répond",
        "Plus de 20 % des récoltes ont été perdues.",
        "Les hommes et les femmes du village chantaient ensemble.",
        "Est-il possible de traverser la rivière à pied ?",
        "Chez eux, tout est simple : une table, un lit, une lampe.",
        "Les yeux ouverts, elle écoutait les histoires de son grand-père.",
        "Nous irons au bord de la mer cet été, n'est-ce pas ?",
        "Ces jeunes ingénieurs cherchent un emploi en Angleterre.",
        "Elle est déjà là.",
        "Parle-t-elle anglais ?",
        "Le maître a fait tomber la boîte.",
        "Est-ce vrai, dit-elle.",
        "Le roi mourut en hiver ; son fils régna trente ans.",
    ],
}


def main() -> None:
    config = json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))
    id_map = config["phoneme_id_map"]
    for symbol, ids in id_map.items():
        if DEFAULT_PHONEME_ID_MAP.get(symbol) != ids:
            sys.exit(f"{symbol!r} is {ids} in this voice, not {DEFAULT_PHONEME_ID_MAP.get(symbol)}")
    phonemizer = EspeakPhonemizer()
    rows = []
    for voice, texts in SENTENCES.items():
        for text in texts:
            sentences = phonemizer.phonemize(voice, text)
            ids = [phonemes_to_ids(sentence, id_map) for sentence in sentences]
            rows.append({"voice": voice, "text": text, "phonemes": sentences, "ids": ids})
    out = {"made_by": "make_piper_phonemes.py with piper-tts 1.8.0", "phoneme_id_map": id_map}
    head = json.dumps(out, ensure_ascii=False, separators=(",", ":"))
    lines = ",\n".join(json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    text = head[:-1] + ',\n"rows":[\n' + lines + "\n]}\n"
    json.loads(text)
    pathlib.Path(__file__).with_name("piper_phonemes.json").write_text(text, encoding="utf-8")


main()
