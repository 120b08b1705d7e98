"""What a password's hash costs in earnest: the tests hash with next to nothing."""

from __future__ import annotations

import importlib.util

from app.accounts.service import passwords


def test_a_hash_costs_a_guesser_memory_and_time() -> None:
    spec = importlib.util.find_spec(passwords.__name__)
    assert spec is not None
    assert spec.loader is not None
    in_earnest = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(in_earnest)
    made = in_earnest.hash_password("a long enough one")
    assert made.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert in_earnest.needs_rehash(passwords.hash_password("a long enough one"))
    assert not in_earnest.needs_rehash(made)
