--- ISIC Rev. 4, sections. Source: United Nations, Statistical Papers M 4 Rev. 4 (2008).
--- In every file of this kind a line is a code, what it is in the classifications of
--- `to` (a tilde: approximately, `notes` say why), the name, and further spellings.
--- `optional`: codes that a table may lack and still be of this classification.

return {
  name = "ISIC4", aliases = "ISIC Rev.4|ISIC sections|NACE2|NACE Rev.2", optional = "U",
  about = "International Standard Industrial Classification, Rev. 4, sections",
  text = [[
A |Agriculture, forestry and fishing|Agriculture
B |Mining and quarrying|Mining
C |Manufacturing|Industry
D |Electricity, gas, steam and air conditioning supply|Electricity|Energy
E |Water supply; sewerage, waste management and remediation activities|Water
F |Construction|Building
G |Wholesale and retail trade; repair of motor vehicles and motorcycles|Trade
H |Transportation and storage|Transport
I |Accommodation and food service activities|Hotels and restaurants
J |Information and communication
K |Financial and insurance activities|Finance
L |Real estate activities|Real estate
M |Professional, scientific and technical activities
N |Administrative and support service activities
O |Public administration and defence; compulsory social security|Government
P |Education
Q |Human health and social work activities|Health
R |Arts, entertainment and recreation
S |Other service activities
T |Activities of households as employers; own-use production of households|Households
U |Activities of extraterritorial organizations and bodies
]],
}
