-- exports_by_method.lua [FILE [COUNTRY]]: the exports of one country by every method, side by side.
-- FILE is a table in any layout that capmod reads; the world of 2000 that comes with capmod if left
-- out. COUNTRY is China if left out.
local cm = require "capmod"

local file, country = ...
local m = file and cm.read(file) or cm.data.world
country = country or "CHN"

-- Each method names its terms in its own way; here are the sums that mean the same.
local same = {
  { "Borin-Mancini, source", { method = "bm_src" }, dva = { "bm.DVA" }, vax = { "bm.VAX" },
    ddc = { "bm.DDC" }, fva = { "bm.FVA" }, fdc = { "bm.FDC" } },
  { "Borin-Mancini, sink", { method = "bm_snk" }, dva = { "bm.DVA" }, vax = { "bm.VAX" },
    ddc = { "bm.DDC" }, fva = { "bm.FVA" }, fdc = { "bm.FDC" } },
  { "the same, world, source", { method = "bm_src", perspective = "world" }, dva = { "bm.DVA" },
    vax = { "bm.VAX" }, ddc = { "bm.DDC" }, fva = { "bm.FVA" }, fdc = { "bm.FDC" } },
  { "the same, world, sink", { method = "bm_snk", perspective = "world" }, dva = { "bm.DVA" },
    vax = { "bm.VAX" }, ddc = { "bm.DDC" }, fva = { "bm.FVA" }, fdc = { "bm.FDC" } },
  { "Koopman-Wang-Wei", { method = "kww" },
    dva = { "kww.DVA_FIN", "kww.DVA_INT", "kww.DVA_INTrex", "kww.RDV_FIN", "kww.RDV_INT" },
    vax = { "kww.DVA_FIN", "kww.DVA_INT", "kww.DVA_INTrex" }, ddc = { "kww.DDC" },
    fva = { "kww.FVA_FIN", "kww.FVA_INT" }, fdc = { "kww.FDC" } },
  { "Wang-Wei-Zhu", { method = "wwz" },
    dva = { "wwz.DVA_FIN", "wwz.DVA_INT", "wwz.DVA_INTrexI1", "wwz.DVA_INTrexF",
      "wwz.DVA_INTrexI2", "wwz.RDV_FIN", "wwz.RDV_FIN2", "wwz.RDV_INT" },
    vax = { "wwz.DVA_FIN", "wwz.DVA_INT", "wwz.DVA_INTrexI1", "wwz.DVA_INTrexF",
      "wwz.DVA_INTrexI2" },
    ddc = { "wwz.DDC_FIN", "wwz.DDC_INT" },
    fva = { "wwz.MVA_FIN", "wwz.MVA_INT", "wwz.OVA_FIN", "wwz.OVA_INT" },
    fdc = { "wwz.MDC", "wwz.ODC" } },
  { "Miroudot-Ye", { method = "my" }, dva = { "my.DVA" }, ddc = { "my.DDC" }, fva = { "my.FVA" },
    fdc = { "my.FDC" } },
  { "OECD TiVA", { method = "oecd" }, dva = { "oecd.EXGR_DDC", "oecd.EXGR_IDC" },
    ddc = { "oecd.EXGR_RIM" } },
}

local exports = m:decompose{ exporter = country }.value["bm.GEXP"]
local rows = {}
for i, entry in ipairs(same) do
  entry[2].exporter = country
  local f = m:decompose(entry[2])
  rows[i] = { method = entry[1] }
  for _, what in ipairs{ "dva", "vax", "ddc", "fva", "fdc" } do
    for _, term in ipairs(entry[what] or {}) do
      rows[i][what] = (rows[i][what] or 0) + f.value[term] / exports
    end
  end
end

local percent = { dva = "domestic", vax = "· abroad", ddc = "twice", fva = "foreign",
  fdc = "twice, foreign" }
local cols = { { name = "method" } }
for _, what in ipairs{ "dva", "vax", "ddc", "fva", "fdc" } do
  cols[#cols + 1] = { name = what, label = percent[what], format = "percent" }
end
print(cm.frame{ title = ("exports of %s %s by every method, shares of %.0f %s"):format(
  country, m.year or "", exports, m.unit or ""), keys = { "method" }, cols = cols, rows = rows })

-- What crosses one border, and what is in value chains; and the older measures of that.
print(m:decompose{ exporter = country, method = "tripartite" })
print(m:participation{ method = "vertical", country = country })
