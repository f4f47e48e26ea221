-- Where letter case does not count, a sigma at the end of a word is one as any other.
UPDATE roles SET folded = replace(folded, 'ς', 'σ');
