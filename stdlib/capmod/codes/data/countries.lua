--- ISO 3166-1: alpha-3, alpha-2, number, names (short, common, official).
--- Written by scripts/data/iso.py; source: Debian's iso-codes.

return [[
ABW AW 533 Aruba
AFG AF 004 Afghanistan|Islamic Republic of Afghanistan
AGO AO 024 Angola|Republic of Angola
AIA AI 660 Anguilla
ALA AX 248 Åland Islands
ALB AL 008 Albania|Republic of Albania
AND AD 020 Andorra|Principality of Andorra
ARE AE 784 United Arab Emirates
ARG AR 032 Argentina|Argentine Republic
ARM AM 051 Armenia|Republic of Armenia
ASM AS 016 American Samoa
ATA AQ 010 Antarctica
ATF TF 260 French Southern Territories
ATG AG 028 Antigua and Barbuda
AUS AU 036 Australia
AUT AT 040 Austria|Republic of Austria
AZE AZ 031 Azerbaijan|Republic of Azerbaijan
BDI BI 108 Burundi|Republic of Burundi
BEL BE 056 Belgium|Kingdom of Belgium
BEN BJ 204 Benin|Republic of Benin
BES BQ 535 Bonaire, Sint Eustatius and Saba
BFA BF 854 Burkina Faso
BGD BD 050 Bangladesh|People's Republic of Bangladesh
BGR BG 100 Bulgaria|Republic of Bulgaria
BHR BH 048 Bahrain|Kingdom of Bahrain
BHS BS 044 Bahamas|Commonwealth of the Bahamas
BIH BA 070 Bosnia and Herzegovina|Republic of Bosnia and Herzegovina
BLM BL 652 Saint Barthélemy
BLR BY 112 Belarus|Republic of Belarus
BLZ BZ 084 Belize
BMU BM 060 Bermuda
BOL BO 068 Bolivia, Plurinational State of|Bolivia|Plurinational State of Bolivia
BRA BR 076 Brazil|Federative Republic of Brazil
BRB BB 052 Barbados
BRN BN 096 Brunei Darussalam
BTN BT 064 Bhutan|Kingdom of Bhutan
BVT BV 074 Bouvet Island
BWA BW 072 Botswana|Republic of Botswana
CAF CF 140 Central African Republic
CAN CA 124 Canada
CCK CC 166 Cocos (Keeling) Islands
CHE CH 756 Switzerland|Swiss Confederation
CHL CL 152 Chile|Republic of Chile
CHN CN 156 China|People's Republic of China
CIV CI 384 Côte d'Ivoire|Republic of Côte d'Ivoire
CMR CM 120 Cameroon|Republic of Cameroon
COD CD 180 Congo, The Democratic Republic of the
COG CG 178 Congo|Republic of the Congo
COK CK 184 Cook Islands
COL CO 170 Colombia|Republic of Colombia
COM KM 174 Comoros|Union of the Comoros
CPV CV 132 Cabo Verde|Republic of Cabo Verde
CRI CR 188 Costa Rica|Republic of Costa Rica
CUB CU 192 Cuba|Republic of Cuba
CUW CW 531 Curaçao
CXR CX 162 Christmas Island
CYM KY 136 Cayman Islands
CYP CY 196 Cyprus|Republic of Cyprus
CZE CZ 203 Czechia|Czech Republic
DEU DE 276 Germany|Federal Republic of Germany
DJI DJ 262 Djibouti|Republic of Djibouti
DMA DM 212 Dominica|Commonwealth of Dominica
DNK DK 208 Denmark|Kingdom of Denmark
DOM DO 214 Dominican Republic
DZA DZ 012 Algeria|People's Democratic Republic of Algeria
ECU EC 218 Ecuador|Republic of Ecuador
EGY EG 818 Egypt|Arab Republic of Egypt
ERI ER 232 Eritrea|the State of Eritrea
ESH EH 732 Western Sahara
ESP ES 724 Spain|Kingdom of Spain
EST EE 233 Estonia|Republic of Estonia
ETH ET 231 Ethiopia|Federal Democratic Republic of Ethiopia
FIN FI 246 Finland|Republic of Finland
FJI FJ 242 Fiji|Republic of Fiji
FLK FK 238 Falkland Islands (Malvinas)
FRA FR 250 France|French Republic
FRO FO 234 Faroe Islands
FSM FM 583 Micronesia, Federated States of|Federated States of Micronesia
GAB GA 266 Gabon|Gabonese Republic
GBR GB 826 United Kingdom|United Kingdom of Great Britain and Northern Ireland
GEO GE 268 Georgia
GGY GG 831 Guernsey
GHA GH 288 Ghana|Republic of Ghana
GIB GI 292 Gibraltar
GIN GN 324 Guinea|Republic of Guinea
GLP GP 312 Guadeloupe
GMB GM 270 Gambia|Republic of the Gambia
GNB GW 624 Guinea-Bissau|Republic of Guinea-Bissau
GNQ GQ 226 Equatorial Guinea|Republic of Equatorial Guinea
GRC GR 300 Greece|Hellenic Republic
GRD GD 308 Grenada
GRL GL 304 Greenland
GTM GT 320 Guatemala|Republic of Guatemala
GUF GF 254 French Guiana
GUM GU 316 Guam
GUY GY 328 Guyana|Republic of Guyana
HKG HK 344 Hong Kong|Hong Kong Special Administrative Region of China
HMD HM 334 Heard Island and McDonald Islands
HND HN 340 Honduras|Republic of Honduras
HRV HR 191 Croatia|Republic of Croatia
HTI HT 332 Haiti|Republic of Haiti
HUN HU 348 Hungary
IDN ID 360 Indonesia|Republic of Indonesia
IMN IM 833 Isle of Man
IND IN 356 India|Republic of India
IOT IO 086 British Indian Ocean Territory
IRL IE 372 Ireland
IRN IR 364 Iran, Islamic Republic of|Iran|Islamic Republic of Iran
IRQ IQ 368 Iraq|Republic of Iraq
ISL IS 352 Iceland|Republic of Iceland
ISR IL 376 Israel|State of Israel
ITA IT 380 Italy|Italian Republic
JAM JM 388 Jamaica
JEY JE 832 Jersey
JOR JO 400 Jordan|Hashemite Kingdom of Jordan
JPN JP 392 Japan
KAZ KZ 398 Kazakhstan|Republic of Kazakhstan
KEN KE 404 Kenya|Republic of Kenya
KGZ KG 417 Kyrgyzstan|Kyrgyz Republic
KHM KH 116 Cambodia|Kingdom of Cambodia
KIR KI 296 Kiribati|Republic of Kiribati
KNA KN 659 Saint Kitts and Nevis
KOR KR 410 Korea, Republic of|South Korea
KWT KW 414 Kuwait|State of Kuwait
LAO LA 418 Lao People's Democratic Republic|Laos
LBN LB 422 Lebanon|Lebanese Republic
LBR LR 430 Liberia|Republic of Liberia
LBY LY 434 Libya
LCA LC 662 Saint Lucia
LIE LI 438 Liechtenstein|Principality of Liechtenstein
LKA LK 144 Sri Lanka|Democratic Socialist Republic of Sri Lanka
LSO LS 426 Lesotho|Kingdom of Lesotho
LTU LT 440 Lithuania|Republic of Lithuania
LUX LU 442 Luxembourg|Grand Duchy of Luxembourg
LVA LV 428 Latvia|Republic of Latvia
MAC MO 446 Macao|Macao Special Administrative Region of China
MAF MF 663 Saint Martin (French part)
MAR MA 504 Morocco|Kingdom of Morocco
MCO MC 492 Monaco|Principality of Monaco
MDA MD 498 Moldova, Republic of|Moldova|Republic of Moldova
MDG MG 450 Madagascar|Republic of Madagascar
MDV MV 462 Maldives|Republic of Maldives
MEX MX 484 Mexico|United Mexican States
MHL MH 584 Marshall Islands|Republic of the Marshall Islands
MKD MK 807 North Macedonia|Republic of North Macedonia
MLI ML 466 Mali|Republic of Mali
MLT MT 470 Malta|Republic of Malta
MMR MM 104 Myanmar|Republic of Myanmar
MNE ME 499 Montenegro
MNG MN 496 Mongolia
MNP MP 580 Northern Mariana Islands|Commonwealth of the Northern Mariana Islands
MOZ MZ 508 Mozambique|Republic of Mozambique
MRT MR 478 Mauritania|Islamic Republic of Mauritania
MSR MS 500 Montserrat
MTQ MQ 474 Martinique
MUS MU 480 Mauritius|Republic of Mauritius
MWI MW 454 Malawi|Republic of Malawi
MYS MY 458 Malaysia
MYT YT 175 Mayotte
NAM NA 516 Namibia|Republic of Namibia
NCL NC 540 New Caledonia
NER NE 562 Niger|Republic of the Niger
NFK NF 574 Norfolk Island
NGA NG 566 Nigeria|Federal Republic of Nigeria
NIC NI 558 Nicaragua|Republic of Nicaragua
NIU NU 570 Niue
NLD NL 528 Netherlands|Kingdom of the Netherlands
NOR NO 578 Norway|Kingdom of Norway
NPL NP 524 Nepal|Federal Democratic Republic of Nepal
NRU NR 520 Nauru|Republic of Nauru
NZL NZ 554 New Zealand
OMN OM 512 Oman|Sultanate of Oman
PAK PK 586 Pakistan|Islamic Republic of Pakistan
PAN PA 591 Panama|Republic of Panama
PCN PN 612 Pitcairn
PER PE 604 Peru|Republic of Peru
PHL PH 608 Philippines|Republic of the Philippines
PLW PW 585 Palau|Republic of Palau
PNG PG 598 Papua New Guinea|Independent State of Papua New Guinea
POL PL 616 Poland|Republic of Poland
PRI PR 630 Puerto Rico
PRK KP 408 Korea, Democratic People's Republic of|North Korea|Democratic People's Republic of Korea
PRT PT 620 Portugal|Portuguese Republic
PRY PY 600 Paraguay|Republic of Paraguay
PSE PS 275 Palestine, State of|the State of Palestine
PYF PF 258 French Polynesia
QAT QA 634 Qatar|State of Qatar
REU RE 638 Réunion
ROU RO 642 Romania
RUS RU 643 Russian Federation
RWA RW 646 Rwanda|Rwandese Republic
SAU SA 682 Saudi Arabia|Kingdom of Saudi Arabia
SDN SD 729 Sudan|Republic of the Sudan
SEN SN 686 Senegal|Republic of Senegal
SGP SG 702 Singapore|Republic of Singapore
SGS GS 239 South Georgia and the South Sandwich Islands
SHN SH 654 Saint Helena, Ascension and Tristan da Cunha
SJM SJ 744 Svalbard and Jan Mayen
SLB SB 090 Solomon Islands
SLE SL 694 Sierra Leone|Republic of Sierra Leone
SLV SV 222 El Salvador|Republic of El Salvador
SMR SM 674 San Marino|Republic of San Marino
SOM SO 706 Somalia|Federal Republic of Somalia
SPM PM 666 Saint Pierre and Miquelon
SRB RS 688 Serbia|Republic of Serbia
SSD SS 728 South Sudan|Republic of South Sudan
STP ST 678 Sao Tome and Principe|Democratic Republic of Sao Tome and Principe
SUR SR 740 Suriname|Republic of Suriname
SVK SK 703 Slovakia|Slovak Republic
SVN SI 705 Slovenia|Republic of Slovenia
SWE SE 752 Sweden|Kingdom of Sweden
SWZ SZ 748 Eswatini|Kingdom of Eswatini
SXM SX 534 Sint Maarten (Dutch part)
SYC SC 690 Seychelles|Republic of Seychelles
SYR SY 760 Syrian Arab Republic|Syria
TCA TC 796 Turks and Caicos Islands
TCD TD 148 Chad|Republic of Chad
TGO TG 768 Togo|Togolese Republic
THA TH 764 Thailand|Kingdom of Thailand
TJK TJ 762 Tajikistan|Republic of Tajikistan
TKL TK 772 Tokelau
TKM TM 795 Turkmenistan
TLS TL 626 Timor-Leste|Democratic Republic of Timor-Leste
TON TO 776 Tonga|Kingdom of Tonga
TTO TT 780 Trinidad and Tobago|Republic of Trinidad and Tobago
TUN TN 788 Tunisia|Republic of Tunisia
TUR TR 792 Türkiye|Republic of Türkiye
TUV TV 798 Tuvalu
TWN TW 158 Taiwan, Province of China|Taiwan
TZA TZ 834 Tanzania, United Republic of|Tanzania|United Republic of Tanzania
UGA UG 800 Uganda|Republic of Uganda
UKR UA 804 Ukraine
UMI UM 581 United States Minor Outlying Islands
URY UY 858 Uruguay|Eastern Republic of Uruguay
USA US 840 United States|United States of America
UZB UZ 860 Uzbekistan|Republic of Uzbekistan
VAT VA 336 Holy See (Vatican City State)
VCT VC 670 Saint Vincent and the Grenadines
VEN VE 862 Venezuela, Bolivarian Republic of|Venezuela|Bolivarian Republic of Venezuela
VGB VG 092 Virgin Islands, British|British Virgin Islands
VIR VI 850 Virgin Islands, U.S.|Virgin Islands of the United States
VNM VN 704 Viet Nam|Vietnam|Socialist Republic of Viet Nam
VUT VU 548 Vanuatu|Republic of Vanuatu
WLF WF 876 Wallis and Futuna
WSM WS 882 Samoa|Independent State of Samoa
YEM YE 887 Yemen|Republic of Yemen
ZAF ZA 710 South Africa|Republic of South Africa
ZMB ZM 894 Zambia|Republic of Zambia
ZWE ZW 716 Zimbabwe|Republic of Zimbabwe
]]
