--- The 56 industries of the World Input-Output Database, release of 2016 (ISIC Rev. 4).
--- Source: Timmer, Los, Stehrer, de Vries (2016), "An Anatomy of the Global Trade Slowdown
--- based on the WIOD 2016 Release", GGDC Research Memorandum 162; names as in the tables.

return {
  name = "WIOD2016", aliases = "WIOD16|WIOD 56", optional = "U",
  about = "World Input-Output Database, release of 2016, 56 industries (ISIC Rev. 4)",
  to = { "ISIC4" },
  notes = { ISIC4 = { R_S = "R and S together" } },
  text = [[
A01 A|Crop and animal production, hunting and related service activities|Agriculture
A02 A|Forestry and logging|Forestry
A03 A|Fishing and aquaculture|Fishing
B B|Mining and quarrying|Mining
C10-C12 C|Manufacture of food products, beverages and tobacco products|C10T12|Food
C13-C15 C|Manufacture of textiles, wearing apparel and leather products|C13T15|Textiles
C16 C|Manufacture of wood and of products of wood and cork, except furniture|Wood
C17 C|Manufacture of paper and paper products|Paper
C18 C|Printing and reproduction of recorded media|Printing
C19 C|Manufacture of coke and refined petroleum products|Refined petroleum
C20 C|Manufacture of chemicals and chemical products|Chemicals
C21 C|Manufacture of basic pharmaceutical products and pharmaceutical preparations|Pharmaceuticals
C22 C|Manufacture of rubber and plastic products|Plastics
C23 C|Manufacture of other non-metallic mineral products|Cement
C24 C|Manufacture of basic metals|Steel
C25 C|Manufacture of fabricated metal products, except machinery and equipment
C26 C|Manufacture of computer, electronic and optical products|Electronics
C27 C|Manufacture of electrical equipment
C28 C|Manufacture of machinery and equipment n.e.c.|Machinery
C29 C|Manufacture of motor vehicles, trailers and semi-trailers|Motor vehicles|Cars
C30 C|Manufacture of other transport equipment
C31_C32 C|Manufacture of furniture; other manufacturing|C31T32|Furniture
C33 C|Repair and installation of machinery and equipment
D35 D|Electricity, gas, steam and air conditioning supply|D|Electricity
E36 E|Water collection, treatment and supply|Water
E37-E39 E|Sewerage; waste collection, treatment and disposal; remediation|E37T39
F F|Construction
G45 G|Wholesale and retail trade and repair of motor vehicles and motorcycles
G46 G|Wholesale trade, except of motor vehicles and motorcycles|Wholesale trade
G47 G|Retail trade, except of motor vehicles and motorcycles|Retail trade
H49 H|Land transport and transport via pipelines
H50 H|Water transport|Shipping
H51 H|Air transport
H52 H|Warehousing and support activities for transportation
H53 H|Postal and courier activities
I I|Accommodation and food service activities|Hotels and restaurants
J58 J|Publishing activities|Publishing
J59_J60 J|Motion picture, video, television and music production; broadcasting|J59T60
J61 J|Telecommunications
J62_J63 J|Computer programming, consultancy and related activities; information services|J62T63
K64 K|Financial service activities, except insurance and pension funding
K65 K|Insurance, reinsurance and pension funding, except compulsory social security|Insurance
K66 K|Activities auxiliary to financial services and insurance activities
L68 L|Real estate activities|L|Real estate
M69_M70 M|Legal and accounting activities; head offices; management consultancy|M69T70
M71 M|Architectural and engineering activities; technical testing and analysis
M72 M|Scientific research and development
M73 M|Advertising and market research
M74_M75 M|Other professional, scientific and technical activities; veterinary activities|M74T75
N N|Administrative and support service activities
O84 O|Public administration and defence; compulsory social security|O|Government
P85 P|Education|P
Q Q|Human health and social work activities|Health
R_S S|Other service activities|R_S
T T|Activities of households as employers; own-use production of households|Households
U U|Activities of extraterritorial organizations and bodies
]],
}
