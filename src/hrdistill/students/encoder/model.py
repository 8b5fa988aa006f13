"""The network: a tagger for whole documents, and vectors for the meaning of short passages.

    document --lower layers--> --upper layers, tuned--> tagger --> skills (B, I), job titles
    passage  --lower layers--> --upper layers, as pretrained--> mean --> unit vector

The lower layers are shared and frozen. The upper ones exist twice: tuned to find skills, and as
they were pretrained to compare sentences, which tuning on a few triples would only spoil.

Shapes: B documents or passages, L tokens, D = hidden size.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

N_TAGS = 4
OUTSIDE, BEGIN_SKILL, INSIDE_SKILL, TITLE = range(N_TAGS)
JOB, RESUME = 0, 1
FROZEN_LAYERS = 2
"""Lowest layers that keep their pretrained weights, as the word embeddings do."""


class EncoderModel(nn.Module):
    """See the module.

    Args:
        backbone: a pretrained transformers encoder.
        n_marks: distinct marks of tokens; see `marks`.
    """

    def __init__(self, backbone: Any, n_marks: int) -> None:
        super().__init__()
        self.backbone = backbone
        self.meaning = copy.deepcopy(backbone)
        self._share()
        size = int(backbone.config.hidden_size)
        self.kind = nn.Embedding(2, size)
        self.marks = nn.Embedding(n_marks, size)
        self.tagger = nn.Linear(size, N_TAGS)
        self.mark_tagger = nn.Embedding(n_marks, N_TAGS)
        for embedding in (self.kind, self.marks, self.mark_tagger):
            nn.init.zeros_(embedding.weight)

    def _share(self) -> None:
        """Ties the lower layers of the two, and freezes them and all of `meaning`."""
        self.meaning.embeddings = self.backbone.embeddings
        for index in range(FROZEN_LAYERS):
            self.meaning.encoder.layer[index] = self.backbone.encoder.layer[index]
        for parameter in self.meaning.parameters():
            parameter.requires_grad_(False)

    def tag_logits(
        self, input_ids: Tensor, attention_mask: Tensor, marks: Tensor, kind: int
    ) -> Tensor:
        """Logits of the tags of each token: shape (B, L, N_TAGS).

        Args:
            input_ids: shape (B, L).
            attention_mask: shape (B, L).
            marks: of each token, shape (B, L, n).
            kind: `JOB` or `RESUME`.
        """
        words = self.backbone.get_input_embeddings()(input_ids) + self.kind.weight[kind]
        with _autocast():
            out = self.backbone(
                inputs_embeds=words + self.marks(marks).sum(dim=2), attention_mask=attention_mask
            )
        by_words: Tensor = self.tagger(out.last_hidden_state.float())
        by_marks: Tensor = self.mark_tagger(marks).sum(dim=2)
        return by_words + by_marks

    def embed(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Unit vectors of passages, the mean of their token vectors: shape (B, D)."""
        with _autocast():
            out = self.meaning(input_ids=input_ids, attention_mask=attention_mask)
        weight = attention_mask.unsqueeze(-1).float()
        mean = (out.last_hidden_state.float() * weight).sum(dim=1) / weight.sum(dim=1)
        return nn.functional.normalize(mean, dim=-1)

    def tensors(self) -> dict[str, Tensor]:
        """The weights that training changes; the others are those of the backbone."""
        return {k: v.contiguous() for k, v in self.state_dict().items() if not _frozen(k)}

    def load_tensors(self, tensors: Mapping[str, Tensor]) -> None:
        """Takes weights as `tensors` gave them, in any precision.

        Raises:
            RuntimeError: a weight is missing, unknown or of another shape.
        """
        missing, unknown = self.load_state_dict(dict(tensors), strict=False)
        missing = [name for name in missing if not _frozen(name)]
        if missing or unknown:
            raise RuntimeError(f"weights missing: {missing[:2]}, unknown: {unknown[:2]}")

    def halve(self) -> None:
        """Rounds the weights that training changes to half precision, as they are stored."""
        self.load_tensors({k: v.half() for k, v in self.tensors().items()})


def _frozen(name: str) -> bool:
    """Whether a weight stays as the backbone has it."""
    lower = tuple(f"backbone.encoder.layer.{index}." for index in range(FROZEN_LAYERS))
    return name.startswith(("meaning.", "backbone.embeddings.", *lower))


def _autocast() -> Any:
    """bf16 where the processor computes in it (about twice as fast), else full precision."""
    enabled = bool(getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)())
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled)
