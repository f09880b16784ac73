--- Common English names and other spellings of countries, typed by hand. A line is
--- an alpha-3 code, the name that is printed ("=" keeps the common or short name of
--- countries.lua), and further spellings; case, accents and punctuation do not matter.
--- Codes among the spellings are those of sources: ROM and NDL (WIOD), ADO, IMY, KSV,
--- TMP, WBG and ZAR (World Bank before 2015 or ISO before a change of name), EL and UK
--- (European Union).

return { names = [[
AND =|ADO
ARE =|UAE|Emirates
BHS =|The Bahamas
BIH =|Bosnia|Bosnia & Herzegovina|Bosnia-Herzegovina
BLR =|Byelorussia|Belorussia
BRN Brunei
CAF =|Central African Rep.|CAR
CHN =|PR China|PRC|Mainland China|China (People's Republic of)|P.R. China
CIV =|Ivory Coast|Cote dIvoire
COD DR Congo|Congo, Dem. Rep.|Congo-Kinshasa|Congo (Kinshasa)|Democratic Republic of Congo|Zaire|ZAR
COG Congo Republic|Congo, Rep.|Congo-Brazzaville|Congo (Brazzaville)|Republic of Congo
CPV =|Cape Verde
CUW =|Curacao
CZE =|Czech Rep.|Czech Republic - Czechia
DEU =|Federal Republic of Germany|FRG
DOM =|Dominican Rep.
EGY =|Egypt, Arab Rep.
ERI =|State of Eritrea
FLK Falkland Islands|Malvinas
FRO =|Faeroe Islands
FSM Micronesia|Micronesia, Fed. Sts.|Micronesia (country)|Federated States of Micronesia
GBR =|UK|Great Britain|Britain|U.K.
GNQ =|Eq. Guinea
GRC =|Hellas|EL
HKG =|Hong Kong, China|Hong Kong SAR, China|China, Hong Kong SAR|Hong Kong SAR
IMN =|IMY
IRL =|Republic of Ireland|Eire
IRN =|Iran, Islamic Rep.|Persia
KGZ =|Kyrgyz Rep.|Kirghizia
KNA =|St Kitts & Nevis
KOR Korea|South Korea|S. Korea|Korea, South|Korea, Rep.|Korea Rep. of|ROK
LAO =|Lao PDR|Lao People's DR|Lao
LBY =|Libyan Arab Jamahiriya
MAC =|Macau|Macao SAR, China|China, Macao SAR|Macao, China
MKD =|Macedonia|FYROM|Macedonia, FYR|TFYR of Macedonia|Macedonia, the former Yugoslav Republic of
MMR =|Burma
NLD =|Holland|The Netherlands|NDL
PRK =|N. Korea|Korea, North|Korea, Dem. People's Rep.|Korea, DPR|DPRK
PSE Palestine|West Bank and Gaza|Occupied Palestinian Territory|Palestinian Territories|WBG
REU =|Reunion Island
ROU =|Rumania|Roumania|ROM
RUS Russia
SAU =|KSA
STP =|São Tomé and Príncipe
SVK =|Slovak Rep.
SWZ =|Swaziland
SYR =|Syrian Arab Rep.
TLS =|East Timor|Timor|TMP
TUR =|Turkey
TWN Chinese Taipei|Taiwan|Taiwan, China|China, Taiwan Province of|ROC
TZA =|Tanzania, United Rep.
USA =|United States of America|U.S.|U.S.A.|America
VAT Holy See|Vatican|Vatican City
VCT =|St. Vincent & Grenadines
VEN =|Venezuela, RB
VGB British Virgin Islands
VIR US Virgin Islands|United States Virgin Islands|Virgin Islands (U.S.)|Virgin Islands, US
VNM =|Viet-Nam
YEM =|Yemen, Rep.
]],

--- Codes outside ISO 3166-1 that tables use: the rest of the world, the world, Kosovo,
--- and the parts of China and Mexico in the OECD's tables of 2021.
pseudo = [[
ROW Rest of the world|Rest of World|RoW
WLD World|Whole world|All countries
XKX Kosovo|KSV
CN1 China, activities excluding export processing
CN2 China, export processing activities
MX1 Mexico, activities excluding global manufacturing
MX2 Mexico, global manufacturing activities
]],

--- Names that more than one country bears. "Korea" is not here: by convention it is
--- KOR, as the OECD prints it; "Guinea", "Niger", "Sudan" and "Dominica" are the
--- countries of exactly that name.
ambiguous = [[
Congo: COD COG
Saint Martin: MAF SXM
Virgin Islands: VGB VIR
]] }
