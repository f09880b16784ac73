#!/usr/bin/python3
"""Writes the country and currency tables from Debian's iso-codes package.

    python3 scripts/data/iso.py [JSON FOLDER]

Facts only (codes and names of ISO 3166-1 and ISO 4217) are taken over, into a
layout of our own; spelling variants are typed by hand in codes/data/variants.lua.
"""
import json
import pathlib
import sys

folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/iso-codes/json")
out = pathlib.Path(__file__).resolve().parents[2] / "stdlib/capmod/codes/data"


def load(name):
    with open(folder / f"iso_{name}.json", encoding="utf-8") as file:
        return json.load(file)[name]


def write(name, about, lines):
    body = "\n".join(lines)
    text = f"--- {about}\n--- Written by scripts/data/iso.py; source: Debian's iso-codes.\n\n"
    (out / name).write_text(f"{text}return [[\n{body}\n]]\n", encoding="utf-8")


def country(entry):
    names = []
    for field in ("name", "common_name", "official_name"):
        name = entry.get(field)
        if name and name not in names:
            names.append(name)
    return f"{entry['alpha_3']} {entry['alpha_2']} {entry['numeric']} {'|'.join(names)}"


countries = sorted(load("3166-1"), key=lambda entry: entry["alpha_3"])
write("countries.lua", "ISO 3166-1: alpha-3, alpha-2, number, names (short, common, official).",
      map(country, countries))
currencies = sorted(load("4217"), key=lambda entry: entry["alpha_3"])
write("currencies.lua", "ISO 4217: code, name.",
      (f"{entry['alpha_3']} {entry['name']}" for entry in currencies))
