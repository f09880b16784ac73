--- The 45 industries of the OECD's Inter-Country Input-Output tables, editions of 2021 and
--- 2023 (ISIC Rev. 4). Source: OECD, ReadMe of ICIO 2021; the codes are those of the
--- edition of 2023, those of 2021 (D01T02 ...) are spellings.

return {
  name = "ICIO2021", aliases = "ICIO45|ICIO2023|ICIO|OECD ICIO|TiVA2021|TiVA2023",
  about = "OECD Inter-Country Input-Output tables, 45 industries (ISIC Rev. 4)",
  to = { "ISIC4" },
  text = [[
A01_02 A|Agriculture, hunting, forestry|D01T02|Agriculture
A03 A|Fishing and aquaculture|D03|Fishing
B05_06 B|Mining and quarrying, energy producing products|D05T06
B07_08 B|Mining and quarrying, non-energy producing products|D07T08
B09 B|Mining support service activities|D09
C10T12 C|Food products, beverages and tobacco|D10T12|Food
C13T15 C|Textiles, textile products, leather and footwear|D13T15|Textiles
C16 C|Wood and products of wood and cork|D16|Wood
C17_18 C|Paper products and printing|D17T18
C19 C|Coke and refined petroleum products|D19|Refined petroleum
C20 C|Chemical and chemical products|D20|Chemicals
C21 C|Pharmaceuticals, medicinal chemical and botanical products|D21|Pharmaceuticals
C22 C|Rubber and plastics products|D22|Plastics
C23 C|Other non-metallic mineral products|D23|Cement
C24 C|Basic metals|D24|Steel
C25 C|Fabricated metal products|D25
C26 C|Computer, electronic and optical equipment|D26|Electronics
C27 C|Electrical equipment|D27
C28 C|Machinery and equipment, nec|D28|Machinery
C29 C|Motor vehicles, trailers and semi-trailers|D29|Motor vehicles|Cars
C30 C|Other transport equipment|D30
C31T33 C|Manufacturing nec; repair and installation of machinery and equipment|D31T33
D D|Electricity, gas, steam and air conditioning supply|D35|Electricity
E E|Water supply; sewerage, waste management and remediation activities|D36T39|Water
F F|Construction|D41T43
G G|Wholesale and retail trade; repair of motor vehicles|D45T47|Trade
H49 H|Land transport and transport via pipelines|D49
H50 H|Water transport|D50|Shipping
H51 H|Air transport|D51
H52 H|Warehousing and support activities for transportation|D52
H53 H|Postal and courier activities|D53
I I|Accommodation and food service activities|D55T56|Hotels and restaurants
J58T60 J|Publishing, audiovisual and broadcasting activities|D58T60
J61 J|Telecommunications|D61
J62_63 J|IT and other information services|D62T63
K K|Financial and insurance activities|D64T66|Finance
L L|Real estate activities|D68|Real estate
M M|Professional, scientific and technical activities|D69T75
N N|Administrative and support services|D77T82
O O|Public administration and defence; compulsory social security|D84|Government
P P|Education|D85
Q Q|Human health and social work activities|D86T88|Health
R R|Arts, entertainment and recreation|D90T93
S S|Other service activities|D94T96
T T|Activities of households as employers; own-use production of households|D97T98|Households
]],
}
