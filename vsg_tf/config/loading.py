"""YAML files and `a.b=c` overrides into a validated `Config`, and back."""

import hashlib
import json
import os
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from vsg_tf.config.schema import MODEL_KINDS, Config
from vsg_tf.errors import ConfigError


def _known_keys(path: Sequence[str | int]) -> list[str]:
    section: Any = Config
    for key in path:
        field = section.model_fields.get(key) if hasattr(section, "model_fields") else None
        # A model's kind follows the key `model` in the path of an error.
        section = MODEL_KINDS.get(key) if field is None else field.annotation
    known = isinstance(section, type) and issubclass(section, BaseModel)
    return list(section.model_fields) if known else []


def _sentence(error: ValidationError, origin: str) -> str:
    first = error.errors()[0]
    location = list(first["loc"])
    kind = location[:1] == ["model"] and location[1:2] and location[1] in MODEL_KINDS
    name = ".".join(str(part) for part in ([location[0], *location[2:]] if kind else location))
    if first["type"] == "extra_forbidden":
        near = get_close_matches(str(location[-1]), _known_keys(location[:-1]), n=1)
        hint = f"; did you mean {near[0]!r}?" if near else "; remove it."
        return f"Unknown key {name!r} in {origin}{hint}"
    message = first["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    if first["type"] == "value_error":
        where = f"{origin} ({name})" if location else origin
        return f"Impossible combination in {where}: {message}."
    shown = repr(first["input"])
    return f"Wrong value for {name!r} in {origin}: {message}, not {shown[:60]}."


def parse_config(values: dict[str, Any], origin: str = "the configuration") -> Config:
    """Validate plain values.

    Raises:
        ConfigError: one sentence naming the first key that is wrong.
    """
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_sentence(error, origin)) from error


def _is_valid(values: dict[str, Any]) -> bool:
    try:
        Config.model_validate(values)
    except ValidationError:
        return False
    return True


def _override(values: dict[str, Any], text: str) -> None:
    key, separator, raw = text.partition("=")
    parts = key.strip().split(".")
    if not separator or not all(parts):
        raise ConfigError(f"Cannot read the override {text!r}; write it as section.key=value.")
    try:
        value = yaml.safe_load(raw)
    except yaml.YAMLError as error:
        raise ConfigError(f"Cannot read the value in the override {text!r}.") from error
    target = values
    for part in parts[:-1]:
        target = target.setdefault(part, {})
        if not isinstance(target, dict):
            raise ConfigError(f"Unknown key {key!r} in the override {text!r}; {part!r} is a value.")
    target[parts[-1]] = value


def _read_values(path: Path) -> dict[str, Any]:
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"There is no configuration file {path}.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"Cannot read the configuration file {path}; is it text?") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" near line {mark.line + 1}" if mark else ""
        raise ConfigError(f"{path} is not valid YAML{where}.") from error
    values = {} if values is None else values
    if not isinstance(values, dict):
        raise ConfigError(f"{path} must hold keys and values at its top level.")
    return values


def _merge(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """`base` with `changes`, section by section."""
    merged = dict(base)
    for key, value in changes.items():
        inner = merged.get(key)
        both = isinstance(inner, dict) and isinstance(value, dict)
        merged[key] = _merge(inner, value) if both else value
    return merged


def _read_with_bases(path: Path, above: tuple[Path, ...] = ()) -> dict[str, Any]:
    """Values of a file over those of the file that its key `base` names."""
    values = _read_values(path)
    base = values.pop("base", None)
    if base is None:
        return values
    if not isinstance(base, str):
        raise ConfigError(f"The key 'base' in {path} must name a configuration file.")
    chain = (*above, path.resolve())
    place = path.parent / base
    if place.resolve() in chain:
        raise ConfigError(f"{path} is based on {base}, which is based on it; remove one 'base'.")
    return _merge(_read_with_bases(place, chain), values)


def load_config(path: str | os.PathLike, overrides: Sequence[str] = ()) -> Config:
    """Read a YAML file and apply overrides such as `training.steps=100`.

    Args:
        path: a YAML file; keys it leaves out take the values of the file named by its key `base`
            (relative to its own folder), or the schema's defaults (the paper's numbers).
        overrides: `section.key=value` texts, later ones win; values are YAML.

    Raises:
        ConfigError: the file, its base or an override cannot be read or is not valid.
    """
    path = Path(path)
    values = _read_with_bases(path)
    for text in overrides:
        _override(values, text)
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        changed = f"{path} with {', '.join(overrides)}"
        origin = changed if overrides and _is_valid(_read_with_bases(path)) else str(path)
        raise ConfigError(_sentence(error, origin)) from error


def config_to_yaml(config: Config) -> str:
    """Every setting as YAML text that `load_config` reads back to an equal `Config`."""
    return yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False)


def data_hash(config: Config) -> str:
    """Short hash of what prepared data depends on: the audio grid, video front end, clip length."""
    parts = {
        "audio": config.audio.mel_grid,
        "front_ends": config.video.visual.description(),
        "mel_per_feature": config.video.mel_per_feature,
        "clip_seconds": config.data.clip_seconds,
    }
    text = json.dumps(parts, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
