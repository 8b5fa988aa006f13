"""The network: one pass over each document, a tagger, and a late meeting of the two sides.

    document --encoder--> token vectors --tagger--> B / I / O of each token
    requirement span --mean--> r;  resume tokens --attention by r--> context c
    [r, c, r*c, |r-c|, cosines, words shared] --MLP--> logit that the resume meets it

Shapes: B documents, L tokens, D = hidden size, R requirements.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

N_TAGS = 3
OUTSIDE, BEGIN, INSIDE = range(N_TAGS)
JOB, RESUME = 0, 1
_PROJECTED = 128
_N_EXTRA = 4


@dataclass(frozen=True)
class Encoded:
    """Documents after the encoder.

    Attributes:
        hidden: token vectors, shape (B, L, D).
        keys: token vectors for meeting, unit length, shape (B, L, 128).
        tag_logits: shape (B, L, 3).
    """

    hidden: Tensor
    keys: Tensor
    tag_logits: Tensor


class EncoderModel(nn.Module):
    """See the module.

    Args:
        backbone: a transformers encoder.
    """

    def __init__(self, backbone: Any) -> None:
        super().__init__()
        self.backbone = backbone
        size = int(backbone.config.hidden_size)
        self.kind = nn.Embedding(2, size)
        self.tagger = nn.Linear(size, N_TAGS)
        self.project = nn.Linear(size, _PROJECTED, bias=False)
        self.temperature = nn.Parameter(torch.tensor(10.0))
        answer = nn.Linear(128, 1)
        self.meet = nn.Sequential(
            nn.Linear(4 * _PROJECTED + _N_EXTRA, 128), nn.GELU(), nn.Dropout(0.1), answer
        )
        self.lexical = nn.Linear(2, 1)
        nn.init.zeros_(self.kind.weight)
        # Shared words decide before anything is learned; the rest learns to correct them.
        nn.init.zeros_(answer.weight)
        with torch.no_grad():
            self.lexical.weight.copy_(torch.tensor([[3.5, 0.5]]))
            self.lexical.bias.fill_(-1.5)

    def encode(self, input_ids: Tensor, attention_mask: Tensor, kind: int) -> Encoded:
        """Reads documents.

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
        hidden = out.last_hidden_state.float()
        keys = nn.functional.normalize(self.project(hidden), dim=-1)
        return Encoded(hidden, keys, self.tagger(hidden))

    def requirement_vectors(self, hidden: Tensor, spans: list[tuple[int, int]]) -> Tensor:
        """Mean token vector of each span of one document, projected: shape (R, 128).

        Args:
            hidden: shape (L, D).
            spans: token indices [start, end), none of them empty.
        """
        means = torch.stack([hidden[start:end].mean(dim=0) for start, end in spans])
        projected: Tensor = self.project(means)
        return projected

    def coverage(
        self, requirements: Tensor, keys: Tensor, mask: Tensor, words: Tensor
    ) -> tuple[Tensor, Tensor]:
        """How well one resume shows each requirement.

        Args:
            requirements: shape (R, 128).
            keys: of the resume, shape (L, 128).
            mask: tokens that may be evidence, shape (L,), bool.
            words: lexical evidence of each requirement in 0..1, shape (R,).

        Returns:
            (logits that it is met, shape (R,); cosines to each token, shape (R, L)).
        """
        r = nn.functional.normalize(requirements, dim=-1)
        cosines = (r @ keys.T).masked_fill(~mask, -1.0)
        attention = torch.softmax(cosines * self.temperature, dim=-1)
        context = attention @ keys
        top = cosines.topk(min(3, cosines.shape[1]), dim=-1).values
        shared = torch.stack([words, (words >= 1.0).to(words.dtype)], dim=1)
        extra = torch.cat([top[:, :1], top.mean(dim=1, keepdim=True), shared], dim=1)
        features = torch.cat([r, context, r * context, (r - context).abs(), extra], dim=1)
        return (self.meet(features) + self.lexical(shared)).squeeze(-1), cosines


def _autocast() -> Any:
    """bf16 where the processor computes in it (about twice as fast), else full precision."""
    enabled = bool(getattr(torch.cpu, "_is_avx512_bf16_supported", lambda: False)())
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=enabled)
