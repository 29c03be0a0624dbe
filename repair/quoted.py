"""Text about damage: mojibake that is quoted is right as it stands."""

import re

TOPIC = re.compile(r"乱码|亂碼|文字化け|mojibake|garbled|charset|encoding|编码|編碼|\bGBK\b|\bUTF-?8\b", re.IGNORECASE)
QUOTED = re.compile(
    r"\"[^\"\n]*\"|'[^'\n]*'|`[^`\n]*`|“[^”\n]*”|「[^」\n]*」|\([^()\n]*\)|（[^（）\n]*）|\[[^\[\]\n]*\]"
)


def speaks_of_damage(line: str) -> bool:
    """Say whether what looks damaged on a line is quoted there, in quotes or by a line about encodings.

    >>> speaks_of_damage('INSERT INTO t VALUES ("Êý¾Ý")'), speaks_of_damage("Êý¾Ý (1)")
    (True, False)
    """
    if TOPIC.search(line):
        return True
    bare = QUOTED.sub("", line)
    return bare.isascii() and any(character.isalnum() for character in bare)
