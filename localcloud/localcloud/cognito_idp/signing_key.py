"""The keys that user pools sign with: one a pool, made when first wanted, kept in the state folder."""

import json
import threading
from pathlib import Path
from typing import Any

from joserfc.jwk import RSAKey
from localstack import config

_BITS = 2048
_LOCK = threading.Lock()
_KEYS: dict[str, RSAKey] = {}


def signing_key(pool_id: str) -> RSAKey:
    """The private key of a pool; its `kid` names it in the pool's key set."""
    with _LOCK:
        if pool_id not in _KEYS:
            _KEYS[pool_id] = _load(_file(pool_id)) or _make(_file(pool_id))
        return _KEYS[pool_id]


def public_keys(pool_id: str) -> dict[str, Any]:
    """The pool's JSON Web Key Set (RFC 7517), without anything private."""
    return {"keys": [signing_key(pool_id).as_dict(private=False)]}


def _file(pool_id: str) -> Path:
    return Path(config.dirs.data) / "cognito-idp" / f"{pool_id}.jwk"


def _load(file: Path) -> RSAKey | None:
    return RSAKey.import_key(json.loads(file.read_text())) if file.exists() else None


def _make(file: Path) -> RSAKey:
    key = RSAKey.generate_key(_BITS, {"use": "sig", "alg": "RS256"}, auto_kid=True)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(json.dumps(key.as_dict(private=True)))
    return key
