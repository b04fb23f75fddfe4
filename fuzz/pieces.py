"""What formats are made of: the pieces that are put into inputs, by the kind of input."""

from __future__ import annotations

CSV = (
    b",", b'"', b'""', b"\n", b"\r\n", b"\r", b";", b"\t", b"|", b"\x00", b"\x1a", b"\xef\xbb\xbf", b"\xff\xfe",
    b"\xe9", b"\xc3\xa9", b"\xe2\x80\xa8", b"Pet_id,Kind\n", b"Total: 2", b"sep=,\n", b'"a\nb"', b"1,2,3,4,\n",
    b"\xed\xa0\x80", b"ext.x", b" ", b"PK\x03\x04", b"<html>",
)  # fmt: skip
YAML = (
    b"&a ", b"*a", b"!!python/object:os.system ", b"<<: *a", b"- ", b": ", b"{", b"}", b"[", b"]", b"|\n ", b">\n",
    b"'", b'"', b"#", b"---\n", b"...\n", b"%YAML 9.9\n", b"\t", b"rules:\n", b"id: ", b"with: ", b"? ", b"\x00",
    b"\xff", b"include: [own]\n", b"(a+)+$",
)  # fmt: skip
DAYS = (
    b"2012-02-30", b"2/29/2011", b"12/31/99", b"45123", b"20120229", b"0012-01-01", b"T00:00:00Z", b"\n", b"/", b"-",
    b".", b"13/12/2011", b"99999", b"\xd9\xa1", b"1e5", b"2012-1-1 9:05 PM", b"May", b"0", b"9",
)  # fmt: skip
GRADES = (
    b"K", b"PK", b"TK", b"-1", b"00", b"3-5", b"345", b"1112", b"Kindergarten", b"grade ", b"th", b"1.0", b",",
    b"to", b"\n", b"\xc2\xb2", b"\xe2\x80\x93", b"Ungraded", b"13", b"+",
)  # fmt: skip
CELLS = (
    b"@", b".", b"a@b.org", b";", b"\xc3\x89", b"\xcc\x81", b"'", b"-", b"\n", b"\xe2\x80\x8b", b"a@b@c",
    b"\xc3\x9f", b",",
)  # fmt: skip
ZIP = (
    b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"../", b"\\", b"/",
    b"\xff\xff\xff\xff", b"\x00\x00", b".zip", b"C:", b"\x01\x00",
)  # fmt: skip
XML = (
    *ZIP, b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"<row r='1'>", b"</c>", b't="s"', b"<v>999999999</v>",
    b'r="ZZZ9"', b"<f>1/0</f>", b't="e"', b"1e999", b"inlineStr",
    b's="2"', b'state="hidden"', b'date1904="1"', b'ref="A1:XFD1048576"', b"<t>a\nb</t>", b"yyyy-mm-dd", b"0.00E+00",
    b'<c r="A3"><v>0</v></c>', b"-1", b"_x000D_",
)  # fmt: skip
