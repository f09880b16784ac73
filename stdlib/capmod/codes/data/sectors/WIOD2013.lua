--- The 35 industries of the World Input-Output Database, release of 2013 (NACE Rev. 1.1).
--- Sources: Timmer, Dietzenbacher, Los, Stehrer, de Vries (2015), "An Illustrated User Guide to
--- the World Input-Output Database"; names as in the socio-economic accounts of July 2014.
--- Rev. 1.1 and Rev. 4 cut differently, so the sections of ISIC Rev. 4 fit approximately.

return {
  name = "WIOD2013", aliases = "WIOD13|WIOD 35",
  about = "World Input-Output Database, release of 2013, 35 industries (NACE Rev. 1.1)",
  to = { "ISIC4", "ISIC31", "LRWIOD" },
  notes = {
    ISIC31 = { c1 = "A and B together" },
    ISIC4 = {
      c7 = "publishing (22.1) is J in Rev. 4",
      c16 = "recycling (37) is E in Rev. 4",
      c17 = "collection and supply of water (41) is E in Rev. 4",
      c21 = "repair of personal and household goods (52.7) is S in Rev. 4",
      c26 = "travel agencies (63.3) are N in Rev. 4",
      c27 = "post (64.1) is H in Rev. 4; telecommunications (64.2) are the larger part",
      c30 = "renting (71) is N, computer services (72) are J, part of 74 is N",
      c33 = "veterinary activities (85.2) are M in Rev. 4",
      c34 = "sewage and refuse (90) is E, film and broadcasting (92.1, 92.2) are J, sport R",
    },
  },
  text = [[
c1 A A AtB|Agriculture, hunting, forestry and fishing|AtB|Agriculture
c2 B C C|Mining and quarrying|C|Mining
c3 C D D15t16|Food, beverages and tobacco|15t16|Food
c4 C D D17t19|Textiles and textile products|17t18|Textiles
c5 C D D17t19|Leather, leather products and footwear|19|Leather, leather and footwear|Leather
c6 C D Dnec|Wood and products of wood and cork|20|Wood
c7 C D D21t22|Pulp, paper, printing and publishing|21t22|Pulp, paper, paper|Paper
c8 C D D23|Coke, refined petroleum and nuclear fuel|23|Refined petroleum
c9 C D D24|Chemicals and chemical products|24|Chemicals
c10 C D D25|Rubber and plastics|25|Plastics
c11 C D D26|Other non-metallic mineral|26|Cement
c12 C D D27t28|Basic metals and fabricated metal|27t28|Metals|Steel
c13 C D D29|Machinery, nec|29|Machinery
c14 C D D30t33|Electrical and optical equipment|30t33|Electronics
c15 C D D34t35|Transport equipment|34t35|Motor vehicles|Cars
c16 C D Dnec|Manufacturing, nec; recycling|36t37
c17 D E E|Electricity, gas and water supply|E|Electricity
c18 F F F|Construction|F
c19 G G G|Sale, maintenance and repair of motor vehicles and motorcycles; retail sale of fuel|50
c20 G G G|Wholesale trade, except of motor vehicles and motorcycles|51|Wholesale trade
c21 G G G|Retail trade, except of motor vehicles; repair of household goods|52|Retail trade
c22 I H H|Hotels and restaurants|H
c23 H I I60t63|Inland transport|60|Other inland transport
c24 H I I60t63|Water transport|61|Other water transport|Shipping
c25 H I I60t63|Air transport|62|Other air transport
c26 H I I60t63|Supporting transport activities; travel agencies|63
c27 J I I64|Post and telecommunications|64|Telecommunications
c28 K J J|Financial intermediation|J|Finance
c29 L K K|Real estate activities|70|Real estate
c30 M K K|Renting of machinery and equipment and other business activities|71t74|Business services
c31 O L LtQ|Public administration and defence; compulsory social security|L|Government
c32 P M LtQ|Education|M
c33 Q N LtQ|Health and social work|N|Health
c34 S O LtQ|Other community, social and personal services|O
c35 T P LtQ|Private households with employed persons|P
]],
  -- Other spellings in the socio-economic accounts.
  more = [[
c6 Wood and of wood and cork
c7 Pulp, paper, paper , printing and publishing
c20 Wholesale trade and commission trade, except of motor vehicles and motorcycles
c21 Retail trade, except of motor vehicles and motorcycles; repair of household goods
c26 Other supporting and auxiliary transport activities; activities of travel agencies
c26 Supporting and auxiliary transport activities; activities of travel agencies
c30 Renting of m&eq and other business activities
c31 Public admin and defence; compulsory social security
]],
}
