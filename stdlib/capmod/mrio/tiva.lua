--- The indicators of the OECD's Trade in Value Added database by their names there, each by its
--- formula (docs/indicators.md has them in print). Source of the definitions: OECD (2021), Guide to
--- OECD's Trade in Value Added Indicators, checked on what exvatools 0.9 gives.
---
--- A level is a matrix nodes x countries: a country and its industry by partner; or nodes x 1 where
--- there is no partner. A share is a ratio of two levels. All is made once a table is asked, from
--- sums and at most 3 G solves with the kept factor.

local core = require "capmod.core"

local tiva = { levels = {}, shares = {}, origins = {} }

local function bare(m) return m:label{ rows = false, cols = false } end

---@class capmod.TivaParts what levels are made of, each on first use
local parts = {}

--- The country of each node, and each node by itself.
function parts.country(c)
  local list = {}
  for i = 1, #c.s.nodes do list[i] = (i - 1) // #c.s.sectors + 1 end
  return list
end
function parts.each(c)
  local list = {}
  for i = 1, #c.s.nodes do list[i] = i end
  return list
end

--- 1 where the column is the country of the node.
function parts.mine(c)
  return bare(core.identity(#c.s.nodes):group("col", c.country, c.s.countries))
end
function parts.exports(c) return bare(c.s.table:part "E") end
function parts.demand(c) return bare(c.s.table:part "D") end
function parts.output(c) return bare(c.s.table:part "x") end
function parts.value(c) return bare(c.s.table:part("V"):T()) end
function parts.all_exports(c) return bare(c.exports:sum{ by = "row" }) end
function parts.final_exports(c) return c.demand - c.demand * c.mine end

--- Value added in a unit of exports: own, again, foreign, once, direct, indirect.
function parts.multipliers(c)
  local found, list = c.s.table:multipliers(), {}
  for j, name in ipairs(found:labels "col") do list[name] = bare(found:col(j)) end
  return list
end

--- v_p B_pj: value added of country p in a unit of node j, nodes x countries.
function parts.content(c)
  return bare(c.s.table:origin(nil, core.identity(#c.s.nodes), c.country, c.s.countries):T())
end

--- diag(v) B D: value added of a node in the final demand of a country.
function parts.absorbed(c)
  return bare(c.s.table:origin(nil, c.s.table:part "D", c.each, c.s.nodes))
end

--- A_pc B_cc E_c by product of p, nodes x countries: inputs bought from p for what c exports.
function parts.inputs(c)
  local one = core.matrix(1, #c.s.nodes, 1)
  local of_each = c.mine * c.all_exports -- the exports of each country in a column of its own
  local made = bare(c.s.table:origin(one, of_each, c.each, c.s.nodes)) * c.mine
  local bought = bare(c.s.table:part "A") * bare(made:sum{ by = "row" }):T()
  return bare(bought:group("col", c.country, c.s.countries))
end

--- Exports and value added of nodes without output, which nothing can be traced to or from.
function parts.untraced(c)
  local list = c.output:column_list(1)
  for i, output in ipairs(list) do list[i] = { output == 0 and 1 or 0 } end
  local idle = core.matrix_from(list)
  return { exports = c.all_exports * idle, value = c.value * idle }
end

local function away(c, m) return m - m * c.mine end
local function mirrored(c, m) return bare(c.s.table:mirrored(m)) end
local function exported(c, multiplier) return c.exports * c.multipliers[multiplier] end

local function level(name, about, make)
  tiva.levels[name] = { name = name, about = about, make = make }
end

level("PROD", "gross output", function(c) return c.output end)
level("VALU", "value added", function(c) return c.value end)
level("EXGR", "gross exports", function(c) return c.exports end)
level("EXGR_FNL", "gross exports of final goods", function(c) return c.final_exports end)
level("EXGR_INT", "gross exports of inputs", function(c) return c.exports - c.final_exports end)
level("IMGR", "gross imports, by product", function(c) return mirrored(c, c.exports) end)
level("IMGR_FNL", "gross imports of final goods", function(c)
  return mirrored(c, c.final_exports)
end)
level("IMGR_INT", "gross imports of inputs", function(c)
  return mirrored(c, c.exports - c.final_exports)
end)
level("BALGR", "balance of gross trade: EXGR - IMGR", function(c)
  return c.exports - mirrored(c, c.exports)
end)
level("DOM", "sales at home", function(c) return c.mine * (c.output - c.all_exports) end)
level("DOM_FNL", "sales at home of final goods", function(c) return c.demand * c.mine end)
level("DOM_INT", "sales at home of inputs", function(c)
  return c.mine * (c.output - c.all_exports) - c.demand * c.mine
end)

level("EXGR_DVA", "domestic value added in gross exports", function(c)
  return exported(c, "own")
end)
level("EXGR_DDC", "· of the exporting industry", function(c) return exported(c, "direct") end)
level("EXGR_IDC", "· of other domestic industries", function(c) return exported(c, "indirect") end)
level("EXGR_RIM", "· re-imported in foreign inputs", function(c) return exported(c, "again") end)
level("EXGR_FVA", "foreign value added in gross exports", function(c)
  return exported(c, "foreign")
end)
level("EXGR_INTDVA", "domestic value added in exports of inputs", function(c)
  return (c.exports - c.final_exports) * c.multipliers.own
end)
level("EXGR_FNLDVA", "domestic value added in exports of final goods", function(c)
  return c.final_exports * c.multipliers.own
end)
level("DEXFVAP", "the partner's value added in own exports, by exporting industry", function(c)
  return away(c, c.content * c.all_exports)
end)
level("FEXDVAP", "own value added in the partner's exports, by its exporting industry", function(c)
  return mirrored(c, away(c, c.content * c.all_exports))
end)
level("IMGR_DVA", "own value added in gross imports", function(c)
  return mirrored(c, c.content * c.exports)
end)
level("REII", "imported inputs used, directly or not, for exports", function(c)
  return mirrored(c, away(c, c.inputs))
end)

level("FD_VA", "own value added in the partner's final demand", function(c) return c.absorbed end)
level("DXD_DVA", "own value added in own final demand", function(c)
  return c.absorbed * c.mine
end)
level("FFD_DVA", "own value added in foreign final demand", function(c)
  return away(c, c.absorbed)
end)
level("DFD_FVA", "the partner's value added in own final demand", function(c)
  return mirrored(c, away(c, c.absorbed))
end)
level("BALVAFD", "balance of value added traded: FFD_DVA - DFD_FVA", function(c)
  return away(c, c.absorbed) - mirrored(c, away(c, c.absorbed))
end)

--- `over`: the row itself, "partners" (all of them), or "country" (all industries and partners).
local function share(name, about, part, whole, over)
  tiva.shares[name:upper()] = { name = name, about = about, part = part, whole = whole, over = over,
    by_partner = name:find "pSH$" ~= nil }
end

share("PROD_VASH", "value added in output", "VALU", "PROD")
share("EXGRpSH", "partners in gross exports", "EXGR", "EXGR", "partners")
share("IMGRpSH", "partners in gross imports", "IMGR", "IMGR", "partners")
share("EXGR_DVASH", "domestic value added in gross exports", "EXGR_DVA", "EXGR")
share("EXGR_FVASH", "foreign value added in gross exports", "EXGR_FVA", "EXGR")
share("EXGR_INTDVASH", "domestic value added in exported inputs, of all exports", "EXGR_INTDVA",
  "EXGR")
share("EXGR_FNLDVASH", "domestic value added in final exports, of all exports", "EXGR_FNLDVA",
  "EXGR")
share("EXGR_DVApSH", "partners in domestic value added exported", "EXGR_DVA", "EXGR_DVA",
  "partners")
share("EXGR_INTDVApSH", "partners in domestic value added in exported inputs", "EXGR_INTDVA",
  "EXGR_INTDVA", "partners")
share("EXGR_FNLDVApSH", "partners in domestic value added in final exports", "EXGR_FNLDVA",
  "EXGR_FNLDVA", "partners")
share("EXGR_TDVAIND", "domestic value added in the industry's exports, of all exports", "EXGR_DVA",
  "EXGR", "country")
share("EXGR_TFVAIND", "foreign value added in the industry's exports, of all exports", "EXGR_FVA",
  "EXGR", "country")
share("EXGR_DVAFXSH", "own value added in foreign exports, of own exports", "FEXDVAP", "EXGR",
  "country")
share("DEXFVApSH", "backward participation: the partner's value added in own exports", "DEXFVAP",
  "EXGR", "country")
share("FEXDVApSH", "forward participation: own value added in the partner's exports", "FEXDVAP",
  "EXGR", "country")
share("IMGR_DVASH", "own value added in gross imports", "IMGR_DVA", "IMGR")
share("IMGRINT_REII", "imported inputs that are exported again", "REII", "IMGR_INT")
share("FFD_DVApSH", "partners in value added exported", "FFD_DVA", "FFD_DVA", "partners")
share("DFD_FVApSH", "partners in value added imported", "DFD_FVA", "DFD_FVA", "partners")
share("VALU_FFDDVA", "value added that ends abroad", "FFD_DVA", "VALU", "partners")

--- Value added by its country and industry of origin: in which flow.
tiva.origins.EXGR_BSCI = { about = "origin of value added in gross exports", flow = "E" }
tiva.origins.IMGR_BSCI = { about = "origin of value added in gross imports", flow = "E", to = true }
tiva.origins.FDVA_BSCI = { about = "origin of value added in final demand", flow = "D", to = true }

--- Sums that hold: a level, and those that it is the sum of; `but`: for what is not traced.
tiva.sums = {
  { "EXGR", "EXGR_INT", "EXGR_FNL" }, { "IMGR", "IMGR_INT", "IMGR_FNL" },
  { "EXGR", "EXGR_DVA", "EXGR_FVA", but = "exports" },
  { "EXGR_DVA", "EXGR_DDC", "EXGR_IDC", "EXGR_RIM" },
  { "EXGR_DVA", "EXGR_INTDVA", "EXGR_FNLDVA" }, { "EXGR_FVA", "DEXFVAP" },
  { "FD_VA", "DXD_DVA", "FFD_DVA" },
  { "VALU", "FD_VA", but = "value" },
}

--- The parts of one table.
---@param s table
---@return capmod.TivaParts
function tiva.parts(s)
  return setmetatable({ s = s }, { __index = function(c, name)
    if not parts[name] then return nil end
    local made = parts[name](c)
    rawset(c, name, made)
    return made
  end })
end

return tiva
