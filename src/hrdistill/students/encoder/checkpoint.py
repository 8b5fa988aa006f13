"""The state of a training that may be killed: safetensors and JSON, never pickled."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from hrdistill.errors import StudentError
from hrdistill.storage import atomic_open, read_json, write_json
from hrdistill.students.encoder.model import EncoderModel


class Checkpoint:
    """A folder that holds the latest state of one training.

    Args:
        folder: where it stands.
        settings: of the training; a checkpoint of another one is refused.
    """

    def __init__(self, folder: Path, settings: dict[str, Any]) -> None:
        self.folder, self.settings = folder, settings

    def save(
        self,
        model: EncoderModel,
        optimizer: torch.optim.Optimizer,
        *,
        best_state: dict[str, Tensor] | None,
        **state: Any,
    ) -> None:
        """Writes the state under a name of its own, then points to it."""
        from safetensors.torch import save

        tensors = {f"model.{k}": v for k, v in model.tensors().items()}
        tensors |= {f"best.{k}": v for k, v in (best_state or {}).items()}
        for index, moments in optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{index}.{k}": v for k, v in moments.items()}
        tensors = {k: v.detach().clone().contiguous() for k, v in tensors.items()}
        name = f"step-{state['step']}.safetensors"
        with atomic_open(self.folder / name, "wb") as file:
            file.write(save(tensors))
        write_json(
            self.folder / "state.json",
            {"settings": self.settings, "file": name, "state": state},
        )
        for old in self.folder.glob("step-*.safetensors"):
            if old.name != name:
                old.unlink()

    def load(self, model: EncoderModel, optimizer: torch.optim.Optimizer) -> dict[str, Any] | None:
        """Restores model and optimiser.

        Returns:
            The rest of the state with `best_state`; None where there is no checkpoint.

        Raises:
            StudentError: the checkpoint is of a training with other settings.
        """
        path = self.folder / "state.json"
        if not path.exists():
            return None
        from safetensors.torch import load_file

        saved = read_json(path)
        if saved["settings"] != self.settings:
            differing = [k for k, v in self.settings.items() if saved["settings"].get(k) != v]
            raise StudentError(
                f"{self.folder} holds an interrupted training with other settings "
                f"({', '.join(differing)} differ); delete it or train into another folder"
            )
        tensors = load_file(self.folder / saved["file"])
        model.load_tensors(_under("model.", tensors))
        moments: dict[int, dict[str, Tensor]] = {}
        for key, value in _under("optimizer.", tensors).items():
            index, name = key.split(".", 1)
            moments.setdefault(int(index), {})[name] = value
        optimizer.load_state_dict({**optimizer.state_dict(), "state": moments})
        state: dict[str, Any] = saved["state"]
        return {**state, "best_state": _under("best.", tensors) or None}

    def delete(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
