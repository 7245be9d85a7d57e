"""How likely Tesseract is to misread one mark of a Vietnamese letter as another.

PURE. Called by the post-check. Counted on worn pages of law text (15,700 words, 1,510 with a wrong
mark), each share divided by the mean, none above 0.6: clean pages lose fewer. Marks are lost far
more often than they are made up, and a dot below is hardly ever missed.
"""

from __future__ import annotations

_GRAVE, _ACUTE, _TILDE, _HOOK, _DOT = "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"

TONES = {
    (_GRAVE, ""): 0.6,
    (_ACUTE, ""): 0.6,
    (_HOOK, ""): 0.36,
    (_TILDE, ""): 0.24,
    (_DOT, ""): 0.07,
    ("", _ACUTE): 0.3,
    ("", _GRAVE): 0.23,
    ("", _DOT): 0.14,
    ("", _HOOK): 0.12,
    ("", _TILDE): 0.03,
    (_ACUTE, _HOOK): 0.14,
    (_ACUTE, _DOT): 0.11,
    (_ACUTE, _GRAVE): 0.07,
    (_GRAVE, _HOOK): 0.16,
    (_GRAVE, _DOT): 0.13,
    (_GRAVE, _ACUTE): 0.12,
    (_GRAVE, _TILDE): 0.02,
    (_HOOK, _ACUTE): 0.23,
    (_HOOK, _GRAVE): 0.18,
    (_HOOK, _DOT): 0.04,
    (_TILDE, _GRAVE): 0.3,
    (_TILDE, _HOOK): 0.27,
    (_TILDE, _ACUTE): 0.16,
    (_TILDE, _DOT): 0.05,
    (_DOT, _GRAVE): 0.04,
    (_DOT, _ACUTE): 0.04,
    (_DOT, _HOOK): 0.02,
}
"""The tone that was meant, the tone that was read."""
LETTERS = {
    ("ê", "e"): 0.6,
    ("ô", "o"): 0.6,
    ("â", "a"): 0.6,
    ("ă", "a"): 0.5,
    ("ư", "u"): 0.11,
    ("ă", "â"): 0.3,
    ("â", "ă"): 0.08,
    ("ô", "ơ"): 0.07,
    ("a", "â"): 0.04,
    ("e", "ê"): 0.05,
    ("o", "ô"): 0.02,
    ("u", "ư"): 0.06,
    ("đ", "d"): 0.2,
    ("d", "đ"): 0.5,
}
"""The same of letters without their tones."""
RARE = 0.01
"""Any other."""
TOGETHER = 0.3
"""What one slip more costs beside its own rarity: where one mark is worn, so is the next."""
