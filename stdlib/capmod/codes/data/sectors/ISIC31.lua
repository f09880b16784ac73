--- ISIC Rev. 3.1, sections. Source: United Nations, Statistical Papers M 4 Rev. 3.1 (2002).

return {
  name = "ISIC31", aliases = "ISIC Rev.3.1|ISIC3.1|ISIC3|NACE1|NACE Rev.1.1", optional = "Q",
  about = "International Standard Industrial Classification, Rev. 3.1, sections",
  to = { "ISIC4" },
  notes = {
    ISIC4 = {
      D = "publishing is J in Rev. 4, recycling E",
      E = "collection and supply of water is E in Rev. 4",
      G = "repair of personal and household goods is S in Rev. 4",
      I = "post is H, telecommunications are J, travel agencies N in Rev. 4",
      K = "K is L, M, N and, for computer services, J in Rev. 4",
      N = "veterinary activities are M in Rev. 4",
      O = "O is E (sewage and refuse), J (film, broadcasting), R and S in Rev. 4",
    },
  },
  text = [[
A A|Agriculture, hunting and forestry|Agriculture
B A|Fishing
C B|Mining and quarrying|Mining
D C|Manufacturing|Industry
E D|Electricity, gas and water supply|Electricity
F F|Construction
G G|Wholesale and retail trade; repair of motor vehicles and personal and household goods|Trade
H I|Hotels and restaurants
I H|Transport, storage and communications|Transport
J K|Financial intermediation|Finance
K M|Real estate, renting and business activities|Business services
L O|Public administration and defence; compulsory social security|Government
M P|Education
N Q|Health and social work|Health
O S|Other community, social and personal service activities
P T|Activities of private households|Households
Q U|Extra-territorial organizations and bodies
]],
}
