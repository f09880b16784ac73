--- The 23 industries of the Long-run World Input-Output Database, 1965 to 2000 (ISIC Rev. 3.1).
--- Source: Woltjer, Gouma, Timmer (2021), "Long-run World Input-Output Database: Version 1.1
--- Sources and Methods", GGDC; names as in the published tables.

return {
  name = "LRWIOD", aliases = "Long-run WIOD|LRWIOT|WIOD 23",
  about = "Long-run World Input-Output Database, 23 industries (ISIC Rev. 3.1)",
  to = { "ISIC4", "ISIC31" },
  notes = {
    ISIC31 = { AtB = "A and B together", LtQ = "L to Q together" },
    ISIC4 = {
      D21t22 = "publishing (22.1) is J in Rev. 4",
      Dnec = "recycling (37) is E in Rev. 4",
      E = "collection and supply of water (41) is E in Rev. 4",
      G = "repair of personal and household goods (52.6) is S in Rev. 4",
      I60t63 = "travel agencies (63.04) are N in Rev. 4",
      I64 = "post (64.1) is H in Rev. 4; telecommunications (64.2) are the larger part",
      K = "real estate (70) is L, renting (71) N, computer services (72) are J, the rest M and N",
      LtQ = "L to Q of Rev. 3.1 are O to U of Rev. 4, and parts of E, J and M",
    },
  },
  text = [[
AtB A A|Agriculture, hunting, forestry and fishing|Agriculture
C B C|Mining and quarrying|Mining
D15t16 C D|Food, beverages and tobacco|15t16|Food
D17t19 C D|Textiles, leather and footwear|17t19|Textiles
D21t22 C D|Pulp, paper, printing and publishing|21t22
D23 C D|Coke, refined petroleum and nuclear fuel|23|Refined petroleum
D24 C D|Chemicals and chemical products|24|Chemicals|Chemicals and chemicals products
D25 C D|Rubber and plastics|25|Plastics
D26 C D|Other non-metallic mineral|26|Cement
D27t28 C D|Basic metals and fabricated metal|27t28|Metals|Steel
D29 C D|Machinery|29|Machinery, nec
D30t33 C D|Electrical and optical equipment|30t33|Electronics
D34t35 C D|Transport equipment|34t35|Motor vehicles|Cars
Dnec C D|Manufacturing, nec; recycling|Manufacturing, recycling|Wood
E D E|Electricity, gas and water supply|Electricity
F F F|Construction
G G G|Wholesale and retail trade|Trade
H I H|Hotels and restaurants
I60t63 H I|Transport and storage|60t63|Transport
I64 J I|Post and telecommunications|64|Telecommunications
J K J|Financial intermediation|Finance
K M K|Real estate, renting and business activities|Business services|Real state
LtQ O L|Community, social and personal services
]],
}
