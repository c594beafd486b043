"""200 texts that mean something to one part or another of a query's way: each is to match itself alone."""

import string

from support.strategies import HOSTILE_TEXTS

SQL = [
    "O'Brien", "O''Brien", "O\\'Brien", "'", "''", "' OR '1'='1", "' OR 1=1 --", "'; DROP TABLE dragons; --",
    '" OR ""="', "' UNION SELECT * FROM S3Object --", "S3Object[*].dragons[*]", 's."family_str"', "NULL",
    "null", "MISSING", "'%' LIKE '%'", "x' IS NOT NULL OR 'x", "CAST('1' AS INT)", "LIMIT 1", "/* x */", "?",
    "ESCAPE '\\'", "red' AND family_str <> 'blue", "N'red'", "U&'\\0041'", "x'41'", "$$red$$", "`red`", ":1",
]  # fmt: skip
JSON = [
    '{"family_str": "red"}', '"red"', "\\u0072ed", "[]", "{}", '","family_str":"red', "true", "false", "0",
    "1", "1.0", "1e0", "-0", "NaN", "Infinity", "\\", "\\\\", '\\"', "\\n",
]  # fmt: skip
PATTERNS = [
    "%", "_", "%%", "r%", "r_d", "[r]ed", "r.d", "r.*", ".*", "^red$", "(red|blue)", "\\d+", "r?d", "r*d",
    "**", "*", "\\*", "red*", "red\\*", "!%", "\\%", "\\_",
]  # fmt: skip
UNICODE = [
    "\u00e9", "e\u0301", "\u00df", "\u0130", "i\u0307", "\u0131", "\u212a", "\ufb01", "\u01c4", "\u0345",
    "\U0001f409", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U00010348", "\U0010ffff", "\uffff",
    "\ufeff", "\ufeffred", "\u200b", "r\u200bed", "\u202ered", "\u2028", "\u2029", "\u0085", "\u00a0",
    "\u3000", "\u0440\u0435\u0434", "\uff52\uff45\uff44", "\ud55c", "\u1112\u1161\u11ab", "\ue000",
]  # fmt: skip
SPACES = [
    "\r", "\n", "\r\n", "\t", "red\r\n", "\r\nred", "red\nblue", "red\r\nfamily_str: blue", " red", "red ",
    "  ", "red  blue", "red\x0b", "red\x0c", "red\x1c", "red\x1d", "red\x1e", "\x00", "red\x00", "\x7f",
    "\x1b[0m", "red\x08\x08\x08blue", "\t\t", "\r\r", "\n\n", "red\u0000blue", "red\n",
]  # fmt: skip
URLS = [
    "%27", "%2527", "%00", "%zz", "a=b&family=red", "a;b", "a+b", "a b%20", "#", "../../red", "/", ".",
    "..", "family_str=red", "red/", "~", "<script>", "&amp;", "${jndi:ldap://x}", "{{7*7}}", "{% $states %}",
]  # fmt: skip
LONG = ["x" * 200, "'" * 200, "%" * 200, "\\" * 200, "\U0001f409" * 200, "e\u0301" * 100, "\x00" * 200]
SINGLE = [f"red{each}blue" for each in string.punctuation]

HOSTILE_VALUES = [*HOSTILE_TEXTS, *SQL, *JSON, *PATTERNS, *UNICODE, *SPACES, *URLS, *LONG, *SINGLE]
"""Many come to the same as another if something on the way changes them."""


def asked(name: str) -> str:
    """How a caller asks for a name as a whole: a star at its end would ask how names begin."""
    return f"{name[:-1]}\\*" if name.endswith("*") else name
