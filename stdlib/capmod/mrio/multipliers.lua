--- m:multipliers{} and m:linkages{}: what a unit of final demand sets in motion, and who pulls and
--- who pushes whom.

local args = require "capmod.args"
local core = require "capmod.core"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local group = require "capmod.mrio.group"
local places = require "capmod.mrio.places"
local store = require "capmod.mrio.store"

local multipliers = {}

-- ---- multipliers --------------------------------------------------------------------------------

local FIELDS = {
  of = { "string", about = "output (default) or value_added" },
  row = { "string", about = "a published row instead: \"VA\"" },
  satellite = { "string", about = "a satellite instead: \"EMP\"" },
  node = { "string", "list", about = "only these products" },
  income = { "string", about = "households' income, for type II: a row of P or of F" },
  household = { "string", about = "the category of final demand that is theirs: \"HFCE\"" },
}

local function refuse(s, message, fix)
  errors.raise(1627, { message = "multipliers: " .. message, object = s.name, field = "income",
    fix = fix })
end

--- Countries of the nodes, as groups.
local function by_country(s)
  local groups = {}
  for i = 1, #s.nodes do groups[i] = places.country_of(s, i) end
  return groups
end

--- Household income per unit of output, 1 x n: a row of P or F by name.
local function income_row(s, name)
  for _, part in ipairs{ "P", "F" } do
    local block = s.table:part(part)
    for i, label in ipairs(block and block:labels "row" or {}) do
      if label == name then return s.table:coefficients(part, i) end
    end
  end
  refuse(s, ("'%s' has no row '%s' that could be income"):format(s.name, name),
    "name a row of P or F, in the unit of the table")
end

--- Consumption of each country's households, n x G, and a word on which it is.
local function consumption(s, name)
  local per = #s.columns // #s.countries
  if not name then
    if per == 1 then
      return s.table:part "D", "all final demand of a country counts as its households'"
    end
    refuse(s, ("'%s' has several categories of final demand"):format(s.name),
      ("say which is the households': household = \"%s\""):format(s.categories[1]))
  end
  local list = {}
  for k, category in ipairs(s.categories or {}) do
    if category == name then
      for c = 1, #s.countries do list[c] = (c - 1) * per + k end
    end
  end
  if #list == 0 then
    refuse(s, ("there is no category of final demand '%s'"):format(name), s.categories and
      "it has " .. table.concat(s.categories, ", ") or "leave 'household' out")
  end
  return s.table:part "Y":take("col", list):label{ cols = s.countries }, nil
end

--- What type II adds to each row of `w` (k x n): households spend what they earn. With H the income
--- by country (G x n) and C what a unit of it buys (n x G): w L C (I - H L C)^-1 H L.
local function induced(s, w, t)
  local income = income_row(s, t.income)
  local spent, note = consumption(s, t.household)
  local x, L = s.table:part "x", s.table:part "L"
  local H = s.table:demand(income:T(), by_country(s), s.countries, { 1 }, { "all" }):T()
  local earned = H:mul(x):T()
  local C = (spent * earned:recip()):label{ cols = s.countries }
  local LC, HL = L:mul(C), H:mul(L)
  local round = core.identity(#s.countries) - H:mul(LC):label{ rows = false, cols = false }
  local added = w:mul(LC):label{ cols = false }:mul(round:inv()):mul(HL:label{ rows = false })
  if added:min() < -1e-9 * math.max(1, (added:max())) then
    refuse(s, "households spend more than all of their income brings about",
      "give more of what they earn as income, or less of what they buy")
  end
  return added, note
end

local function weights_of(s, t, of)
  if t.row or t.satellite or of ~= "output" then return group.weights(s, t) end
  local list = {}
  for i = 1, #s.nodes do list[i] = 1 end
  return core.matrix_from({ list }):label{ cols = s.nodes }, "output"
end

--- Multipliers of each product: what a unit of final demand for it brings about in the world.
---
---     m:multipliers{}                                          output, type I
---     m:multipliers{ satellite = "EMP", income = "LAB", household = "HFCE" } and type II
---
--- `direct` is the industry's own, per unit of output; `type_I` all that L calls for (w L), with
--- its ratio to direct; `type_II`, where `income` is named, also what households buy from what they
--- earn: each country's spend it as their column of final demand (`household`) does, in proportion.
--- Miller and Blair 2009, sect. 6.2.
--- CM1001-1004, CM11xx, CM1609, CM1627 no income or household, CM4001, CM4002.
---@param self capmod.Mrio
---@param t table?
---@return capmod.Frame
function multipliers.multipliers(self, t)
  local s = store.of(self)
  t = args.check("multipliers", t or {}, FIELDS)
  local of = args.choice(t.of or "output", "of", { "output", "value_added" }, "multipliers")
  local w, what, unit = weights_of(s, t, of)
  local L = s.table:part "L"
  local first, second, note = w:mul(L), nil, nil
  if t.income then
    local added
    added, note = induced(s, w, t)
    second = (first + added):row_list(1)
  end
  first = first:row_list(1)
  local direct = w:row_list(1)
  local chosen = places.nodes(s, t.node or "*", "node")
  local rows = {}
  for k, i in ipairs(chosen.list) do
    local own = direct[i]
    rows[k] = { country = s.countries[places.country_of(s, i)],
      sector = s.sectors[places.sector_of(s, i)], direct = own, type_I = first[i],
      ratio_I = own ~= 0 and first[i] / own or nil, type_II = second and second[i],
      ratio_II = second and own ~= 0 and second[i] / own or nil }
  end
  local cols = { { name = "country", kind = "country" }, { name = "sector", kind = "sector" } }
  for _, name in ipairs{ "direct", "type_I", "ratio_I", second and "type_II",
    second and "ratio_II" } do
    cols[#cols + 1] = { name = name, digits = 4 }
  end
  local notes = group.notes(chosen)
  notes[#notes + 1] = note
  return frame{ title = ("multipliers of %s: per unit of final demand, in the world"):format(what),
    unit = t.satellite and unit or nil, keys = { "country", "sector" }, cols = cols, rows = rows,
    note = notes, bar = false }
end

-- ---- linkages -----------------------------------------------------------------------------------

local LINKAGES = {
  forward = { "string", about = "ghosh (default), or leontief: row sums of L" },
  method = { "string", about = "inverse (default), direct, or eigenvector" },
  node = { "string", "list", about = "only these" },
}

--- Coefficients of variation of the columns of a matrix, 1 x n.
local function spread(m, sums)
  local n = m:rows()
  local mean = (sums / n):label{ rows = false }
  local squares = (m * m):sum{ by = "col" }
  local variance = (squares - sums * mean) / (n - 1)
  return (variance:max(0):sqrt() / mean):row_list(1)
end

--- The eigenvector of the largest eigenvalue, mean 1, by the power method on (m + I) / 2, which has
--- the same one and does not swing. m: n x n without negative elements.
local function perron(s, m)
  local x = core.matrix(m:rows(), 1, 1)
  m = m:label{ rows = false, cols = false }
  for _ = 1, 5000 do
    local y = (m:mul(x) + x) / 2
    y = y * (m:rows() / y:sum())
    if (y - x):abs():max() < 1e-12 then return y end
    x = y
  end
  errors.raise(1624, { message = "linkages: the power method did not settle in 5000 steps",
    object = s.name, field = "method", fix = 'use method = "inverse"' })
end

--- Strength backward and forward of each node, and the matrices whose columns show its spread.
local linkage = {}

function linkage.inverse(s, forward)
  local L = s.table:part "L"
  local pushes = forward == "ghosh" and s.table:part "G" or L
  return L:sum{ by = "col" }, pushes:sum{ by = "row" }:T(), L, pushes:T()
end

--- x^-1 Z: what part of its output each node sells to each.
local function sales(s)
  return s.table:part "Z" * s.table:part "x":recip():label{ cols = false }
end

function linkage.direct(s, forward)
  local A = s.table:part "A"
  local pushes = forward == "ghosh" and sales(s) or A
  return A:sum{ by = "col" }, pushes:sum{ by = "row" }:T(), A, pushes:T()
end

function linkage.eigenvector(s)
  return perron(s, s.table:part "A":T()):T(), perron(s, sales(s)):T()
end

local function kind_of(backward, forward)
  if backward > 1 then return forward > 1 and "key" or "backward" end
  return forward > 1 and "forward" or "weak"
end

--- Backward and forward linkages of each node, normalised to a mean of 1, and key sectors: those
--- above 1 in both.
---
---     m:linkages{}   m:linkages{ forward = "leontief" }   m:linkages{ method = "eigenvector" }
---
--- `inverse`: Rasmussen (1956) and Hirschman; backward the column sums of L, forward the row sums
--- of Ghosh's G (Jones 1976), or of L with forward = "leontief"; the spreads are coefficients of
--- variation: small where a sector draws on many alike. `direct`: sums of A and of sales per output
--- (Chenery and Watanabe 1958). `eigenvector`: left eigenvector of A, right one of sales per output
--- (Dietzenbacher 1992). Linkages by extraction: :extract{ each = "node", kind = "backward" }.
--- CM1001-1004, CM11xx, CM4001, CM4002.
---@param self capmod.Mrio
---@param t { forward: string?, method: string?, node: string|string[]|nil }?
---@return capmod.Frame
function multipliers.linkages(self, t)
  local s = store.of(self)
  t = args.check("linkages", t or {}, LINKAGES)
  local way = args.choice(t.forward or "ghosh", "forward", { "ghosh", "leontief" }, "linkages")
  local methods = { "inverse", "direct", "eigenvector" }
  local method = args.choice(t.method or "inverse", "method", methods, "linkages")
  local back, forth, pulls, pushes = linkage[method](s, way)
  local n = #s.nodes
  local spreads = pulls and n > 1 and { spread(pulls, back), spread(pushes, forth) }
  local b_mean, f_mean = back:sum() / n, forth:sum() / n
  back, forth = back:row_list(1), forth:row_list(1)
  local chosen, rows = places.nodes(s, t.node or "*", "node"), {}
  for k, i in ipairs(chosen.list) do
    local b, f = back[i] / b_mean, forth[i] / f_mean
    rows[k] = { country = s.countries[places.country_of(s, i)],
      sector = s.sectors[places.sector_of(s, i)], backward = b, forward = f, kind = kind_of(b, f),
      backward_spread = spreads and spreads[1][i], forward_spread = spreads and spreads[2][i] }
  end
  local cols = { { name = "country", kind = "country" }, { name = "sector", kind = "sector" },
    { name = "backward", digits = 3 }, { name = "forward", digits = 3 } }
  if spreads then
    cols[5], cols[6] = { name = "backward_spread", digits = 3 },
      { name = "forward_spread", digits = 3 }
  end
  cols[#cols + 1] = { name = "kind" }
  return frame{ title = ("linkages of '%s' (%s, forward: %s), mean 1"):format(s.name, method,
    method == "eigenvector" and "sales" or way), keys = { "country", "sector" }, cols = cols,
    rows = rows, note = group.notes(chosen), bar = false }
end

return multipliers
