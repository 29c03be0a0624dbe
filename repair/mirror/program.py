"""What a mirror site does to a page, as a program that runs: script, notes, decoding, folding."""

from dataclasses import dataclass

from repair.channel import UndamageableError
from repair.mirror.points import points_of, text_of


@dataclass(frozen=True, slots=True)
class Program:
    """A site's program, as far as its pages show it.

    ``traditional[i]`` replaces ``simplified[i]``; then, in GBK bytes and blind to where characters begin, after each
    occurrence of a character of ``notes`` (character, reading; in the site's order) its reading is put in brackets,
    ``repeat`` times, and each sign of ``cut`` is set apart, before the notes if ``cuts_first``. The bytes are decoded piece by piece, a lead byte without
    a trail byte becoming ``mark`` and taking an ASCII byte after it along if the decoder ``eats``; ``undefined`` is
    one of `site.UNDEFINED`. At last full-width signs but those of ``unfolded`` are folded to ASCII if ``folds``. Characters
    that GBK does not hold pass through, and nothing reaches across them.
    """  # noqa: E501

    simplified: str
    traditional: str
    notes: tuple[tuple[str, str], ...]
    cut: str = "？"
    folds: bool = True
    unfolded: str = ""
    repeat: int = 1
    mark: str = "?"
    eats: bool = True
    undefined: str = "mark"
    cuts_first: bool = False

    def damage(self, text: str) -> str:
        """Run the program on a text in simplified script."""
        from repair.mirror.rules import rules_of  # noqa: PLC0415 - it takes a program
        from repair.mirror.running import run  # noqa: PLC0415 - it compiles, and clean text never gets there

        if "\0" in text:
            raise UndamageableError("a text that holds U+0000 does not pass through such sites")
        return text_of(run(rules_of(self), points_of(text)))
