#!/usr/bin/python3
"""Writes what a unit of output of each industry is made of.

    python3 scripts/data/sectors.py DATA

DATA/converted/wiod_sea_july14_long.csv.gz: WIOD socio-economic accounts, July 2014. Of each
industry the median over 40 countries in 2009 (the last year with skills) of labour compensation,
capital compensation and intermediate inputs in gross output, brought to sum 1, and of the share of
high-skilled labour in labour compensation.
"""
import csv
import gzip
import pathlib
import re
import statistics
import sys

YEAR = "2009"
ROOT = pathlib.Path(__file__).resolve().parents[2]
NAMES = ROOT / "stdlib/capmod/codes/data/sectors/WIOD2013.lua"
OUT = ROOT / "stdlib/capmod/data/sectors/facts.lua"

HEAD = '''--- What output is made of, by industry of the WIOD 2013: shares of labour, capital and inputs in
--- gross output, and of high-skilled labour in labour compensation; medians of 40 countries, 2009.
--- Written by scripts/data/sectors.py. Source: WIOD socio-economic accounts, July 2014 (Timmer and
--- others 2015).

return {{
{body}
}}
'''


def key(name):
    return re.sub("products|[^a-z]", "", name.lower())


def main(folder):
    codes = {}
    for line in re.findall(r"^c\d+ .*$", NAMES.read_text(encoding="utf-8"), re.M):
        code, rest = line.split(" ", 1)
        for name in rest.split("|"):
            codes[key(name)] = code
    values = {}
    with gzip.open(f"{folder}/converted/wiod_sea_july14_long.csv.gz", "rt") as file:
        for row in csv.DictReader(file):
            code = codes.get(key(row["industry"]))
            if row[YEAR] and code:
                place = values.setdefault((row["country"], code), {})
                place[row["variable"]] = float(row[YEAR])
    found = {}
    for (_, code), has in values.items():
        if has.get("GO", 0) > 0 and "LABHS" in has:
            found.setdefault(code, []).append((has["LAB"] / has["GO"], has["CAP"] / has["GO"],
                                               has["II"] / has["GO"], has["LABHS"]))
    lines = []
    for code in sorted(found, key=lambda code: int(code[1:])):
        labour, capital, inputs, high = (statistics.median(row[k] for row in found[code])
                                         for k in range(4))
        capital = max(capital, 0.0)
        total = labour + capital + inputs
        lines.append(f'  {code} = {{ {labour / total:.4f}, {capital / total:.4f}, '
                     f'{inputs / total:.4f}, {high:.4f} }},')
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(HEAD.format(body="\n".join(lines)), encoding="utf-8")
    print(f"{OUT}: {len(lines)} industries, {min(map(len, found.values()))} countries or more")


if __name__ == "__main__":
    main(*sys.argv[1:])
