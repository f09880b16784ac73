--- Continents and sub-regions: the United Nations' M49, typed by hand. M49 lists neither
--- TWN nor XKX; they stand with their neighbours. `parts` of a region are sub-regions.

return {
  sub = [[
Northern Africa: DZA EGY ESH LBY MAR SDN TUN
Eastern Africa: ATF BDI COM DJI ERI ETH IOT KEN MDG MOZ MUS MWI MYT
Eastern Africa: REU RWA SOM SSD SYC TZA UGA ZMB ZWE
Middle Africa: AGO CAF CMR COD COG GAB GNQ STP TCD
Southern Africa: BWA LSO NAM SWZ ZAF
Western Africa: BEN BFA CIV CPV GHA GIN GMB GNB LBR MLI MRT NER NGA SEN SHN SLE TGO
Caribbean: ABW AIA ATG BES BHS BLM BRB CUB CUW CYM DMA DOM GLP
Caribbean: GRD HTI JAM KNA LCA MAF MSR MTQ PRI SXM TCA TTO VCT VGB VIR
Central America: BLZ CRI GTM HND MEX NIC PAN SLV
South America: ARG BOL BRA BVT CHL COL ECU FLK GUF GUY PER PRY SGS SUR URY VEN
Northern America: BMU CAN GRL SPM USA
Central Asia: KAZ KGZ TJK TKM UZB
Eastern Asia: CHN HKG JPN KOR MAC MNG PRK TWN
South-eastern Asia: BRN IDN KHM LAO MMR MYS PHL SGP THA TLS VNM
Southern Asia: AFG BGD BTN IND IRN LKA MDV NPL PAK
Western Asia: ARE ARM AZE BHR CYP GEO IRQ ISR JOR KWT LBN OMN PSE QAT SAU SYR TUR YEM
Eastern Europe: BGR BLR CZE HUN MDA POL ROU RUS SVK UKR
Northern Europe: ALA DNK EST FIN FRO GBR GGY IMN IRL ISL JEY LTU LVA NOR SJM SWE
Southern Europe: ALB AND BIH ESP GIB GRC HRV ITA MKD MLT MNE PRT SMR SRB SVN VAT XKX
Western Europe: AUT BEL CHE DEU FRA LIE LUX MCO NLD
Australia and New Zealand: AUS CCK CXR HMD NFK NZL
Melanesia: FJI NCL PNG SLB VUT
Micronesia (region): FSM GUM KIR MHL MNP NRU PLW UMI
Polynesia: ASM COK NIU PCN PYF TKL TON TUV WLF WSM
]],
  parts = [[
Sub-Saharan Africa: Eastern Africa|Middle Africa|Southern Africa|Western Africa
Africa: Northern Africa|Sub-Saharan Africa
Latin America and the Caribbean: Caribbean|Central America|South America
North America: Northern America|Central America|Caribbean
Americas: Northern America|Latin America and the Caribbean
Asia: Central Asia|Eastern Asia|South-eastern Asia|Southern Asia|Western Asia
Europe: Eastern Europe|Northern Europe|Southern Europe|Western Europe
Oceania: Australia and New Zealand|Melanesia|Micronesia (region)|Polynesia
]],
  aliases = [[
Eastern Asia: East Asia
South-eastern Asia: Southeast Asia|South-East Asia
Southern Asia: South Asia
Western Asia: West Asia
Middle Africa: Central Africa
Western Africa: West Africa
Eastern Africa: East Africa
Northern Africa: North Africa
Latin America and the Caribbean: Latin America & Caribbean|LAC
]],
}
