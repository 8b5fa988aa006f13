"""What goes wrong at endpoints, made on purpose.

Faults of the line are drawn anew for each call; faults of the content belong to the call's words
and seed, so that a repeated run meets them again.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

LINE = ("429", "429-retry-after", "500", "drop", "hang", "cut-body")
CONTENT = ("truncated", "invalid-json", "wrong-facts")
KINDS = (*LINE, *CONTENT)


@dataclass(slots=True)
class Faults:
    """Shares of calls that go wrong, by kind.

    Attributes:
        shares: of kinds in `KINDS`, each in 0..1.
        hang_s: how long a hanging call hangs before its connection is dropped.
        seed: of the draws.
    """

    shares: Mapping[str, float] = field(default_factory=dict)
    hang_s: float = 60.0
    seed: int = 0
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    @classmethod
    def parse(cls, text: str, *, hang_s: float = 60.0, seed: int = 0) -> Faults:
        """`0.3` spreads a share evenly over all kinds; `429=0.05,500=0.02` names some.

        Raises:
            ValueError: a kind is unknown, or shares are not in 0..1.
        """
        shares: dict[str, float] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            kind, equals, number = part.partition("=")
            try:
                share = float(number if equals else kind)
            except ValueError:
                raise ValueError(
                    f"expected shares such as 0.3 or 429=0.05,drop=0.01, found {text!r}"
                ) from None
            if not equals:
                shares |= {kind: shares.get(kind, 0.0) + share / len(KINDS) for kind in KINDS}
            elif kind in KINDS:
                shares[kind] = shares.get(kind, 0.0) + share
            else:
                raise ValueError(f"expected kinds of {', '.join(KINDS)}, found {kind!r}")
        if not all(0 <= share <= 1 for share in shares.values()) or sum(shares.values()) > 1:
            raise ValueError(f"expected shares of 0 to 1 in all, found {text!r}")
        return cls(shares, hang_s=hang_s, seed=seed)

    def of_line(self) -> str | None:
        """The fault of the next call, None where it goes well."""
        return self._pick(self._random.random(), LINE)

    def of_content(self, body: bytes) -> str | None:
        """The fault of the answer to a call."""
        digest = hashlib.sha256(b"content" + body).digest()
        return self._pick(int.from_bytes(digest[:4], "big") / 2**32, CONTENT)

    def _pick(self, draw: float, kinds: tuple[str, ...]) -> str | None:
        for kind in kinds:
            draw -= self.shares.get(kind, 0.0)
            if draw < 0:
                return kind
        return None


def spoil(text: str, fault: str) -> tuple[str, str]:
    """An answer with a fault of content, and why it ends (`finish_reason`)."""
    if fault == "truncated":
        return text[: len(text) // 2], "length"
    if text.startswith("{"):
        return (text[:-1] + ",", "stop") if fault == "invalid-json" else ("{}", "stop")
    if fault == "invalid-json":
        return json.dumps({"text": text})[:-1], "stop"
    lines = text.split("\n")  # wrong facts: years moved, and one line in three lost
    kept = [line for place, line in enumerate(lines) if place % 3 != 2]
    moved = re.sub(r"\b(19|20)(\d\d)\b", lambda m: str(int(m[0]) - 3), "\n".join(kept))
    return moved, "stop"
