--- Mrio: a multi-country input-output table, and the questions that it answers.
---
---     local m = cm.mrio{
---       name = "toy", year = 1998, unit = "USD bn",
---       countries = { "USA", "KOR" }, sectors = { "C29" },
---       Z = [[         USA.C29 KOR.C29
---             USA.C29      10       4
---             KOR.C29      22      15 ]],
---       Y = [[           USA  KOR
---             USA.C29     70    6
---             KOR.C29      7   12 ]],
---     }
---     print(m)   print(m:check())   print(m.L)   print(m:value_added{ product = "USA.C29" })
---
--- Rows sell, columns buy; a node is COUNTRY.SECTOR. A table never changes: `:with`, `:shift` and
--- `:aggregate` give another one. Matrices (m.Z, m.L, ...) are made on first use and kept.
--- Errors CM16xx.

local accounts = require "capmod.mrio.accounts"
local args = require "capmod.args"
local attach = require "capmod.mrio.attach"
local balance = require "capmod.mrio.balance"
local blocks = require "capmod.mrio.blocks"
local change = require "capmod.mrio.change"
local check = require "capmod.mrio.check"
local core = require "capmod.core"
local errors = require "capmod.errors"
local extract = require "capmod.mrio.extract"
local indicators = require "capmod.mrio.indicators"
local multipliers = require "capmod.mrio.multipliers"
local paths = require "capmod.mrio.paths"
local places = require "capmod.mrio.places"
local prices = require "capmod.mrio.prices"
local store = require "capmod.mrio.store"
local measures = require "capmod.mrio.measures"
local text = require "capmod.text"
local trace = require "capmod.mrio.trace"

local FIELDS = {
  name = { "string", required = true, about = "what the table is called in print and messages" },
  year = { "integer", about = "the year it is of; dates groups such as EU27" },
  unit = { "string", about = "the unit of all flows: \"USD mn\"" },
  countries = { "list", required = true, about = "labels of the countries, in the table's order" },
  sectors = { "list", required = true, about = "labels of the sectors, the same in each country" },
  categories = { "list", about = "labels of the final-demand columns that each country has" },
  Z = { "string", "table", "Matrix", required = true, about = "flows between nodes, rows sell" },
  Y = { "string", "table", "Matrix", required = true, about = "final demand, a column a country" },
  P = { "string", "table", "Matrix", about = "published rows: value added, taxes, ..." },
  PY = { "string", "table", "Matrix", about = "the same rows under final demand" },
  F = { "string", "table", "Matrix", about = "satellite rows: jobs, emissions, ..." },
  FY = { "string", "table", "Matrix", about = "the same rows under final demand" },
  output = { "string", "table", "Matrix", about = "published output, for :check" },
  units = { "table", about = "units of the satellite rows: { EMP = \"1000 persons\" }" },
  classification = { "string", about = "what the sectors are codes of; found out if left out" },
  edition = { "string", about = "the reader that it came through" },
  currency = { "string", about = "ISO 4217 code" },
  source = { "string", about = "where the figures are from" },
  licence = { "string", about = "under which they may be passed on: \"CC BY 4.0\"" },
  changes = { "list", about = "what was changed since, a line each" },
}

--- Makes a table. Z, Y and the rows are grid text, a Matrix, or nested lists; labels, where they
--- are given, must be in the order of `countries` and `sectors`. Y has a column for each country,
--- or for each country and category ("USA.HFCE"). The sums need not balance: `:check` measures.
--- CM1001-1003 fields, CM1203 a row or column out of place, CM1302 a block of another shape,
--- CM1304 a number that is none, CM1306 a label twice, CM1602 final demand not the same everywhere.
---@param t table
---@return capmod.Mrio
local function new(t)
  local object = type(t) == "table" and type(t.name) == "string" and ("mrio '%s'"):format(t.name)
    or "mrio"
  args.check(object, t, FIELDS)
  local given = blocks.read(object, t)
  return store.new(core.table(given), {
    name = t.name, year = t.year and math.tointeger(t.year), unit = t.unit, units = t.units,
    source = t.source, classification = t.classification, edition = t.edition,
    currency = t.currency, licence = t.licence, changes = t.changes,
  })
end

-- ---- looking at it ------------------------------------------------------------------------------

---@class capmod.Mrio
---@field name string
---@field year integer?
---@field unit string?
---@field source string?
---@field licence string?
---@field countries string[]
---@field sectors string[]
---@field categories string[]?  final-demand columns of each country, where there are several
---@field nodes string[]        "USA.C29", country by country
---@field Z Matrix   intermediate flows          @field Y Matrix   final demand by column
---@field x Matrix   output (row sums)           @field D Matrix   final demand by country
---@field V Matrix   value added, the residual   @field v Matrix   the same per unit of output
---@field A Matrix   input coefficients          @field L Matrix   Leontief inverse
---@field G Matrix   Ghosh inverse               @field E Matrix   exports by node and importer
---@field P Matrix?  published primary inputs    @field PY Matrix? and those of final demand
---@field F Matrix?  satellite rows              @field FY Matrix? and those of final demand
---@field S Matrix?  satellites per unit         @field M Matrix?  their multipliers S L
local methods = { check = check.check, value_added = trace.value_added,
  decompose = require("capmod.mrio.decompose").decompose, with = change.with,
  shift = change.shift, aggregate = change.aggregate,
  imports = require("capmod.mrio.imports").imports, participation = measures.participation,
  position = measures.position, rca = measures.rca, indicators = indicators.indicators,
  extract = extract.extract, paths = paths.paths, balance = balance.balance,
  multipliers = multipliers.multipliers, linkages = multipliers.linkages, prices = prices.prices,
  save = require("capmod.mrio.save").save,
  intermediates = require("capmod.mrio.intermediates").intermediates,
  grow = require("capmod.mrio.grow").grow,
  attach = attach.attach, accounts = accounts.accounts, footprint = accounts.footprint }

local LISTS = { countries = true, sectors = true, categories = true, nodes = true, columns = true }
local FACTS = { name = true, year = true, unit = true, source = true, units = true,
  licence = true, classification = true, edition = true, currency = true, changes = true }

local parts, part_names = {}, {}
for _, part in ipairs(core.table_parts()) do
  parts[part.letter], part_names[#part_names + 1] = true, part.letter
end

local function names_of_all()
  local list = table.move(part_names, 1, #part_names, 1, {})
  for _, set in ipairs{ methods, LISTS, FACTS } do
    for name in require "capmod.each"(set) do list[#list + 1] = name end
  end
  return list
end

--- A property: made on first use, nil where the table was not given it. CM1601 unknown.
function store.meta.__index(m, name)
  if methods[name] then return methods[name] end
  local s = store.of(m)
  if parts[name] then return s.table:part(name) end
  if LISTS[name] then
    local list = s[name]
    return list and table.move(list, 1, #list, 1, {})
  end
  if FACTS[name] then
    local fact = s[name]
    if type(fact) ~= "table" then return fact end
    local copy = {}
    for key, value in pairs(fact) do copy[key] = value end -- any order
    return copy
  end
  errors.raise(1601, {
    message = ("%s has no '%s'"):format(store.title(s), tostring(name)), object = s.name,
    field = tostring(name),
    fix = errors.did_you_mean(name, names_of_all(), "it has " .. table.concat(part_names, " ")),
  })
end

function store.meta.__newindex(m, name)
  errors.raise(1601, {
    message = ("%s cannot be changed: '%s'"):format(store.title(store.of(m)), tostring(name)),
    fix = "make a changed copy with :with{ ... }",
  })
end

--- Columns for what stands behind a heading of 12.
local function room() return math.min(80, text.columns() - 13) end

--- Labels up to the width of the line, and how many there are where not all are shown.
local function some(list)
  local line = table.concat(list, " ")
  local width = room()
  if #line <= width then return line end
  local shown, used = {}, 0
  for _, label in ipairs(list) do
    used = used + #label + 1
    if used > width - 12 then break end
    shown[#shown + 1] = label
  end
  return ("%s … (%d)"):format(table.concat(shown, " "), #list)
end

function store.meta.__tostring(m)
  local s = store.of(m)
  local satellites = s.table:part "F" ~= nil
  local lines = { ("%s%s: %s × %s%s"):format(store.title(s), s.year and " " .. s.year or "",
    text.count(#s.countries, "country", "countries"), text.count(#s.sectors, "sector"),
    s.unit and ", " .. s.unit or "") }
  local function add(head, what)
    for i, line in ipairs(places.wrap(what, room())) do
      lines[#lines + 1] = ("  %-10s %s"):format(i == 1 and head or "", line)
    end
  end
  add("countries", some(s.countries))
  add("sectors", some(s.sectors))
  if s.categories then add("final", some(s.categories)) end
  add("blocks", ("Z Y%s%s x V · on demand: A L v E%s"):format(s.table:part "P" and " P" or "",
    satellites and " F" or "", satellites and " S M" or ""))
  if s.source then add("source", s.source) end
  for _, what in ipairs(s.changes) do add("changed", what) end
  for i, line in ipairs(lines) do lines[i] = text.plain(line) end
  return table.concat(lines, "\n")
end

-- ---- the module ---------------------------------------------------------------------------------

return setmetatable({ new = new, edit = change.edit, is = store.is }, {
  __name = "capmod.mrio",
  __call = function(_, t) return new(t) end,
})
