-- china.lua [FILE ...]: China's exports over the years: how much of them is made in China, how far
-- from final buyers its industries stand, and for whom they work. FILE ... are tables of one
-- edition, a year each; the world of 2000 that comes with capmod if left out.
local cm = require "capmod"

local files = { ... }
local tables = {}
for i, file in ipairs(files) do tables[i] = cm.read(file) end
if #tables == 0 then tables[1] = cm.data.world end

local rows, partners = {}, {}
for i, m in ipairs(tables) do
  local f = m:indicators{ "EXGR", "EXGR_DVASH", "VALU_FFDDVA", "DEXFVApSH", "FEXDVApSH",
    countries = "CHN" }
  local place = m:position{ country = "CHN" }
  rows[i] = { year = m.year, exports = f.EXGR.CHN, domestic = f.EXGR_DVASH.CHN,
    abroad = f.VALU_FFDDVA.CHN, backward = f.DEXFVApSH.CHN, forward = f.FEXDVApSH.CHN,
    up = place.upstreamness.CHN }
  for row in m:indicators{ "FFD_DVApSH", countries = "CHN" }:rows() do
    partners[row.partner] = partners[row.partner] or { partner = row.partner }
    partners[row.partner][tostring(m.year)] = row.FFD_DVApSH
  end
end

print(cm.frame{ title = "China's exports", unit = tables[1].unit, keys = { "year" }, rows = rows,
  cols = { { name = "year" }, { name = "exports", digits = 0 },
    { name = "domestic", format = "percent", label = "made in China" },
    { name = "backward", format = "percent" }, { name = "forward", format = "percent" },
    { name = "abroad", format = "percent", label = "of GDP, for abroad" },
    { name = "up", digits = 2, label = "upstreamness" } },
  note = "backward: foreign value in China's exports; forward: Chinese value in those of others" })

local cols, list = { { name = "partner", kind = "country" } }, {}
for _, m in ipairs(tables) do cols[#cols + 1] = { name = tostring(m.year), format = "percent" } end
for _, row in cm.each(partners) do list[#list + 1] = row end
local last = cols[#cols].name
print(cm.frame{ title = "who uses the value added that China exports, shares", rows = list,
  keys = { "partner" }, cols = cols }:top(8, last))
