"""How many school years a text takes to read: Flesch-Kincaid, with syllables counted by the letters.

0.39 · words a sentence + 11.8 · syllables a word − 15.59. Grade 5 is an age of about 10. English only. The count of
syllables is a rule of thumb: groups of vowels, without a silent e at the end; good to about one in twenty words.
"""

from __future__ import annotations

import re

WORD = re.compile(r"[a-zà-ÿ]+(?:['’-][a-zà-ÿ]+)*", re.IGNORECASE)
SENTENCE_END = re.compile(r"[.!?:;](?=\s|$)")
NAMES = re.compile(r"\{\w+\}|https?://\S+|\d+(?:[.,]\d+)*")


def words_of(text: str) -> list[str]:
    """The words as spoken; placeholders, addresses and numbers count as one short word each."""
    return WORD.findall(NAMES.sub("one", text))


def syllables(word: str) -> int:
    """Vowel groups; a final e, es or ed is silent unless it is all there is."""
    spoken = word.lower().replace("’", "'")
    count = 0
    for part in re.split(r"[-']", spoken):
        if not part:
            continue
        core = re.sub(r"(?<=[^aeiouyl])es?$|(?<=[^td])ed$|(?<=[aeiouy]l)es?$", "", part)
        count += max(1, len(re.findall(r"[aeiouyà-ÿ]+", core)))
    return max(1, count)


def grade(text: str) -> float:
    """Flesch-Kincaid grade of one text."""
    words = words_of(text)
    sentences = max(1, len(SENTENCE_END.findall(text)))
    return 0.39 * len(words) / sentences + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
