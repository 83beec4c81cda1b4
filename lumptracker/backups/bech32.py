"""Keys as text with a checksum (BIP 173), as age writes them."""

from __future__ import annotations

from collections.abc import Iterable

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def encode(prefix: str, data: bytes) -> str:
    fives = _regroup(data, have=8, want=5, is_padded=True)
    check = _checksum([*_spread(prefix), *fives, *[0] * 6]) ^ 1
    fives += [(check >> 5 * (5 - place)) & 31 for place in range(6)]
    return f"{prefix}1{''.join(LETTERS[five] for five in fives)}"


def decode(prefix: str, text: str) -> bytes:
    """The bytes of a key with this prefix; ValueError says that it is none."""
    head, _, tail = text.strip().rpartition("1")
    if head != prefix or any(letter not in LETTERS for letter in tail):
        raise ValueError(f"not a key that begins with {prefix}1")
    fives = [LETTERS.index(letter) for letter in tail]
    if _checksum([*_spread(prefix), *fives]) != 1:
        raise ValueError("a letter of the key is wrong")
    return bytes(_regroup(fives[:-6], have=5, want=8, is_padded=False))


def _spread(prefix: str) -> list[int]:
    return [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]


def _checksum(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ value
        for place, part in enumerate(_GENERATOR):
            check ^= part if top >> place & 1 else 0
    return check


def _regroup(values: Iterable[int], *, have: int, want: int, is_padded: bool) -> list[int]:
    held = bits = 0
    found = []
    for value in values:
        held, bits = held << have | value, bits + have
        while bits >= want:
            bits -= want
            found.append(held >> bits & (1 << want) - 1)
    if is_padded and bits:
        found.append(held << want - bits & (1 << want) - 1)
    return found
