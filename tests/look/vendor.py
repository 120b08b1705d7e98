"""Scripts of others that pages load, kept under app/static/vendor/<name>@<version>/ with licence and hashes.

python -m tests.look.vendor          the files are those of vendor.lock.json
python -m tests.look.vendor pull     (needs npm) fetch the pinned versions again and write the lock
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "app" / "static" / "vendor"
LOCK = "vendor.lock.json"
#: package@version → {file in the package: name here}
PINNED = {
    "zxing-wasm@3.1.4": {
        "dist/es/reader/index.js": "reader/index.js",
        "dist/es/share.js": "share.js",
        "dist/reader/zxing_reader.wasm": "zxing_reader.wasm",
        "LICENSE": "LICENSE",
    },
    "signature_pad@5.1.4": {"dist/signature_pad.min.js": "signature_pad.js", "LICENSE": "LICENSE"},
}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def differences(folder: Path = FOLDER) -> list[str]:
    """What is not as the lock says: missing, changed, or a stranger."""
    lock: dict[str, Any] = json.loads((folder / LOCK).read_text())
    wanted = {f"{package}/{name}": digest for package, entry in lock.items() for name, digest in entry["files"].items()}
    present = {
        str(path.relative_to(folder)): _sha256(path)
        for path in folder.rglob("*")
        if path.is_file() and path.name != LOCK
    }
    wrong = [f"{name} differs from the lock" for name, digest in wanted.items() if present.get(name) != digest]
    return wrong + [f"{name} is in no lock" for name in present.keys() - wanted.keys()]


def copy(source: Path, target: Path) -> None:
    """The folder again, to be spoilt by a test."""
    shutil.copytree(source, target)


def _pull_one(package: str, files: dict[str, str]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as work:
        said = subprocess.run(
            ["npm", "pack", package, "--json", "--ignore-scripts"], cwd=work, check=True, capture_output=True, text=True
        ).stdout
        packed = json.loads(said)
        meta = packed[0] if isinstance(packed, list) else next(iter(packed.values()))
        tarball = Path(work) / meta["filename"]
        algorithm, digest = meta["integrity"].split("-", 1)
        if base64.b64encode(hashlib.new(algorithm, tarball.read_bytes()).digest()).decode() != digest:
            raise SystemExit(f"{package}: the package is not the one the registry describes")
        target = FOLDER / package
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        with tarfile.open(tarball) as archive:
            licence = json.load(archive.extractfile("package/package.json"))["license"]  # type: ignore[arg-type]
            for inside, name in files.items():
                (target / name).parent.mkdir(exist_ok=True)
                (target / name).write_bytes(archive.extractfile(f"package/{inside}").read())  # type: ignore[union-attr]
    hashes = {name: _sha256(target / name) for name in sorted(files.values())}
    return {"license": licence, "integrity": meta["integrity"], "files": hashes}


def pull() -> None:
    """Fetch every pinned package and write the lock."""
    lock = {package: _pull_one(package, files) for package, files in PINNED.items()}
    (FOLDER / LOCK).write_text(json.dumps(lock, indent=2, sort_keys=True) + "\n")


if __name__ == "__main__":
    if sys.argv[1:] == ["pull"]:
        pull()
    wrong = differences()
    sys.stdout.write("\n".join(wrong or ["vendored files are the pinned ones"]) + "\n")
    sys.exit(1 if wrong else 0)
