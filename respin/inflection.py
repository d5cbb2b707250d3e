"""English inflection: from one lemma row of the phrase map to the rows of all its forms.

Spinners keep inflection (counted in real pages: -ing 18 of 20, -ed 31 of 34, -s 74 of 87), so a row
``officer < official`` (n) stands for ``officers < officials`` as well. Rules with lists of exceptions;
a form that no rule gets right can always be written as a row of its own (part of speech ``x``).

>>> forms("carry out", "v")["past"], forms("field workplace", "n")["plural"]
('carried out', 'field workplaces')
"""

from __future__ import annotations

from functools import lru_cache

PARTS_OF_SPEECH = {
    "n": "noun: singular and plural (the last word of a phrase)",
    "v": "verb: base, -s, past, past participle, -ing (the first word of a phrase)",
    "a": "adjective: plain, comparative, superlative",
    "x": "fixed: this form only",
}

_VERBS = """
arise arose arisen; awake awoke awoken; be was been; bear bore borne; beat beat beaten; become became become;
begin began begun; bend bent bent; bet bet bet; bid bid bid; bind bound bound; bite bit bitten; bleed bled bled;
blow blew blown; break broke broken; breed bred bred; bring brought brought; broadcast broadcast broadcast;
build built built; burst burst burst; buy bought bought; cast cast cast; catch caught caught; choose chose chosen;
cling clung clung; come came come; cost cost cost; creep crept crept; cut cut cut; deal dealt dealt; dig dug dug;
do did done; draw drew drawn; drink drank drunk; drive drove driven; eat ate eaten; fall fell fallen;
feed fed fed; feel felt felt; fight fought fought; find found found; flee fled fled; fling flung flung; fly flew flown;
forbid forbade forbidden; forecast forecast forecast; foresee foresaw foreseen; forget forgot forgotten;
forgive forgave forgiven; freeze froze frozen; get got gotten; give gave given; go went gone; grind ground ground;
grow grew grown; hang hung hung; have had had; hear heard heard; hide hid hidden; hit hit hit; hold held held;
hurt hurt hurt; keep kept kept; kneel knelt knelt; know knew known; lay laid laid; lead led led; leave left left;
lend lent lent; let let let; lie lay lain; light lit lit; lose lost lost; make made made; mean meant meant; meet met met;
mislead misled misled; mistake mistook mistaken; misunderstand misunderstood misunderstood; outdo outdid outdone;
overcome overcame overcome; overtake overtook overtaken; overthrow overthrew overthrown; pay paid paid;
put put put; quit quit quit; read read read; rebuild rebuilt rebuilt; repay repaid repaid; rid rid rid; ride rode ridden;
ring rang rung; rise rose risen; run ran run; say said said; see saw seen; seek sought sought; sell sold sold;
send sent sent; set set set; shake shook shaken; shed shed shed; shine shone shone; shoot shot shot; show showed shown;
shrink shrank shrunk; shut shut shut; sing sang sung; sink sank sunk; sit sat sat; sleep slept slept; slide slid slid;
speak spoke spoken; speed sped sped; spend spent spent; spin spun spun; split split split; spread spread spread;
spring sprang sprung; stand stood stood; steal stole stolen; stick stuck stuck; sting stung stung; strike struck struck;
strive strove striven; swear swore sworn; sweep swept swept; swim swam swum; swing swung swung; take took taken;
teach taught taught; tear tore torn; tell told told; think thought thought; throw threw thrown; undergo underwent undergone;
understand understood understood; undertake undertook undertaken; undo undid undone; uphold upheld upheld;
upset upset upset; wake woke woken; wear wore worn; weave wove woven; weep wept wept; win won won; wind wound wound;
withdraw withdrew withdrawn; withhold withheld withheld; withstand withstood withstood; write wrote written;
rewrite rewrote rewritten; redo redid redone; retell retold retold; oversee oversaw overseen; outgrow outgrew outgrown;
mow mowed mown; sew sewed sewn; sow sowed sown; swell swelled swollen; dwell dwelt dwelt; forgo forwent forgone;
reset reset reset; rerun reran rerun; outrun outran outrun; upload uploaded uploaded; beget begot begotten;
slay slew slain; tread trod trodden; wring wrung wrung; bleed bled bled; breastfeed breastfed breastfed
"""
_NOUNS = """
man men; woman women; child children; foot feet; tooth teeth; goose geese; mouse mice; person people; ox oxen;
life lives; wife wives; knife knives; leaf leaves; half halves; self selves; shelf shelves; wolf wolves; calf calves;
loaf loaves; thief thieves; hoof hooves; scarf scarves; analysis analyses; basis bases; crisis crises; thesis theses;
hypothesis hypotheses; diagnosis diagnoses; emphasis emphases; axis axes; oasis oases; synthesis syntheses;
parenthesis parentheses; prognosis prognoses; phenomenon phenomena; criterion criteria; bacterium bacteria;
medium media; datum data; stimulus stimuli; nucleus nuclei; fungus fungi; radius radii; alumnus alumni; focus foci;
matrix matrices; vertex vertices; vortex vortices; appendix appendices; index indices; formula formulas;
hero heroes; potato potatoes; tomato tomatoes; echo echoes; veto vetoes; cargo cargoes; mosquito mosquitoes;
businessman businessmen; businesswoman businesswomen; chairman chairmen; spokesman spokesmen; fisherman fishermen;
policeman policemen; salesman salesmen; gentleman gentlemen; congressman congressmen; workman workmen;
grandchild grandchildren; serviceman servicemen; craftsman craftsmen; layman laymen; fireman firemen;
stepchild stepchildren; sportsman sportsmen; countryman countrymen; passer-by passers-by
"""
_UNCHANGING = frozenset(
    """
sheep fish deer species series aircraft spacecraft offspring means headquarters data information knowledge
research advice equipment furniture news money software hardware evidence progress traffic weather wellbeing
well-being health safety security electricity gold silver oil gas water air physics mathematics economics
politics statistics people police cattle clothing homework merchandise machinery literature music
""".split()
)
_ADJECTIVES = """
good better best; bad worse worst; far farther farthest; little less least; much more most; many more most; well better best
"""
_DOUBLING = frozenset(
    """
begin commit occur prefer refer permit admit submit control regret equip transmit compel rebel incur deter confer defer
omit emit excel expel propel repel recur concur infer patrol unplug format program debug abet acquit allot annul
rebut remit outwit kidnap handicap overlap input output forget upset reset
""".split()
)
_VOWELS = "aeiou"


def _table(text: str) -> dict[str, list[str]]:
    rows = (row.split() for row in text.split(";"))
    return {row[0]: row[1:] for row in rows if row}


_IRREGULAR_VERBS = _table(_VERBS)
_IRREGULAR_NOUNS = _table(_NOUNS)
_IRREGULAR_ADJECTIVES = _table(_ADJECTIVES)
_PREFIXES = ("over", "under", "out", "re", "un", "mis", "fore", "up")


def irregular_lemmas(form: str) -> set[str]:
    """Verbs of which ``form`` is an irregular past or participle ("left": leave)."""
    return {lemma for lemma, found in _IRREGULAR_VERBS.items() if form in found}


def _syllables(word: str) -> int:
    groups = 0
    before = False
    for letter in word:
        vowel = letter in _VOWELS or (letter == "y" and groups > 0)
        groups += vowel and not before
        before = vowel
    return groups - (word.endswith("e") and groups > 1 and not word.endswith("le"))


def _doubles(word: str) -> bool:
    """Whether the last consonant is doubled before -ed and -ing (stop, occur; not open)."""
    if word in _DOUBLING:
        return True
    if len(word) < 3 or word[-1] in "wxy" + _VOWELS or word[-2] not in _VOWELS:
        return False
    if word[-3] in _VOWELS and word[-3:-1] != "ui":
        return False
    return _syllables(word) == 1


def _with_s(word: str) -> str:
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return word + ("zes" if word.endswith("z") and word[-2] in _VOWELS else "es")
    if word.endswith("y") and len(word) > 1 and word[-2] not in _VOWELS:
        return word[:-1] + "ies"
    return word + "s"


def _with_ed(word: str) -> str:
    if word.endswith("e"):
        return word + "d"
    if word.endswith("y") and len(word) > 1 and word[-2] not in _VOWELS:
        return word[:-1] + "ied"
    if word.endswith("c"):
        return word + "ked"
    return word + (word[-1] if _doubles(word) else "") + "ed"


def _with_ing(word: str) -> str:
    if word.endswith("ie"):
        return word[:-2] + "ying"
    if word.endswith("e") and not word.endswith(("ee", "ye", "oe")) and word != "be":
        return word[:-1] + "ing"
    if word.endswith("c"):
        return word + "king"
    return word + (word[-1] if _doubles(word) else "") + "ing"


def _irregular_verb(word: str) -> list[str] | None:
    if word in _IRREGULAR_VERBS:
        return _IRREGULAR_VERBS[word]
    for prefix in _PREFIXES:
        if word.startswith(prefix) and (found := _IRREGULAR_VERBS.get(word[len(prefix) :])):
            return [prefix + form for form in found]
    return None


def _verb(word: str) -> dict[str, str]:
    if word == "be":
        return {"base": "be", "s": "is", "past": "was", "participle": "been", "ing": "being"}
    irregular = _irregular_verb(word)
    past, participle = irregular if irregular else (_with_ed(word), _with_ed(word))
    s = {"have": "has", "do": "does", "go": "goes", "undergo": "undergoes"}.get(word, _with_s(word))
    return {"base": word, "s": s, "past": past, "participle": participle, "ing": _with_ing(word)}


def _noun(word: str) -> dict[str, str]:
    if word in _UNCHANGING:
        return {"singular": word, "plural": word}
    plural = _IRREGULAR_NOUNS.get(word, [_with_s(word)])[0]
    return {"singular": word, "plural": plural}


def _adjective(word: str) -> dict[str, str]:
    if word in _IRREGULAR_ADJECTIVES:
        comparative, superlative = _IRREGULAR_ADJECTIVES[word]
    elif " " in word or "-" in word or _syllables(word) > 2:
        return {"plain": word, "comparative": f"more {word}", "superlative": f"most {word}"}
    elif word.endswith("y") and _syllables(word) == 2 and word[-2] not in _VOWELS:
        comparative, superlative = word[:-1] + "ier", word[:-1] + "iest"
    elif _syllables(word) == 1:
        stem = word[:-1] if word.endswith("e") else word + (word[-1] if _doubles(word) else "")
        comparative, superlative = stem + "er", stem + "est"
    else:
        comparative, superlative = f"more {word}", f"most {word}"
    return {"plain": word, "comparative": comparative, "superlative": superlative}


@lru_cache(maxsize=1 << 16)
def forms(phrase: str, part: str) -> dict[str, str]:
    """The forms of a phrase by their names, for a part of speech of :data:`PARTS_OF_SPEECH`."""
    if part == "v":
        head, space, rest = phrase.partition(" ")
        return {name: form + space + rest for name, form in _verb(head).items()}
    if part == "n":
        rest, space, head = phrase.rpartition(" ")
        return {name: rest + space + form for name, form in _noun(head).items()}
    if part == "a":
        return _adjective(phrase)
    return {"fixed": phrase}


def paired_forms(spun: str, original: str, part: str) -> list[tuple[str, str]]:
    """(spun, original) for every form that both have, the lemma first, without repeats."""
    left, right = forms(spun, part), forms(original, part)
    pairs = ((left[name], right[name]) for name in right if name in left)
    return list(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))
