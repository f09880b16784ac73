--- Groups of countries by year. A line of `events` is a year and who came in, or
--- with a minus who left, in it. A country is a member in a year if it is one on 31 December.
--- Suspension of rights does not end a membership.
--- Sources: the bodies' founding and accession treaties, as named; typed by hand.

return {
  {
    name = "EU", aliases = "European Union|European Communities|EEC",
    about = "European Union and the Communities before it; treaties of accession",
    events = [[
1958 BEL DEU FRA ITA LUX NLD
1973 DNK GBR IRL
1981 GRC
1986 ESP PRT
1995 AUT FIN SWE
2004 CYP CZE EST HUN LTU LVA MLT POL SVK SVN
2007 BGR ROU
2013 HRV
2020 -GBR]],
    -- Compositions that have a name of their own. EU27 is that of 2007 to 2012 or, for
    -- every later year (also 2013 to 2019, as statisticians use it) and without one, that of 2020.
    sizes = { EU6 = 1958, EU9 = 1973, EU10 = 1981, EU12 = 1986, EU15 = 1995, EU25 = 2004,
      EU28 = 2013 },
    switch = { name = "EU27", before = 2013, first = 2007, second = 2020 },
  },
  {
    name = "Euro area", aliases = "EA|Eurozone|Euro zone|EMU",
    about = "countries whose currency is the euro; Council decisions on its adoption",
    events = [[
1999 AUT BEL DEU ESP FIN FRA IRL ITA LUX NLD PRT
2001 GRC
2007 SVN
2008 CYP MLT
2009 SVK
2011 EST
2014 LVA
2015 LTU
2023 HRV
2026 BGR]],
    sizes = { EA11 = 1999, EA12 = 2001, EA13 = 2007, EA15 = 2008, EA16 = 2009, EA17 = 2011,
      EA18 = 2014, EA19 = 2015, EA20 = 2023, EA21 = 2026 },
  },
  {
    name = "OECD", aliases = "Organisation for Economic Co-operation and Development",
    about = "deposit of the instrument of ratification; OECD",
    events = [[
1961 AUT BEL CAN CHE DEU DNK ESP FRA GBR GRC IRL ISL LUX NLD NOR PRT SWE TUR USA
1962 ITA
1964 JPN
1969 FIN
1971 AUS
1973 NZL
1994 MEX
1995 CZE
1996 HUN KOR POL
2000 SVK
2010 CHL EST ISR SVN
2016 LVA
2018 LTU
2020 COL
2021 CRI]],
  },
  {
    name = "EFTA", aliases = "European Free Trade Association",
    about = "Stockholm Convention; Finland was an associate from 1961 to 1985",
    events = [[
1960 AUT CHE DNK GBR NOR PRT SWE
1970 ISL
1973 -DNK -GBR
1986 FIN -PRT
1991 LIE
1995 -AUT -FIN -SWE]],
  },
  {
    name = "ASEAN", aliases = "Association of Southeast Asian Nations",
    about = "Bangkok Declaration and accessions",
    events = [[
1967 IDN MYS PHL SGP THA
1984 BRN
1995 VNM
1997 LAO MMR
1999 KHM
2025 TLS]],
  },
  {
    name = "BRICS", aliases = "",
    about = "from the first summit (2009, as BRIC); Saudi Arabia, invited in 2023, is left out",
    events = [[
2009 BRA CHN IND RUS
2010 ZAF
2024 ARE EGY ETH IRN
2025 IDN]],
    sizes = { BRIC = 2009 },
  },
  {
    name = "G7", aliases = "Group of Seven",
    about = "summits; six countries in 1975",
    events = [[
1975 DEU FRA GBR ITA JPN USA
1976 CAN]],
  },
  {
    name = "G20", aliases = "Group of Twenty",
    about = "the countries only; the European Union and the African Union are members beside them",
    events = [[
1999 ARG AUS BRA CAN CHN DEU FRA GBR IDN IND ITA JPN KOR MEX RUS SAU TUR USA ZAF]],
  },
  {
    name = "NAFTA", aliases = "USMCA|CUSMA|T-MEC",
    about = "NAFTA from 1994, the USMCA from July 2020",
    events = "1994 CAN MEX USA",
  },
  {
    name = "MERCOSUR", aliases = "MERCOSUL|Southern Common Market",
    about = "full members; Venezuela is suspended since December 2016 and is kept",
    events = [[
1991 ARG BRA PRY URY
2012 VEN
2024 BOL]],
  },
  {
    name = "GCC", aliases = "Gulf Cooperation Council",
    about = "charter of 1981",
    events = "1981 ARE BHR KWT OMN QAT SAU",
  },
  {
    name = "African Union", aliases = "",
    about = "from its launch in 2002; the Sahrawi Republic stands under ESH; AU alone is Australia",
    events = [[
2002 AGO BDI BEN BFA BWA CAF CIV CMR COD COG COM CPV DJI DZA EGY ERI ESH ETH GAB GHA
2002 GIN GMB GNB GNQ KEN LBR LBY LSO MDG MLI MOZ MRT MUS MWI NAM NER NGA RWA SDN SEN
2002 SLE SOM STP SWZ SYC TCD TGO TUN TZA UGA ZAF ZMB ZWE
2011 SSD
2017 MAR]],
  },
  {
    name = "APEC", aliases = "Asia-Pacific Economic Cooperation",
    about = "member economies",
    events = [[
1989 AUS BRN CAN IDN JPN KOR MYS NZL PHL SGP THA USA
1991 CHN HKG TWN
1993 MEX PNG
1994 CHL
1998 PER RUS VNM]],
  },
  {
    name = "CPTPP",
    aliases = "Comprehensive and Progressive Agreement for Trans-Pacific Partnership",
    about = "entry into force for each party",
    events = [[
2018 AUS CAN JPN MEX NZL SGP
2019 VNM
2021 PER
2022 MYS
2023 BRN CHL
2024 GBR]],
  },
  {
    name = "RCEP", aliases = "Regional Comprehensive Economic Partnership",
    about = "entry into force for each party; Myanmar (ratification contested) is left out",
    events = [[
2022 AUS BRN CHN JPN KHM KOR LAO MYS NZL SGP THA VNM
2023 IDN PHL]],
  },
  {
    name = "EAEU", aliases = "Eurasian Economic Union",
    about = "treaty in force from January 2015",
    events = "2015 ARM BLR KAZ KGZ RUS",
  },
  {
    name = "SCO", aliases = "Shanghai Cooperation Organisation",
    about = "member states",
    events = [[
2001 CHN KAZ KGZ RUS TJK UZB
2017 IND PAK
2023 IRN
2024 BLR]],
  },
}
