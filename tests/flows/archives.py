"""Archives with something good and every kind of bad input."""

import gzip
import json
from pathlib import Path

PAGE = (
    "桃源县召开防汛工作会议\n"
    "发布时间:2021-08-13 09:38:43 作者:李明 来源:县融媒体中心 访问次数:12\n"
    "8月12日上午,全县防汛工作会议召开,总结分析当前防汛形势,安排部署下阶段防汛工作。\n"
    "会议要求,全县各级各部门要认清形势,坚决克服麻痹思想和松劲心态,压实工作责任。\n"
)


def write_archive(folder: Path) -> Path:
    """Write an archive that holds something good and every kind of bad input."""
    folder.mkdir()
    (folder / "clean.txt").write_text(PAGE, "utf-8")
    (folder / "gbk.txt").write_bytes(PAGE.encode("gb18030"))
    (folder / "damaged.txt").write_text(PAGE.encode().decode("latin-1"), "utf-8")
    (folder / "page.html").write_text(f"<title>会议</title><script>x()</script><p>{PAGE}</p>", "utf-8")
    (folder / "rows.csv").write_bytes(CSV)
    (folder / "rows.tsv").write_text("id\t题\n1\t关于防汛\n", "utf-8")
    (folder / "lines.jsonl").write_bytes(JSONL)
    (folder / "lines.jsonl.gz").write_bytes(gzip.compress(JSONL))
    (folder / "cut.txt.gz").write_bytes(gzip.compress(PAGE.encode() * 50)[:-20])
    (folder / "hopeless.txt").write_text("锟斤拷锟斤拷锟斤拷锟斤拷锟斤拷\n", "utf-8")
    (folder / "binary.dat").write_bytes(bytes(range(256)) * 8)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "gone.txt").symlink_to("nowhere")
    (folder / "loop").symlink_to(".")
    return folder


CSV = (
    "编号,标题,sha256\r\n"
    '1,"关于做好,防汛工作",甲\r\n'
    '2,"分两行的\r\n标题",乙\r\n'
    "3,太多,的,列\r\n"
    "4,太少\r\n"
    '5,"没有结束,丙\r\n'
    "6,关于做好防汛工作的通知,丁\r\n"
).encode("gb18030")
JSONL = (
    json.dumps({"题": "关于做好防汛工作的通知", "n": 1.5, "空": None}, ensure_ascii=False)
    + '\nnot json\n{"题": "\\ud842"}\n\n[1, 2]\n{"题": "县委召开会议"}'
).encode()
