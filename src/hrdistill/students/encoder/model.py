"""The network: a tagger for whole documents, and vectors for the meaning of short passages.

    document --lower layers--> --upper layers, tuned--> tagger --> B / I / O of each token
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

N_TAGS = 3
OUTSIDE, BEGIN, INSIDE = range(N_TAGS)
JOB, RESUME = 0, 1
FROZEN_LAYERS = 2
"""Lowest layers that keep their pretrained weights, as the word embeddings do."""


class EncoderModel(nn.Module):
    """See the module.

    Args:
        backbone: a pretrained transformers encoder.
    """

    def __init__(self, backbone: Any) -> None:
        super().__init__()
        self.backbone = backbone
        self.meaning = copy.deepcopy(backbone)
        self._share()
        size = int(backbone.config.hidden_size)
        self.kind = nn.Embedding(2, size)
        self.tagger = nn.Linear(size, N_TAGS)
        nn.init.zeros_(self.kind.weight)

    def _share(self) -> None:
        """Ties the lower layers of the two, and freezes them and all of `meaning`."""
        self.meaning.embeddings = self.backbone.embeddings
        for index in range(FROZEN_LAYERS):
            self.meaning.encoder.layer[index] = self.backbone.encoder.layer[index]
        for parameter in self.meaning.parameters():
            parameter.requires_grad_(False)

    def tag_logits(self, input_ids: Tensor, attention_mask: Tensor, kind: int) -> Tensor:
        """Logits of O, B, I of each token: shape (B, L, 3).

        Args:
            input_ids: shape (B, L).
            attention_mask: shape (B, L).
            kind: `JOB` or `RESUME`.
        """
        words = self.backbone.get_input_embeddings()(input_ids)
        with _autocast():
            out = self.backbone(
                inputs_embeds=words + self.kind.weight[kind], attention_mask=attention_mask
            )
        logits: Tensor = self.tagger(out.last_hidden_state.float())
        return logits

    def embed(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Unit vectors of passages, the mean of their token vectors: shape (B, D)."""
        with _autocast():
            out = self.meaning(input_ids=input_ids, attention_mask=attention_mask)
        weight = attention_mask.unsqueeze(-1).float()
        mean = (out.last_hidden_state.float() * weight).sum(dim=1) / weight.sum(dim=1)
        return nn.functional.normalize(mean, dim=-1)

    def tensors(self) -> dict[str, Tensor]:
        """All weights, those that are shared once: what a checkpoint holds."""
        return {k: v.contiguous() for k, v in self.state_dict().items() if not _shared(k)}

    def load_tensors(self, tensors: Mapping[str, Tensor]) -> None:
        """Takes weights as `tensors` gave them.

        Raises:
            RuntimeError: a weight is missing, unknown or of another shape.
        """
        missing, unknown = self.load_state_dict(dict(tensors), strict=False)
        missing = [name for name in missing if not _shared(name)]
        if missing or unknown:
            raise RuntimeError(f"weights missing: {missing[:2]}, unknown: {unknown[:2]}")


def _shared(name: str) -> bool:
    """Whether a weight of `meaning` is one of `backbone` under another name."""
    lower = tuple(f"meaning.encoder.layer.{index}." for index in range(FROZEN_LAYERS))
    return name.startswith(("meaning.embeddings.", *lower))


def _autocast() -> Any:
    """bf16 where the processor computes in it (about twice as fast), else full precision."""
    enabled = bool(getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)())
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled)
