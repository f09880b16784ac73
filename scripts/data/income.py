#!/usr/bin/python3
"""Writes the World Bank's income classes by year.

    python3 scripts/data/income.py CLASSES.csv COUNTRIES.csv[.gz]

CLASSES.csv:   "Country Income Classification - World Bank (2017)", Our World in
               Data (entity, year, class 1 to 4), 1987 to 2016.
COUNTRIES.csv: the World Bank's country list with the classes of July 2020, which
               rest on incomes of 2019 (iso3c, ..., income_level_iso3c).
"""
import csv
import gzip
import json
import pathlib
import sys

FIRST, LAST, LATEST = 1987, 2016, 2019
ISO = "/usr/share/iso-codes/json/iso_3166-1.json"
OUT = pathlib.Path(__file__).resolve().parents[2] / "stdlib/capmod/codes/data/income.lua"
CLASS = {"LIC": "1", "LMC": "2", "UMC": "3", "HIC": "4"}

# Names in the two lists that ISO 3166-1 has not; None: no code of today.
NAMES = {
    "Brunei": "BRN", "Cape Verde": "CPV", "Channel Islands": None, "Congo": "COG",
    "Cote d'Ivoire": "CIV", "Curacao": "CUW", "Czechoslovakia": None,
    "Democratic Republic of Congo": "COD", "Faeroe Islands": "FRO", "Kosovo": "XKX",
    "Macedonia": "MKD", "Micronesia (country)": "FSM", "Netherlands Antilles": None,
    "Palestine": "PSE", "Russia": "RUS", "Swaziland": "SWZ", "Timor": "TLS", "Turkey": "TUR",
    "United States Virgin Islands": "VIR",
}

HEAD = """--- Income classes of the World Bank: 1 low, 2 lower middle, 3 upper middle, 4 high;
--- a point where none was given. One character a year from {first} to {last}, then one for
--- {latest}. The year is that of the incomes; the Bank publishes the class in July of the next.
--- Written by scripts/data/income.py. Sources: World Bank (CC BY 4.0), the years to {last}
--- through Our World in Data (CC BY 4.0), {latest} from the Bank's country list of July 2020.
--- No code of today: {skipped}.

return {{ first = {first}, last = {last}, latest = {latest}, text = [[
{body}
]] }}
"""


def iso_codes():
    with open(ISO, encoding="utf-8") as file:
        entries = json.load(file)["3166-1"]
    codes = dict(NAMES)
    for entry in entries:
        for field in ("name", "common_name", "official_name"):
            if field in entry:
                codes.setdefault(entry[field], entry["alpha_3"])
    return codes, {entry["alpha_3"] for entry in entries} | {"XKX"}


def rows(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def main(classes, countries):
    codes, known = iso_codes()
    table, skipped = {}, set()
    for row in rows(classes):
        code = codes[row["Entity"]]
        if code is None:
            skipped.add(row["Entity"])
            continue
        line = table.setdefault(code, ["."] * (LAST - FIRST + 2))
        line[int(row["Year"]) - FIRST] = row["Income classification (World Bank 2017)"]
    for row in rows(countries):
        level = CLASS.get(row["income_level_iso3c"])
        if level is None:
            continue
        if row["iso3c"] in known:
            table.setdefault(row["iso3c"], ["."] * (LAST - FIRST + 2))[-1] = level
        else:
            skipped.add(row["country"])
    body = "\n".join(f"{code} {''.join(table[code])}" for code in sorted(table))
    OUT.write_text(HEAD.format(first=FIRST, last=LAST, latest=LATEST, body=body,
                               skipped=", ".join(sorted(skipped))), encoding="utf-8")


main(*sys.argv[1:3])
