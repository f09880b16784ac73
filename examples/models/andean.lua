-- models/andean.lua: fertilizer for five countries, 1981 to 1992; least cost 2666.6993
-- Data and model: L. Mennes and A. Stoutjesdijk, Multicountry Investment Analysis, Johns Hopkins
-- University Press 1986. Ten packages of plants may each be built once, and in no period may a
-- country build more than one package more than another. As in the published model, tariffs are no
-- part of the region's cost, and a part of the working capital is counted in thousandths. No value
-- of the optimum was published; CBC and GLPK agree on this one.
local cm = require "capmod"
local sum, dot = cm.program.sum, cm.program.dot

local countries = { "bolivia", "colombia", "ecuador", "peru", "venezuela" }
local plants_of = {
  bolivia = { "palmasola", "pto-suarez", "potosi" },
  colombia = { "baranquill", "cartagena", "barrancabr", "la-dorada" },
  ecuador = { "guayaquil", "pt-bolivar" },
  peru = { "callao-f", "cuzco", "talara", "callao-i", "bayovar" },
  venezuela = { "moron", "pta-caiman", "caripito", "tablazo" },
}
local regions_of = {
  bolivia = { "cochabamba", "santa-cruz", "potosi" },
  colombia = { "bogota", "bucaramang", "armenia", "cali" },
  ecuador = { "quito", "babahoyo", "machala" },
  peru = { "chiclayo", "ica", "arequipa", "tingo-mar" },
  venezuela = { "maturin", "maracaibo", "calabozo", "acarigua" },
}
local compounds_of = { bolivia = {}, colombia = { "c-16-12-12", "c-15-21-10" },
  ecuador = { "c-08-24-12" }, peru = { "c-12-12-12" }, venezuela = { "c-20-18-10", "c-13-13-20" } }
local periods, expansions = { 1, 2, 3, 4 }, { 2, 3, 4 } -- of three years; the first is 1981-83

-- ---- demand -------------------------------------------------------------------------------------

-- Nutrients in thousand tons a year: nitrogen, phosphate and potash in 1982, 1985, 1988 and 1991.
local nutrients = cm.grid[[
               n1    p1   k1     n2    p2   k2     n3    p3   k3     n4    p4   k4
  cochabamba  1.2   2.3    0    3.7   3.2    0    5.7   4.7    0    8.0   6.9    0
  santa-cruz  1.2   0.6    0    4.6   1.1    0    7.4   1.7    0   10.4   3.0    0
  potosi      0.3   2.4    0    0.9   3.0    0    3.3   4.3    0    4.6   5.4    0
  bogota     74.2  57.1 34.2   90.7  65.9 37.2   99.9  71.1 42.0  104.2  74.2 43.2
  bucaramang 29.4   7.1  5.4   34.9   8.4  6.1   38.3   9.9  7.6   44.4  12.3  9.0
  armenia    54.3  44.3 29.3   76.8  63.5 43.7  100.8  82.6 49.8  121.1 100.8 59.1
  cali       30.8  25.3 15.4   38.9  31.8 16.9   46.6  38.4 18.8   54.3  44.3 20.5
  quito      12.6  10.3  6.1   14.4  11.6  7.0   16.0  12.8  7.7   16.7  13.3  8.1
  babahoyo   16.2  13.2  7.9   23.1  18.5 11.3   32.0  25.8 15.5   43.1  34.8 20.9
  machala     7.2   5.8  3.4   10.6   8.5  5.1   16.0  12.8  7.7   23.3  18.7 11.3
  chiclayo   58.0  15.8  9.4   70.8  21.5 12.8   81.5  29.2 17.4   90.6  38.8 23.2
  ica        43.2  11.8  7.1   45.8  13.9  8.3   48.2  17.3 10.3   51.6  21.4 12.7
  arequipa   17.2   4.7  2.8   23.6   7.2  4.3   28.3  10.2  6.0   33.3  14.3  8.5
  tingo-mar   4.9   1.3  0.8    7.4   2.2  1.4    8.3   3.0  1.8   11.1   4.8  2.8
  maturin    24.8  18.3 11.7   30.6  23.6 14.1   39.2  32.9 17.2   51.0  47.3 21.2
  maracaibo  16.5  12.2  7.8   20.4  15.7  9.4   26.2  21.9 11.5   34.0  31.5 14.2
  calabozo   42.7  31.5 20.2   52.6  40.7 24.2   67.5  56.7 29.7   87.9  81.6 36.6
  acarigua   53.7  39.6 25.4   66.2  51.1 30.5   84.9  71.3 37.4  110.5 102.6 46.1 ]]
local regions = nutrients:labels "rows"

-- Ammonium sulfate that is wanted as such, thousand tons a year by period.
local sulfate = {
  cochabamba = { 0.5, 0.5, 0.5, 0.5 }, ["santa-cruz"] = { 0.5, 0.5, 0.5, 0.5 },
  potosi = { 0, 0.3, 0.5, 0.5 }, bogota = { 9.8, 12.4, 13.4, 15.5 },
  bucaramang = { 4.7, 4.7, 6.9, 8.0 }, armenia = { 9.4, 12.0, 13.4, 15.5 },
  cali = { 4.7, 4.7, 6.4, 7.5 }, quito = { 1.8, 2.3, 2.8, 3.1 },
  babahoyo = { 1.8, 2.3, 2.4, 2.6 }, machala = { 1.4, 1.5, 1.9, 2.2 },
  chiclayo = { 3.8, 4.5, 5.3, 6.5 }, ica = { 3.8, 4.5, 5.3, 6.5 },
  arequipa = { 3.2, 3.9, 4.6, 5.7 }, ["tingo-mar"] = { 1.3, 1.9, 2.7, 3.3 },
  maturin = { 15.4, 16.9, 20.5, 21.5 }, maracaibo = { 11.5, 11.8, 11.9, 12.5 },
  calabozo = { 23.3, 24.5, 27.0, 28.4 }, acarigua = { 28.8, 32.9, 34.0, 35.7 },
}
local content = { -- of nutrients
  urea = { n = 0.46 }, ["amm-nitr"] = { n = 0.33 }, ["amm-sulf"] = { n = 0.205 },
  ssp = { p = 0.20 }, tsp = { p = 0.46 }, ["pot-chlor"] = { k = 0.60 },
  dap = { n = 0.18, p = 0.46 }, ["c-20-18-10"] = { n = 0.20, p = 0.18, k = 0.10 },
  ["c-13-13-20"] = { n = 0.13, p = 0.13, k = 0.20 },
  ["c-15-21-10"] = { n = 0.15, p = 0.21, k = 0.10 },
  ["c-16-12-12"] = { n = 0.16, p = 0.12, k = 0.12 },
  ["c-08-24-12"] = { n = 0.08, p = 0.24, k = 0.12 },
  ["c-12-12-12"] = { n = 0.12, p = 0.12, k = 0.12 },
}

-- ---- transport ----------------------------------------------------------------------------------

-- USD a ton from plants to regions and to the port (for imports and exports of plants), and in the
-- last table from the ports to the regions. 1000 stands for no way.
local freight = { cm.grid[[
          palmasola pto-suarez potosi baranquill cartagena barrancabr la-dorada guayaquil pt-bolivar
potosi        31.25    55.97     0     70.68   70.68   93.97   97.58   70.32   70.32
cochabamba    21.50    46.22 18.17     74.34   74.34   97.63  101.24   71.10   71.10
santa-cruz     3.00    27.72 28.25     86.84   86.84  110.13  113.74   83.60   83.60
bogota       122.72     1000 103.56    32.88   35.61   16.44   12.00   64.04   64.04
bucaramang   113.13     1000 93.97     23.28   26.03    8.22   21.28   54.45   54.45
armenia      101.63     1000 82.66     31.15   31.15   21.91   11.47   42.33   42.33
cali          96.15     1000 77.18     25.67   20.67   32.98   16.95   36.75   36.75
quito        103.12     1000 87.92     48.76   48.67   72.05   47.40   20.80   26.00
babahoyo      91.13     1000 75.92     36.76   36.76   60.05   63.66    5.60   13.20
machala       88.52     1000 73.32     34.16   34.16   57.45   61.06    9.60    3.00
chiclayo      88.52     1000 70.37     36.14   36.14   59.43   63.04   32.90   32.90
ica           84.36     1000 66.25     51.05   51.05   74.34   77.95   47.81   47.81
arequipa      65.55     1000 47.40     41.99   41.99   65.28   68.89   38.25   38.75
tingo-mar    124.99     1000 106.84    72.61   72.61   95.90   99.51   69.37   69.37
maturin       95.81     1000 74.49     39.61   39.61   55.46   66.51   39.11   39.11
maracaibo     95.81     1000 74.49     22.61   31.61   38.17   49.51   39.11   39.11
calabozo     105.12     1000 83.80     44.22   49.14   45.65   60.21   48.42   48.42
acarigua     103.95     1000 82.63     37.33   46.33   38.64   53.70   47.25   47.25
port          0.009     1000 40.00     0.009   0.009   23.30   25.00   0.009   0.009 ]], cm.grid[[
           callao-f   cuzco  talara callao-i bayovar   moron pta-caiman caripito tablazo
potosi        75.40   55.45   77.02   75.40   77.02   75.12   67.48   67.48   67.48
cochabamba    68.40   47.85   70.02   68.40   70.02   80.94   73.30   73.30   73.30
santa-cruz    80.90   64.70   82.52   80.90   82.52   93.44   85.80   85.80   85.80
bogota        66.02    1000   66.02   66.02   66.02   73.34   65.48   65.48   65.48
bucaramang    56.43    1000   56.43   56.43   56.43   63.75   55.89   55.89   55.89
armenia       44.93    1000   44.93   44.93   44.93   53.33   44.43   44.43   44.43
cali          39.43    1000   39.45   39.45   39.45   47.85   38.95   38.95   38.95
quito         46.42    1000   46.42   46.42   46.42   58.60   49.70   49.70   49.70
babahoyo      34.42    1000   34.42   34.42   34.42   46.60   37.70   37.70   37.70
machala       31.82    1000   31.82   31.82   31.82   44.00   35.10   35.10   35.10
chiclayo      21.82    1000   19.16   21.82   19.16   44.00   35.10   35.10   35.10
ica           17.91   49.00   36.73   17.91   36.73   58.91   50.01   50.01   50.01
arequipa      27.20   24.70   27.67   27.20   27.67   49.85   40.95   40.95   40.95
tingo-mar     39.47    1000   58.29   39.47   58.29   80.47   71.57   71.57   71.57
maturin       39.11    1000   39.11   39.11   39.11   20.86   21.03    7.01   28.74
maracaibo     39.11  106.02   39.11   39.11   39.11   15.88   17.52   32.01    7.01
calabozo      48.42    1000   48.42   48.42   48.42   11.68   13.08   15.65   23.26
acarigua      47.25    1000   47.25   47.25   47.25   10.51   12.27   24.65   11.21
port          0.009   29.80   0.009   0.009   0.009   0.009   0.009   0.009   0.009 ]] }
local landing = { potosi = 33.00, cochabamba = 50.50, ["santa-cruz"] = 71.50, bogota = 32.90,
  bucaramang = 23.30, armenia = 12.30, cali = 6.90, quito = 17.60, babahoyo = 5.60, machala = 3.00,
  chiclayo = 3.10, ica = 18.00, arequipa = 8.90, ["tingo-mar"] = 39.50, maturin = 7.00,
  maracaibo = 7.00, calabozo = 11.70, acarigua = 10.50 }

-- Between plants, each pair once: a row has as many figures as there are plants before it.
local plants = {}
for _, w in ipairs(countries) do
  for _, i in ipairs(plants_of[w]) do plants[#plants + 1] = i end
end
local between = {
  {}, { 87.22 }, { 31.25, 55.97 }, { 89.80, 114.56, 70.68 }, { 89.80, 114.56, 70.68, 5.00 },
  { 115.80, 137.85, 93.97, 23.28, 26.00 }, { 90.16, 141.46, 97.58, 35.90, 35.90, 13.06 },
  { 88.52, 111.32, 70.32, 31.20, 31.20, 54.20, 56.10 },
  { 91.52, 111.32, 70.32, 31.14, 31.20, 54.45, 56.10, 9.60 },
  { 85.52, 108.62, 75.40, 33.10, 33.10, 56.43, 56.43, 28.80, 28.82 },
  { 90.25, 92.42, 72.10, 69.69, 69.69, 89.98, 93.59, 63.45, 63.45, 51.90 },
  { 88.52, 110.24, 77.02, 33.10, 33.10, 56.43, 56.43, 29.90, 28.82, 18.82, 52.37 },
  { 85.52, 108.62, 75.40, 33.10, 33.10, 56.40, 60.00, 29.90, 28.82, 0, 51.90, 18.80 },
  { 75.12, 110.24, 77.02, 33.10, 33.10, 56.43, 56.43, 29.90, 28.82, 21.82, 52.37, 18.80, 21.82 },
  { 67.48, 121.16, 75.10, 40.50, 40.50, 43.30, 57.90, 39.70, 39.70, 39.70, 77.00, 39.70, 39.70,
    39.70 },
  { 67.48, 113.52, 67.50, 32.60, 32.60, 45.00, 60.22, 37.10, 32.10, 32.10, 61.80, 32.10, 32.10,
    32.10, 7.20 },
  { 67.48, 113.52, 67.48, 32.60, 32.60, 55.48, 66.51, 39.11, 32.10, 39.11, 77.00, 39.11, 39.11,
    39.11, 20.90, 21.03 },
  { 67.48, 113.52, 67.48, 31.60, 31.60, 38.17, 49.51, 39.11, 32.10, 39.11, 77.00, 39.11, 39.11,
    39.11, 23.40, 17.52, 28.74 },
}

-- ---- technology ---------------------------------------------------------------------------------

-- Per ton: tons; electricity in MWh, gas in 1000 cubic feet. Compounds are named by n-p-k content.
local process = {
  ["amm-elec"] = { ammonia = 1, electr = -87 },
  ["amm-n-gas"] = { ammonia = 1, ["carb-diox"] = 1, ["nat-gas"] = -27 },
  ["amm-f-oil"] = { ammonia = 1, ["carb-diox"] = 1, ["fuel-oil"] = -0.84 },
  ["nitr-acid"] = { ["nitr-acid"] = 1, ammonia = -0.27 },
  ["amm-nitr"] = { ["amm-nitr"] = 1, ["nitr-acid"] = -0.76, ammonia = -0.2 },
  ["amm-sulf"] = { ["amm-sulf"] = 1, ["sulf-acid"] = -0.76, ammonia = -0.265 },
  urea = { urea = 1, ammonia = -0.58, ["carb-diox"] = -0.58 },
  ssp = { ssp = 1, ["sulf-acid"] = -0.38, ["phos-rock"] = -0.7 },
  tsp = { tsp = 1, ["phos-acid"] = -0.74, ["phos-rock"] = -0.45 },
  ["s-sp"] = { ssp = 1, ["sulf-acid"] = -0.38, ["phos-rock"] = -0.7 },
  ["t-sp"] = { tsp = 1, ["phos-acid"] = -0.74, ["phos-rock"] = -0.45 },
  ["phos-acid"] = { ["phos-acid"] = 1, ["sulf-acid"] = -1.5, ["phos-rock"] = -1.8 },
  ["sulf-acid"] = { ["sulf-acid"] = 1, ["el-sulfur"] = -0.33 },
  dap = { dap = 1, ["phos-acid"] = -0.84, ammonia = -0.23 },
  ["dap-g"] = { dap = 1, ["phos-acid"] = -0.84, ammonia = -0.23 },
  ["comp-g"] = { ["c-13-13-20"] = 1, urea = -0.283, tsp = -0.293, ["pot-chlor"] = -0.334 },
  ["pot-chlor"] = { ["pot-chlor"] = 1, brine = -150 },
  ["c-20-18-10"] = { ["c-20-18-10"] = 1, urea = -0.15, tsp = -0.1, dap = -0.17,
    ["pot-chlor"] = -0.17, ammonia = -0.15, ["phos-rock"] = -0.19 },
  ["c-13-13-20"] = { ["c-13-13-20"] = 1, urea = -0.283, tsp = -0.293, ["pot-chlor"] = -0.334 },
  ["c-15-21-10"] = { ["c-15-21-10"] = 1, ["nitr-acid"] = -0.15, ["amm-sulf"] = -0.15,
    ["phos-acid"] = -0.2, dap = -0.17, ["pot-chlor"] = -0.17, ammonia = -0.08,
    ["phos-rock"] = -0.2 },
  ["c-16-12-12"] = { ["c-16-12-12"] = 1, ["nitr-acid"] = -0.17, urea = -0.26,
    ["phos-acid"] = -0.04, ["pot-chlor"] = -0.2, ["phos-rock"] = -0.33 },
  ["c-08-24-12"] = { ["c-08-24-12"] = 1, ["amm-sulf"] = -0.053, ssp = -0.34, ["phos-acid"] = -0.32,
    ["pot-chlor"] = -0.2, ammonia = -0.107 },
  ["c-12-12-12"] = { ["c-12-12-12"] = 1, ["amm-sulf"] = -0.42, ssp = -0.21, dap = -0.17,
    ["pot-chlor"] = -0.2 },
}
local processes = { "amm-elec", "amm-n-gas", "amm-f-oil", "nitr-acid", "amm-nitr", "amm-sulf",
  "urea", "ssp", "tsp", "s-sp", "t-sp", "phos-acid", "sulf-acid", "dap", "dap-g", "comp-g",
  "pot-chlor", "c-20-18-10", "c-13-13-20", "c-15-21-10", "c-16-12-12", "c-08-24-12",
  "c-12-12-12" }
local unit_of = { ["s-sp"] = "ss-tsp", ["t-sp"] = "ss-tsp", ["dap-g"] = "granulator",
  ["comp-g"] = "granulator", ["c-20-18-10"] = "npk", ["c-13-13-20"] = "npk",
  ["c-15-21-10"] = "npk", ["c-16-12-12"] = "npk", ["c-08-24-12"] = "npk", ["c-12-12-12"] = "npk" }
local function unit(p) return unit_of[p] or p end
local function per_ton(p) return p == "dap-g" and 1.045 or 1 end -- of the unit, per ton

-- What old plants need besides, per ton: MWh of electricity, cubic metres of process and cooling
-- water, 1000 cubic feet of gas, tons of steam, USD of other inputs, bags.
local input_price = { 2, 0.3, 0.05, 1.1, 3, 1, 0.28 }
local compound = { 0.80, 0, 17, 0.5, 2.1, 0.7, 22 } -- at Barranquilla, either of the two
local granulate = { 0.25, 0, 4.5, 0.3, 0.1, 1.2, 22 } -- at Moron, all three
local needs = {
  baranquill = { ["nitr-acid"] = { 0.7, 1.2, 180, 0, 0.6, 0.4, 0 },
    ["amm-sulf"] = { 0.18, 0, 0, 0, 0.05, 0.3, 22 },
    ["sulf-acid"] = { 0.05, 0, 15.2, 0, 0.1, 0.4, 0 },
    ["c-15-21-10"] = compound, ["c-16-12-12"] = compound },
  cartagena = { ["amm-n-gas"] = { 9.9, 1, 150, 0, 6, 0.6, 0 },
    ["nitr-acid"] = { 1.6, 1.1, 160, 0, 0, 0.4, 0 }, urea = { 0.56, 2.5, 190, 0, 2, 1.1, 22 },
    ["c-15-21-10"] = { 0.75, 0, 20, 0, 0, 0.9, 22 },
    ["c-16-12-12"] = { 0.75, 0, 20, 0, 0, 0.9, 22 } },
  barrancabr = { ["amm-n-gas"] = { 10.4, 4.2, 500, 0, 4.1, 1.6, 0 },
    ["nitr-acid"] = { 1.74, 1, 170, 0, 0, 0.5, 0 }, urea = { 2.7, 3.2, 180, 0, 1.8, 2.6, 22 },
    ["amm-nitr"] = { 0.74, 0, 34, 0.6, 0.5, 2.2, 22 } },
  guayaquil = { ["phos-acid"] = { 4, 4, 100, 0, 2, 3, 0 }, ssp = { 0.2, 0, 0, 0, 0, 1.6, 22 },
    ["sulf-acid"] = { 0.05, 0, 15.2, 0, 0.1, 0.4, 0 },
    ["c-08-24-12"] = { 0.3, 0, 0.2, 0.6, 0.2, 1.8, 22 } },
  ["callao-f"] = { ["amm-f-oil"] = { 17, 4.2, 70, 0, 4.1, 1.1, 0 },
    ["nitr-acid"] = { 0.2, 1.1, 160, 0, 0, 0.4, 0 },
    ["amm-nitr"] = { 0.75, 0, 35, 0, 0.5, 2.3, 22 },
    ["amm-sulf"] = { 0.13, 0, 0, 0, 0.1, 1, 22 } },
  cuzco = { ["amm-elec"] = { 15, 0.4, 58, 0, 6, 2.2, 0 },
    ["nitr-acid"] = { 3.1, 1.5, 150, 0, 0, 0.9, 0 },
    ["amm-nitr"] = { 0.8, 0, 30, 0, 0.4, 2.8, 22 } },
  talara = { ["amm-n-gas"] = { 7.9, 2.9, 105, 0, 1.3, 0.6, 0 },
    urea = { 0.94, 1, 50, 0, 1, 1.1, 22 } },
  ["callao-i"] = { ssp = { 0.1, 0, 1.6, 0, 0, 3.6, 22 },
    ["c-12-12-12"] = { 0.33, 0, 0.3, 1.5, 0.03, 1.8, 22 } },
  moron = { ["amm-n-gas"] = { 0.25, 1.9, 254, 0, 0, 0.4, 0 },
    urea = { 1.63, 1.5, 56, 0, 1.1, 1, 22 }, ["amm-sulf"] = { 0.18, 0, 0, 0, 0.05, 1.8, 22 },
    ["s-sp"] = { 0.1, 0, 0, 0, 0, 1.6, 22 }, ["t-sp"] = { 0.2, 0, 0.1, 0, 0, 1.6, 22 },
    ["sulf-acid"] = { 0.05, 0, 15.2, 0, 0.1, 0.4, 0 },
    ["phos-acid"] = { 0.95, 3.8, 123, 0, 1.5, 0.6, 0 },
    ["nitr-acid"] = { 1.24, 1.2, 168, 0, 0.23, 0.5, 0 },
    ["dap-g"] = { 0.3, 0, 0, 1.4, 0.1, 1.6, 22 },
    ["comp-g"] = granulate, ["c-13-13-20"] = granulate, ["c-20-18-10"] = granulate },
  tablazo = { ["amm-n-gas"] = { 0.22, 1.9, 254, 0, 0, 0.4, 0 },
    urea = { 1.63, 1.5, 56, 0, 1.1, 1, 22 } },
}

-- Units: fixed (USD per ton of capacity a year) and variable cost when new; investment: fixed
-- (million USD) and per ton a year.
local units = cm.grid[[  fixed  variable  set-up  per-ton
              amm-elec    34.5      12.3       0        0
              amm-n-gas   34.5      12.3    84.7      185
              amm-f-oil   34.5      12.3       0        0
              nitr-acid   10.6       2.2     5.0       43
              amm-nitr     8.4      10.4     5.4       36
              amm-sulf     8.0       0.2     4.7       48
              urea        17.8       8.0    29.4       93
              ssp          9.3       1.7    10.2       35
              tsp          9.3       1.7     9.5       47
              ss-tsp       9.3       1.7       0        0
              phos-acid   16.8       9.0    17.4      100
              sulf-acid    0.3       2.5    14.8       58
              npk          6.5       2.9     8.6       63
              dap          7.7       5.5     8.6       63
              granulator   9.3       1.7       0        0
              pot-chlor   13.0      22.0    10.2      153 ]]

local installed = { -- tons a day in 1980
  baranquill = { ["nitr-acid"] = 230, ["amm-sulf"] = 212, ["sulf-acid"] = 162, npk = 850 },
  cartagena = { ["amm-n-gas"] = 340, ["nitr-acid"] = 68, urea = 500, npk = 425 },
  barrancabr = { ["amm-n-gas"] = 65, ["nitr-acid"] = 85, ["amm-nitr"] = 150, urea = 65 },
  guayaquil = { ssp = 120, ["phos-acid"] = 17, ["sulf-acid"] = 80, npk = 180 },
  ["callao-f"] = { ["amm-f-oil"] = 70, ["nitr-acid"] = 107, ["amm-nitr"] = 140,
    ["amm-sulf"] = 50 },
  cuzco = { ["amm-elec"] = 50, ["nitr-acid"] = 90, ["amm-nitr"] = 118 },
  talara = { ["amm-n-gas"] = 300, urea = 510 },
  ["callao-i"] = { ssp = 100, npk = 240 },
  moron = { ["amm-n-gas"] = 600, ["nitr-acid"] = 88, ["amm-sulf"] = 200, urea = 750,
    ["ss-tsp"] = 300, ["phos-acid"] = 650, ["sulf-acid"] = 1200, granulator = 920, npk = 460 },
  tablazo = { ["amm-n-gas"] = 1800, urea = 2400 },
}
local least_use = { 0.60, 0.65, 0.70, 0.70 } -- of old compound plants, by period

-- Packages: what each builds, tons a day.
local package_names = { "bol-1", "bol-2", "col-1", "col-2", "ecu-1", "per-1", "per-2", "per-3",
  "ven-1", "ven-2" }
local packages = {
  ["bol-1"] = { at = "palmasola", builds = { ["amm-n-gas"] = 160, urea = 250 } },
  ["bol-2"] = { at = "potosi", builds = { tsp = 170, ["phos-acid"] = 125 } },
  ["col-1"] = { at = "la-dorada", builds = { ["amm-n-gas"] = 1000, urea = 1600 } },
  ["col-2"] = { at = "la-dorada",
    builds = { tsp = 880, ["phos-acid"] = 650, ["sulf-acid"] = 980 } },
  ["ecu-1"] = { at = "pt-bolivar", builds = { ["amm-n-gas"] = 435, urea = 750 } },
  ["per-1"] = { at = "bayovar", builds = { ["amm-n-gas"] = 651, urea = 870 } },
  ["per-2"] = { at = "bayovar",
    builds = { ["sulf-acid"] = 2000, ["phos-acid"] = 1334, tsp = 1076, dap = 636 } },
  ["per-3"] = { at = "bayovar", builds = { ["pot-chlor"] = 303 } },
  ["ven-1"] = { at = "pta-caiman",
    builds = { ["phos-acid"] = 830, ["sulf-acid"] = 1245, npk = 2272, tsp = 242, dap = 561 } },
  ["ven-2"] = { at = "caripito", builds = { ["amm-n-gas"] = 1500, urea = 1030 } },
}

-- ---- prices -------------------------------------------------------------------------------------

-- Import prices, USD a ton, by period.
local import_price = {
  ["el-sulfur"] = { 73.3, 78.3, 80, 80 }, ["phos-rock"] = { 57.4, 60.3, 61.3, 61.3 },
  ["phos-acid"] = { 169.2, 193, 200, 200 }, ammonia = { 119.4, 160.1, 179, 179 },
  urea = { 163.7, 186.8, 198, 198 }, ["amm-nitr"] = { 145.4, 165, 174, 174 },
  ["amm-sulf"] = { 112.2, 120.3, 123, 123 }, ssp = { 92.2, 101.2, 104.2, 104.2 },
  tsp = { 166.1, 187, 194.2, 194.2 }, ["pot-chlor"] = { 98.8, 103.6, 105.2, 105.2 },
  dap = { 211.4, 242.9, 254.2, 254.2 },
}
local gas = { "palmasola", "pto-suarez", "cartagena", "barrancabr", "la-dorada", "pt-bolivar",
  "talara", "bayovar", "moron", "caripito", "tablazo" } -- at USD 1.02
local price_at = { -- of local materials, USD
  electr = { cuzco = 2 }, ["nat-gas"] = {}, ["fuel-oil"] = { ["callao-f"] = 39 },
  ["phos-rock"] = { potosi = 45, ["la-dorada"] = 50, bayovar = 30, moron = 49.70,
    ["pta-caiman"] = 42 },
  ["el-sulfur"] = { bayovar = 40, moron = 45, ["pta-caiman"] = 45 },
  ["sulf-acid"] = { potosi = 10, ["callao-f"] = 40, ["callao-i"] = 40 }, brine = { bayovar = 0.2 },
}
for _, i in ipairs(gas) do price_at["nat-gas"][i] = 1.02 end
local rock_at_potosi = 35 -- thousand tons a year at most
local heavy = { ["phos-acid"] = 2, ammonia = 2 } -- times the freight of solids
local export_share = { tablazo = 0.7, palmasola = 0.7 } -- of output at most; 0.3 elsewhere

-- ---- what can be where --------------------------------------------------------------------------

local products = { "urea", "amm-nitr", "amm-sulf", "ssp", "tsp", "pot-chlor", "dap",
  "c-20-18-10", "c-13-13-20", "c-15-21-10", "c-16-12-12", "c-08-24-12", "c-12-12-12" }
local traded = { "urea", "amm-nitr", "amm-sulf", "ssp", "tsp", "pot-chlor", "dap",
  "phos-acid", "ammonia" } -- exported, and shipped between plants
local foreign = { "urea", "amm-nitr", "amm-sulf", "tsp", "pot-chlor", "dap" } -- to regions
local imported = { "urea", "amm-nitr", "amm-sulf", "tsp", "pot-chlor", "dap", "phos-acid",
  "ammonia", "phos-rock", "el-sulfur" } -- to plants
local materials = { "electr", "nat-gas", "fuel-oil", "phos-rock", "el-sulfur", "sulf-acid",
  "brine" }
local commodities = table.move(products, 1, #products, 1, {})
for _, c in ipairs{ "phos-acid", "ammonia", "carb-diox", "nitr-acid", "electr", "nat-gas",
  "fuel-oil", "phos-rock", "el-sulfur", "sulf-acid", "brine" } do
  commodities[#commodities + 1] = c
end

local function set(list)
  local t = {}
  for k, name in ipairs(list) do t[name] = k end
  return t
end
local is_product, is_traded, is_imported = set(products), set(traded), set(imported)
local number, country_of, region_country, compound_country = set(plants), {}, {}, {}
for _, w in ipairs(countries) do
  for _, i in ipairs(plants_of[w]) do country_of[i] = w end
  for _, j in ipairs(regions_of[w]) do region_country[j] = w end
  for _, c in ipairs(compounds_of[w]) do compound_country[c] = w end
end

local planned = {} -- unit and plant: the packages that build it
for _, n in ipairs(package_names) do
  local pack = packages[n]
  for m in pairs(pack.builds) do -- any order
    planned[m .. " " .. pack.at] = planned[m .. " " .. pack.at] or {}
    table.insert(planned[m .. " " .. pack.at], n)
  end
end

local function old_capacity(m, i, t) -- thousand tons a year
  if m == "amm-sulf" and i == "moron" and t > 2 then return 0.75 * 0.33 * 390 end
  local country, daily = country_of[i], installed[i] and installed[i][m] or 0
  local use = (country == "peru" or country == "venezuela") and 0.75 or 0.9
  return 0.33 * use * daily
end

local function there(vintage, m, i)
  if vintage == "new" then return planned[m .. " " .. i] ~= nil end
  return installed[i] ~= nil and installed[i][m] ~= nil
end

--- Whether a process can run: its unit is there, and a compound is its country's.
local function runs(p, i, vintage)
  return there(vintage, unit(p), i)
    and (not compound_country[p] or compound_country[p] == country_of[i])
end

local function occurs(c, i, sign)
  for _, p in ipairs(processes) do
    if (process[p][c] or 0) * sign > 0 and (runs(p, i, "old") or runs(p, i, "new")) then
      return true
    end
  end
  return false
end
local function makes(c, i) return occurs(c, i, 1) end
local function takes(c, i) return occurs(c, i, -1) end

local function sells(c, i, j) -- a compound goes to its own country only
  local w = compound_country[c]
  return makes(c, i) and (not w or w == country_of[i] and w == region_country[j])
end

-- ---- costs --------------------------------------------------------------------------------------

local function to_region(i, j) return freight[number[i] <= 9 and 1 or 2]:get(j, i) end
local function to_port(i) return to_region(i, "port") end
local function from_port(i) return i == "palmasola" and 60 or to_port(i) end
local function weight(c) return heavy[c] or 1 end
local function to_plant(i, k)
  local a, b = math.max(number[i], number[k]), math.min(number[i], number[k])
  return a == b and 0 or between[a][b]
end
local function export_price(c, t) return 0.8 * import_price[c][t] - 20 * weight(c) end
local function running_cost(p, i, vintage)
  if vintage == "new" then return per_ton(p) * units:get(unit(p), "variable") end
  local cost, used = 0, needs[i] and needs[i][p] or {}
  for k, price in ipairs(input_price) do cost = cost + price * (used[k] or 0) end
  return cost
end

local function mid_year(t) return 1979 + 3 * t end
local function discount(t)
  local d = 0
  for year = 1981, 1983 do d = d + 1.1 ^ (year - mid_year(t)) end
  return d
end
local recovery = 0.1 * 1.1 ^ 15 / (1.1 ^ 15 - 1)

--- The sum of a package's units of f(unit, thousand tons a year).
local function of_package(n, f)
  local total = 0
  for _, m in ipairs(units:labels "rows") do
    local daily = packages[n].builds[m]
    if daily then total = total + f(m, 0.33 * daily) end
  end
  return total
end
local function investment(n)
  return of_package(n, function(m, size)
    return 1000 * units:get(m, "set-up") + units:get(m, "per-ton") * size
  end)
end
local function upkeep(n)
  return of_package(n, function(m, size) return units:get(m, "fixed") * size end)
end

local function until_(t)
  local list = {}
  for e = 2, t do list[#list + 1] = e end
  return list
end

-- ---- the model ----------------------------------------------------------------------------------

--- The sum over periods of what f says of one in thousand USD, discounted, in millions.
local function yearly(f)
  return function(v)
    return sum(periods, function(t) return discount(t) / 1000 * f(v, t, { period = t }) end)
  end
end

--- What f says of packages, added up over those that stand in period t.
local function built(f)
  return function(v, t) return dot(v.package, f, { expansion = until_(t) }) end
end

local upkeep_of, capital_of = built(upkeep), built(investment)
local function operating(v, t, now) return dot(v.run, running_cost, now) + upkeep_of(v, t) end
local function local_materials(v, _, now)
  return dot(v.buy, function(c, i) return price_at[c][i] end, now)
end
local function plant_imports(v, t, now)
  return dot(v.bring, function(c) return import_price[c][t] end, now)
end
local function plant_freight(v, _, now)
  return dot(v.bring, function(c, i) return weight(c) * from_port(i) end, now)
end

local costs = {
  { "capital", yearly(function(v, t) return recovery * capital_of(v, t) end) },
  { "operation", yearly(operating) },
  { "local materials", yearly(local_materials) },
  { "working capital", yearly(function(v, t, now) -- in thousandths, as published
    return 0.025 * ((operating(v, t, now) + local_materials(v, t, now)) / 1000
      + plant_imports(v, t, now) + plant_freight(v, t, now))
  end) },
  { "imports", yearly(function(v, t, now)
    return plant_imports(v, t, now) + dot(v.import, function(c) return import_price[c][t] end, now)
  end) },
  { "transport", yearly(function(v, t, now)
    return plant_freight(v, t, now) + dot(v.ship, function(_, i, j) return to_region(i, j) end, now)
      + dot(v.import, function(_, j) return landing[j] end, now)
      + dot(v.export, function(c, i) return weight(c) * to_port(i) end, now)
      + dot(v.transfer, function(c, i, k) return weight(c) * to_plant(i, k) end, now)
  end) },
  { "exports", yearly(function(v, t, now)
    return -dot(v.export, function(c) return export_price(c, t) end, now)
  end) },
}

local function made(v, c, i, t) -- less what is used
  return sum(processes, { "old", "new" }, function(p, g)
    local a = process[p][c]
    return a and a * v.run[p][i][g][t]
  end)
end

local function balance(v, c, i, t)
  local got, left = made(v, c, i, t), 0
  if is_imported[c] then got = got + v.bring[c][i][t] end
  if price_at[c] then got = got + v.buy[c][i][t] end
  if is_traded[c] then
    got = got + sum(v.transfer[c], { to = i, period = t })
    left = sum(v.transfer[c][i], { period = t }) + v.export[c][i][t]
  end
  if is_product[c] then left = left + sum(v.ship[c][i], { period = t }) end
  return got, ">=", left
end

local constraints = {
  { "nutrients", over = { "nutrient", "region", "period" }, function(v, q, j, t)
    return sum(products, function(c)
      local share = content[c][q]
      return share and share * sum(v.ship[c], { region = j, period = t })
    end) + sum(foreign, function(c)
      local share = content[c][q]
      return share and share * v.import[c][j][t]
    end), ">=", nutrients:get(j, q .. t)
  end },
  { "sulfate", over = { "region", "period" }, function(v, j, t)
    return sum(v.ship["amm-sulf"], { region = j, period = t }) + v.import["amm-sulf"][j][t], ">=",
      sulfate[j][t]
  end },
  { "balance", over = { "commodity", "plant", "period" },
    where = function(c, i) return makes(c, i) or takes(c, i) end, balance },
  { "rock", over = "period", function(v, t)
    return v.buy["phos-rock"].potosi[t], "<=", rock_at_potosi
  end },
  { "export share", over = { "traded", "plant", "period" }, where = makes,
    function(v, c, i, t)
      return v.export[c][i][t], "<=", (export_share[i] or 0.3)
        * sum(processes, { "old", "new" }, function(p, g)
          local a = process[p][c]
          return a and a > 0 and a * v.run[p][i][g][t]
        end)
    end },
  { "capacity", over = { "unit", "plant", "vintage", "period" },
    where = function(m, i, g) return there(g, m, i) end,
    function(v, m, i, g, t)
      local used = sum(processes, function(p)
        return unit(p) == m and per_ton(p) * v.run[p][i][g][t]
      end)
      if g == "old" then return used, "<=", old_capacity(m, i, t) end
      return used, "<=", 0.85 * sum(planned[m .. " " .. i], until_(t), function(n, e)
        return 0.33 * packages[n].builds[m] * v.package[n][e]
      end)
    end },
  { "compound use", over = { "plant", "period" },
    where = function(i) return installed[i] and installed[i].npk end,
    function(v, i, t)
      return sum(processes, function(p) return unit(p) == "npk" and v.run[p][i].old[t] end), ">=",
        least_use[t] * old_capacity("npk", i, t)
    end },
  { "once", over = "package", function(v, n) return sum(v.package[n]), "<=", 1 end },
}

local function program(given)
  local function number_built(v, w, e)
    return sum(package_names, function(n)
      return country_of[packages[n].at] == w and v.package[n][e]
    end)
  end
  local rules = table.move(constraints, 1, #constraints, 1, {})
  rules[#rules + 1] = { "equity", over = { "country", "than in country", "expansion" },
    where = function(w, than) return w ~= than end,
    function(v, w, than, e)
      return number_built(v, w, e) - number_built(v, than, e), "<=", given.lead
    end }
  return cm.program{ name = "andean", unit = "USD million",
    sets = { country = countries, plant = plants, region = regions, process = processes,
      unit = units:labels "rows", commodity = commodities, product = products, traded = traded,
      foreign = foreign, imported = imported, material = materials, nutrient = { "n", "p", "k" },
      package = package_names, vintage = { "old", "new" }, period = periods,
      expansion = expansions },
    variables = {
      { "run", over = { "process", "plant", "vintage", "period" }, where = runs },
      { "ship", over = { "product", "plant", "region", "period" }, where = sells },
      { "transfer", over = { "traded", "plant", "to in plant", "period" },
        where = function(c, i, k) return makes(c, i) and takes(c, k) end },
      { "import", over = { "foreign", "region", "period" } },
      { "bring", over = { "imported", "plant", "period" }, where = takes },
      { "export", over = { "traded", "plant", "period" }, where = makes },
      { "buy", over = { "material", "plant", "period" },
        where = function(c, i) return takes(c, i) and price_at[c][i] end },
      { "package", over = { "package", "expansion" }, binary = true },
    },
    minimise = costs, constraints = rules }
end

return cm.define.model{
  name = "andean", about = "packages of fertilizer plants for the Andean common market",
  cite = "Mennes and Stoutjesdijk (1986)",
  params = {
    lead = { 1, min = 0, about = "packages that a country may build more than another at a time" },
  },
  run = function(given)
    local p = program(given)
    local s = p:solve()
    return { program = p, solution = s, status = s.status, cost = s.objective }
  end,
}
