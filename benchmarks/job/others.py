"""What the job is measured beside: a bare read and write by pyarrow, and the script that people write today."""

import io
from pathlib import Path

import chardet
import ftfy
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pyarrow.json
import pyarrow.parquet as pq


def bare(archive: Path, target: Path) -> None:
    """Read each file and write it as Parquet, compressed as the job does; nothing is looked at."""
    target.mkdir()
    for number, path in enumerate(sorted(archive.glob("*.csv"))):
        _write(pyarrow.csv.read_csv(path), target / f"csv{number}.parquet")
    for number, path in enumerate(sorted(archive.glob("*.jsonl"))):
        _write(pyarrow.json.read_json(path), target / f"json{number}.parquet")
    pages = sorted(archive.glob("*.txt"))
    if pages:
        _write(pa.table({"path": list(map(str, pages)), "text": [_read(page) for page in pages]}), target / "t.parquet")


def _read(page: Path) -> str:
    return page.read_bytes().decode()


def _write(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd", compression_level=3)


def script(archive: Path, target: Path) -> None:
    """Detect the encoding of each file with chardet, go through its rows with pandas, repair each cell with ftfy."""
    target.mkdir()
    for path in sorted(archive.iterdir()):
        frame = _frame(path, _decoded(path.read_bytes()))
        for index, row in frame.iterrows():
            for column in frame.columns:
                frame.at[index, column] = ftfy.fix_text(row[column])  # noqa: PD008 - it is the script
        frame.to_parquet(target / f"{path.name}.parquet")


def _frame(path: Path, text: str) -> pd.DataFrame:
    if path.suffix == ".csv":
        return pd.read_csv(io.StringIO(text), dtype=str)
    if path.suffix == ".jsonl":
        return pd.read_json(io.StringIO(text), lines=True, dtype=False, convert_dates=False)
    return pd.DataFrame({"path": [str(path)], "text": [text]})


def _decoded(data: bytes) -> str:
    return data.decode(chardet.detect(data)["encoding"] or "utf-8", "replace")
