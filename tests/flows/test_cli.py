import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli import COMMANDS, cli
from tests.flows.archives import PAGE
from tests.flows.plain_run import run_plainly

DAMAGED = PAGE.encode().decode("latin-1").encode()


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


def test_text_is_a_filter(runner: CliRunner) -> None:
    result = runner.invoke(cli, ["text"], input=DAMAGED)
    assert result.exit_code == 0
    assert result.stdout == PAGE


def test_text_leaves_clean_text_alone(runner: CliRunner) -> None:
    assert runner.invoke(cli, ["text"], input=PAGE.encode()).stdout_bytes == PAGE.encode()


def test_text_reads_files_and_explains(runner: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(DAMAGED)
    result = runner.invoke(cli, ["text", "--explain", str(tmp_path / "a.txt")])
    assert result.stdout == PAGE
    assert "UTF-8 read as Latin-1" in result.stderr


def test_text_as_json(runner: CliRunner) -> None:
    told = json.loads(runner.invoke(cli, ["text", "--json"], input=DAMAGED).stdout)
    assert told["text"] == PAGE
    assert told["grade"] == "exact"
    assert told["edits"]


def test_explain_tells_without_repairing(runner: CliRunner) -> None:
    result = runner.invoke(cli, ["explain"], input=DAMAGED)
    assert "exact" in result.stdout
    told = json.loads(runner.invoke(cli, ["explain", "--json"], input=DAMAGED).stdout)
    assert told["encoding"] == "utf-8"


def test_detect(runner: CliRunner) -> None:
    result = runner.invoke(cli, ["detect"], input=PAGE.encode("gb18030"))
    assert result.stdout.startswith("-\tgb18030\t")
    told = json.loads(runner.invoke(cli, ["detect", "--json"], input=PAGE.encode()).stdout)
    assert told["encoding"] == "utf-8"


@pytest.mark.parametrize("command", ["text", "detect", "explain"])
def test_a_file_that_is_not_there(runner: CliRunner, command: str) -> None:
    result = runner.invoke(cli, [command, "nowhere.txt"])
    assert result.exit_code == 2
    assert result.stderr.startswith("Error: nowhere.txt: No such file or directory; give the name of a file, or pipe")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_bytes(DAMAGED)
    run_plainly(tmp_path / "a.txt", output=tmp_path / "out")
    return tmp_path / "out"


def test_undo_gives_the_bytes_back(runner: CliRunner, out: Path) -> None:
    result = runner.invoke(cli, ["undo", str(out / "latest"), str(out.parent / "a.txt")])
    assert result.stdout_bytes == DAMAGED


def test_undo_of_nothing(runner: CliRunner, out: Path) -> None:
    result = runner.invoke(cli, ["undo", str(out), "nothing"])
    assert result.exit_code == 2
    assert "no record" in result.stderr


def test_verify(runner: CliRunner, out: Path) -> None:
    result = runner.invoke(cli, ["verify", "--json", str(out)])
    assert result.exit_code == 0
    assert json.loads(result.stdout)["mismatches"] == []


def test_verify_fails_with_what_is_wrong(runner: CliRunner, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.verification.damage", lambda _chain, text: text)
    result = runner.invoke(cli, ["verify", str(out)])
    assert result.exit_code == 1
    assert "the chain does not lead back" in result.stdout


def test_verify_of_no_run(runner: CliRunner, tmp_path: Path) -> None:
    assert runner.invoke(cli, ["verify", str(tmp_path)]).exit_code == 2


def test_a_mapping_table_with_mistakes(runner: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "bad.tsv").write_text("seen\ttext\n\tx\n", "utf-8")
    (tmp_path / "a.txt").write_text("x")
    given = ["run", str(tmp_path / "a.txt"), "-o", str(tmp_path / "out"), "--mappings", str(tmp_path)]
    result = runner.invoke(cli, given)
    assert result.exit_code == 2
    assert "bad.tsv:2" in result.stderr


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ("lost_share = 2\n", "lost_share: Input should be less than or equal to 1"),
        ("[[rules.required]]\nfeld = 'a'\n", "rules.required.0.feld: no such key"),
        ("lost_share == 1\n", "(at line 1"),
        ("\udcff", "utf-8"),
    ],
)
def test_a_policy_with_mistakes(runner: CliRunner, tmp_path: Path, policy: str, message: str) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(policy.encode("utf-8", "surrogateescape"))
    (tmp_path / "a.txt").write_text("x")
    result = runner.invoke(cli, ["run", str(tmp_path / "a.txt"), "-o", str(tmp_path / "out"), "--policy", str(path)])
    assert result.exit_code == 2
    assert str(path) in result.stderr
    assert message in result.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_help_teaches_with_examples(runner: CliRunner, command: str) -> None:
    shown = runner.invoke(cli, [command, "--help"]).stdout
    assert f"mojimend {command}" in shown


@pytest.mark.parametrize("command", ["text", "detect", "explain"])
def test_filters_start_no_engine(command: str) -> None:
    code = (
        "import sys\nfrom click.testing import CliRunner\nfrom flows.cli import cli\n"
        f"assert CliRunner().invoke(cli, [{command!r}], input='a'.encode()).exit_code == 0\n"
        "print(sorted({'prefect', 'great_expectations', 'pandas'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
