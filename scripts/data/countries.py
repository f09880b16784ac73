#!/usr/bin/python3
"""Writes figures of countries, each with year and source.

    python3 scripts/data/countries.py DATA

DATA is a folder with the publishers' files:
    panel/API_NY.GDP.MKTP.CD_*.csv, panel/API_SP.POP.TOTL_*.csv   World Bank, WDI
    panel/unsd_snaAma_GDPbyExpenditures_currentUSD.xlsx           UN national accounts
    panel/ILO_EAR_4MTH_SEX_GEO_CUR_NB_A.csv                       ILOSTAT
    converted/pwt10.01.csv.gz                                     Penn World Table 10.01
    converted/wb_countries_income.csv.gz                          World Bank country list
    converted/wiod_sea_july14_long.csv.gz                         WIOD socio-economic accounts

A country is taken where it has GDP, persons engaged, fixed investment and a location. Wages are
not published for all countries in one definition; capmod takes labour compensation per person
engaged, labour share x GDP / persons engaged, with the median share of the income class where
there is none. Pay by skill over the average is that of the WIOD where it has the country, else the
median of its high-income countries or of the others.
"""
import csv
import glob
import gzip
import json
import pathlib
import re
import statistics
import sys
import xml.etree.ElementTree as tree
import zipfile

YEAR, INVESTED, SKILLS = "2019", "2014", "2009"
ISO = "/usr/share/iso-codes/json/iso_3166-1.json"
ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "stdlib/capmod/data/countries/facts.lua"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

# Names of the UN and the ILO that ISO 3166-1 has not, or has otherwise.
NAMES = {
    "Bolivia (Plurinational State of)": "BOL", "China, Hong Kong SAR": "HKG",
    "China, Macao Special Administrative Region": "MAC", "China, People's Republic of": "CHN",
    "Cabo Verde": "CPV", "Côte d'Ivoire": "CIV", "CÙte d'Ivoire": "CIV",
    "Czech Republic": "CZE", "Czechia": "CZE", "D.R. of the Congo": "COD",
    "Democratic Republic of the Congo": "COD", "Eswatini": "SWZ",
    "Iran (Islamic Republic of)": "IRN", "Iran, Islamic Republic of": "IRN",
    "Republic of Korea": "KOR", "Republic of Moldova": "MDA", "Swaziland": "SWZ",
    "TFYR of Macedonia": "MKD", "The former Yugoslav Republic of Macedonia": "MKD",
    "Turkey": "TUR", "United Republic of Tanzania: Mainland": "TZA", "United Kingdom": "GBR",
    "United Kingdom of Great Britain and Northern Ireland": "GBR", "United States": "USA",
    "United States of America": "USA", "Tanzania, United Republic of": "TZA",
    "Venezuela (Bolivarian Republic of)": "VEN",
    "Lao People's DR": "LAO", "Cape Verde": "CPV", "State of Palestine": "PSE",
}

# Earnings that the ILO's file has wrong by its own figures of other years.
WRONG = {"RWA", "LBR"}

HEAD = '''--- Figures of countries: code, figure, value, year, source. Written by
--- scripts/data/countries.py; the sources are described in init.lua.

return [[
{body}
]]
'''


def iso_codes():
    with open(ISO, encoding="utf-8") as file:
        entries = json.load(file)["3166-1"]
    codes = dict(NAMES)
    for entry in entries:
        for field in ("name", "common_name", "official_name"):
            if field in entry:
                codes.setdefault(entry[field], entry["alpha_3"])
    return codes, {entry["alpha_3"] for entry in entries}


def lines(path):
    with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8-sig") as file:
        yield from file


def rows(path, skip=0):
    source = lines(path)
    for _ in range(skip):
        next(source)
    yield from csv.DictReader(source)


def world_bank(folder, indicator):
    path, = glob.glob(f"{folder}/panel/API_{indicator}_*.csv")
    return {row["Country Code"]: float(row[YEAR]) for row in rows(path, 4) if row[YEAR]}


def sheet(path):
    """Cells of the first sheet of a workbook, a dict by column letter for each row."""
    with zipfile.ZipFile(path) as archive:
        shared = ["".join(text.text or "" for text in item.iter(MAIN + "t"))
                  for item in tree.fromstring(archive.read("xl/sharedStrings.xml"))]
        for row in tree.fromstring(archive.read("xl/worksheets/sheet1.xml")).iter(MAIN + "row"):
            cells = {}
            for cell in row:
                value = cell.find(MAIN + "v")
                if value is not None:
                    text = shared[int(value.text)] if cell.get("t") == "s" else value.text
                    cells[re.match("[A-Z]+", cell.get("r")).group()] = text
            yield cells


def investment(folder, codes):
    """Gross fixed capital formation in current US dollars."""
    book = sheet(f"{folder}/panel/unsd_snaAma_GDPbyExpenditures_currentUSD.xlsx")
    heads = next(book)
    at = {name: column for column, name in heads.items()}
    found = {}
    for row in book:
        if row.get(at["Year"]) == INVESTED and at["Gross fixed capital formation"] in row:
            code = codes.get(row[at["Country or area"]])
            if code:
                found[code] = float(row[at["Gross fixed capital formation"]])
    return found


def earnings(folder, codes):
    """Monthly earnings of employees in 2021 PPP dollars: the latest year."""
    found = {}
    for row in rows(f"{folder}/panel/ILO_EAR_4MTH_SEX_GEO_CUR_NB_A.csv"):
        code = codes.get(row["ref_area.label"])
        if row["sex.label"] == "Total" and row["classif1.label"] == "Area type: National" \
                and code and code not in WRONG:
            found[code] = max(found.get(code, ("", 0)), (row["time"], float(row["obs_value"])))
    return found


def skills(folder):
    """Compensation an hour over the average, of high-skilled labour and of all other."""
    share = {}
    for row in rows(f"{folder}/converted/wiod_sea_july14_long.csv.gz"):
        if row["industry"].lower() == "total industries" and row["variable"] in ("LABHS", "H_HS"):
            if row[SKILLS]:
                share[row["country"], row["variable"]] = float(row[SKILLS])
    ratios = {}
    for code in {code for code, _ in share}:
        pay, hours = share[code, "LABHS"], share[code, "H_HS"]
        ratios["ROU" if code == "ROM" else code] = (pay / hours, (1 - pay) / (1 - hours))
    return ratios


def main(folder):
    codes, known = iso_codes()
    gdp = world_bank(folder, "NY.GDP.MKTP.CD")
    people = world_bank(folder, "SP.POP.TOTL")
    invested, paid = investment(folder, codes), earnings(folder, codes)
    listed = {row["iso3c"]: row for row in rows(f"{folder}/converted/wb_countries_income.csv.gz")}
    penn = {row["isocode"]: row for row in rows(f"{folder}/converted/pwt10.01.csv.gz")
            if row["year"] == YEAR}
    ratio = skills(folder)
    rich = {code for code in ratio if listed.get(code, {}).get("income_level_iso3c") == "HIC"
            or code == "TWN"}
    middle = [tuple(statistics.median(ratio[code][k] for code in ratio
                                      if (code in rich) == which) for k in (0, 1))
              for which in (False, True)]
    shares = {}
    for code, row in penn.items():
        if row["labsh"] and code in listed:
            level = listed[code]["income_level_iso3c"]
            shares.setdefault(level, []).append(float(row["labsh"]))
    usa = float(penn["USA"]["cgdpo"]) / float(penn["USA"]["emp"])
    body = []
    for code in sorted(known):
        row, place = penn.get(code), listed.get(code)
        if not (row and place and row["emp"] and place["latitude"]
                and code in gdp and code in people and code in invested):
            continue
        emp = float(row["emp"]) * 1e6

        def add(figure, value, year, source, digits=6):
            text = value if isinstance(value, str) else f"{value:.{digits}g}"
            body.append(f"{code} {figure} {text} {year} {source}")

        add("gdp", gdp[code], YEAR, "wdi")
        add("population", people[code], YEAR, "wdi")
        add("labour", emp, YEAR, "pwt")
        level = place["income_level_iso3c"]
        share = float(row["labsh"] or statistics.median(shares[level]))
        add("labour_share", share, YEAR, "pwt" if row["labsh"] else "class_median")
        add("wage", share * gdp[code] / emp, YEAR, "pay" if row["labsh"] else "pay_median")
        known_skills = ratio.get(code)
        high, other = known_skills or middle[level == "HIC"]
        add("skilled", high, SKILLS, "sea" if known_skills else "median", 4)
        add("unskilled", other, SKILLS, "sea" if known_skills else "median", 4)
        if code in paid:
            add("earnings", paid[code][1], paid[code][0], "ilo")
        add("productivity", float(row["cgdpo"]) / float(row["emp"]) / usa, YEAR, "output", 4)
        add("investment", invested[code], INVESTED, "sna")
        add("latitude", float(place["latitude"]), "-", "list")
        add("longitude", float(place["longitude"]), "-", "list")
        if place["capital_city"]:
            add("capital", place["capital_city"].replace(" ", "_"), "-", "list")
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(HEAD.format(body="\n".join(body)), encoding="utf-8")
    count = len({line[:3] for line in body})
    print(f"{OUT}: {count} countries, {len(body)} figures; medians {middle}")


if __name__ == "__main__":
    main(*sys.argv[1:])
